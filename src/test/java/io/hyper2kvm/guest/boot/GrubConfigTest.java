package io.hyper2kvm.guest.boot;

import static io.hyper2kvm.guest.SampleGuests.ONE_DISK;
import static io.hyper2kvm.guest.SampleGuests.ROOT_UUID;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.Edited;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrubConfigTest {

  private static final String FILE = "/boot/grub/grub.cfg";

  private static final String DEBIAN =
      """
      ### BEGIN /etc/grub.d/10_linux ###
      menuentry 'Debian GNU/Linux' --class debian --class os $menuentry_id_option 'gnulinux-simple' {
      \tload_video
      \tinsmod part_msdos
      \tset root='hd0,msdos1'
      \tif [ x$feature_platform_search_hint = xy ]; then
      \t  search --no-floppy --fs-uuid --set=root --hint-bios=hd0,msdos1  6f1c0a52-0f55
      \tfi
      \techo\t'Loading Linux root=/dev/sda1 ...'
      \tlinux\t/boot/vmlinuz-6.1.0-18-amd64 root=/dev/sda1 ro  quiet
      \tinitrd\t/boot/initrd.img-6.1.0-18-amd64
      }
      submenu 'Advanced options' {
      \tmenuentry "Debian, recovery" {
      \t\tset root='hd0,msdos1'
      \t\tlinuxefi /boot/vmlinuz-6.1.0-18-amd64 root=/dev/sda1 ro single
      \t\tinitrdefi /boot/early.img /boot/initrd.img-6.1.0-18-amd64
      \t}
      }
      """;

  private static final String PHOTON =
      """
      set default=0
      set timeout=5
      load_env -f /boot/photon.cfg
      set rootpartition=/dev/sda1

      menuentry "Photon" {
          linux /boot/$photon_linux root=$rootpartition $photon_cmdline $systemd_cmdline
          if [ -f /boot/$photon_initrd ]; then
              initrd /boot/$photon_initrd
          fi
      }
      """;

  @Test
  void kernelLinesChangeAndGrubsOwnRootStays() {
    Edited edited = GrubConfig.stabilize(FILE, DEBIAN, ONE_DISK);

    assertThat(edited.text())
        .isEqualTo(
            DEBIAN.replace("amd64 root=/dev/sda1 ro", "amd64 root=UUID=" + ROOT_UUID + " ro"));
    assertThat(edited.text()).contains("set root='hd0,msdos1'").contains("Linux root=/dev/sda1 ");
    assertThat(edited.changes()).extracting(Change::line).containsExactly(10, 16);
  }

  @Test
  void photonsRootVariableChangesWhereItIsSet() {
    assertThat(GrubConfig.stabilize("/boot/grub2/grub.cfg", PHOTON, ONE_DISK).text())
        .isEqualTo(PHOTON.replace("rootpartition=/dev/sda1", "rootpartition=PARTUUID=4d3c2b1a-01"));
  }

  @Test
  void variableNamedRootIsGrubsOwn() {
    String text = "set root=/dev/sda1\nlinux /vmlinuz root=$root\ninitrd /i\n";

    assertThat(GrubConfig.stabilize(FILE, text, ONE_DISK).text()).isEqualTo(text);
  }

  @Test
  void kernelOptionsOfRhelChange() {
    String text = "set kernelopts=\"root=/dev/sda1 ro quiet\"\nblscfg\n";

    assertThat(GrubConfig.stabilize(FILE, text, ONE_DISK).text())
        .isEqualTo("set kernelopts=\"root=UUID=" + ROOT_UUID + " ro quiet\"\nblscfg\n");
  }

  @Test
  void legacyMenuChangesWithTheCommentThatFeedsIt() {
    String text =
        """
        # kopt=root=/dev/sda1 ro
        default 0
        title CentOS (2.6.32)
        \troot (hd0,0)
        \tkernel /vmlinuz-2.6.32 ro root=/dev/sda1 rhgb
        \tinitrd /initramfs-2.6.32.img
        """;

    assertThat(GrubConfig.stabilize("/boot/grub/menu.lst", text, ONE_DISK).text())
        .isEqualTo(text.replace("root=/dev/sda1", "root=UUID=" + ROOT_UUID));
    assertThat(GrubConfig.entries(text))
        .containsExactly(
            new GrubConfig.Entry(
                "CentOS (2.6.32)",
                "/vmlinuz-2.6.32",
                List.of("/initramfs-2.6.32.img"),
                "ro root=/dev/sda1 rhgb",
                5));
  }

  @Test
  void kernelWithoutInitramfsGetsThePartitionUuidItUnderstands() {
    assertThat(GrubConfig.stabilize(FILE, "linux /vmlinuz root=/dev/sda1 ro\n", ONE_DISK).text())
        .isEqualTo("linux /vmlinuz root=PARTUUID=4d3c2b1a-01 ro\n");
  }

  @ParameterizedTest
  @CsvSource({
    "/boot/vmlinuz-2.6.31, true",
    "/vmlinuz-3.7.10-gentoo, true",
    "/vmlinuz, true",
    "/boot/vmlinuz-3.8.0, false",
    "/boot/vmlinuz-3.10.0-1160.el7.x86_64, false",
    "/boot/vmlinuz-6.1.0-18-amd64, false",
  })
  void anOldKernelWithoutInitramfsIsWarnedOf(String kernel, boolean warned) {
    EditPlan plan =
        GrubConfig.stabilize(FILE, "linux " + kernel + " root=/dev/sda1 ro\n", ONE_DISK).plan();

    assertThat(plan.warnings().stream().anyMatch(w -> w.contains("does not know PARTUUID")))
        .isEqualTo(warned);
  }

  @Test
  void everyKernelIsAnEntry() {
    assertThat(GrubConfig.entries(DEBIAN))
        .containsExactly(
            new GrubConfig.Entry(
                "Debian GNU/Linux",
                "/boot/vmlinuz-6.1.0-18-amd64",
                List.of("/boot/initrd.img-6.1.0-18-amd64"),
                "root=/dev/sda1 ro  quiet",
                10),
            new GrubConfig.Entry(
                "Debian, recovery",
                "/boot/vmlinuz-6.1.0-18-amd64",
                List.of("/boot/early.img", "/boot/initrd.img-6.1.0-18-amd64"),
                "root=/dev/sda1 ro single",
                16));
  }

  @Test
  void xenEntryLoadsItsKernelAsAModule() {
    String text =
        """
        menuentry 'Xen' {
        \tmultiboot2 /boot/xen.gz placeholder
        \tmodule2 /boot/vmlinuz-6.1 placeholder root=/dev/sda1 ro
        \tmodule2 --nounzip /boot/initrd.img-6.1
        }
        """;

    assertThat(GrubConfig.entries(text))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.linuxPath()).isEqualTo("/boot/vmlinuz-6.1");
              assertThat(entry.initrdPaths()).containsExactly("/boot/initrd.img-6.1");
            });
    assertThat(GrubConfig.stabilize(FILE, text, ONE_DISK).text())
        .isEqualTo(text.replace("root=/dev/sda1", "root=UUID=" + ROOT_UUID));
  }

  @Test
  void unstableAndMissingRootsAreProblems() {
    assertThat(GrubConfig.unresolvedRoots(DEBIAN, ONE_DISK))
        .extracting(GrubConfig.Problem::line)
        .containsExactly(10, 16);
    assertThat(GrubConfig.unresolvedRoots(PHOTON, ONE_DISK))
        .extracting(GrubConfig.Problem::text)
        .containsExactly("/dev/sda1");
    assertThat(GrubConfig.unresolvedRoots("linux /v root=UUID=dead-beef\n", ONE_DISK)).hasSize(1);
  }

  @Test
  void bothBranchesOfAnUbuntuEntryAreRead() {
    String ubuntu =
        """
        menuentry 'Ubuntu' --class ubuntu {
        \tif [ "${initrdfail}" = 1 ]; then
        \t  linux\t/boot/vmlinuz-5.15.0-91-generic root=/dev/sda1 ro console=tty1
        \t  initrd\t/boot/initrd.img-5.15.0-91-generic
        \telse
        \t  linux\t/boot/vmlinuz-5.15.0-91-generic root=/dev/sda1 ro panic=-1 $vt_handoff
        \tfi
        }
        """;

    assertThat(GrubConfig.stabilize(FILE, ubuntu, ONE_DISK).text())
        .contains("root=UUID=" + ROOT_UUID + " ro console=tty1\n")
        .contains("root=PARTUUID=4d3c2b1a-01 ro panic=-1 $vt_handoff\n");
  }

  @Test
  void stabilizedFilesHaveNoProblem() {
    for (String text : List.of(DEBIAN, PHOTON)) {
      String fixed = GrubConfig.stabilize(FILE, text, ONE_DISK).text();
      assertThat(GrubConfig.unresolvedRoots(fixed, ONE_DISK)).isEmpty();
    }
  }

  @Test
  void fileThatLoadsNoKernelIsAProblemUnlessItReadsBlsEntries() {
    assertThat(GrubConfig.unresolvedRoots("set timeout=5\n", ONE_DISK))
        .containsExactly(new GrubConfig.Problem(0, "", "the file loads no kernel"));
    assertThat(GrubConfig.unresolvedRoots("insmod blscfg\nblscfg\n", ONE_DISK)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "menuentry 'x' { linux /vmlinuz root=/dev/sda1; initrd /initrd; }",
        "'menuentry ''x'' {\n linux /vmlinuz quiet \\\n  root=/dev/sda1 ro\n initrd /initrd\n}'",
        "'menuentry ''x'' {\n set opts=\"root=/dev/sda1 ro\"\n linux /vmlinuz $opts\n initrd /i\n}'",
        "'if true; then linux /vmlinuz root=/dev/sda1; initrd /i; fi'",
        "menuentry \"x\" --id y {linux /vmlinuz root=\"/dev/sda1\" ro; initrd /i}",
        "'echo x; linux /vmlinuz \\\n root=/dev/sda1 \\\n ro\ninitrd /i'"
      })
  void aCommandLineInAnotherShapeOfScriptIsCorrectedAndChecked(String text) {
    Edited edited = GrubConfig.stabilize(FILE, text, ONE_DISK);

    assertThat(edited.text()).isEqualTo(text.replace("/dev/sda1", "UUID=" + ROOT_UUID));
    assertThat(edited.warnings()).isEmpty();
    assertThat(GrubConfig.unresolvedRoots(text, ONE_DISK))
        .anySatisfy(problem -> assertThat(problem.text()).isEqualTo("/dev/sda1"));
    assertThat(GrubConfig.stabilize(FILE, edited.text(), ONE_DISK).changed()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "# menuentry 'x' { linux /vmlinuz root=/dev/sda1; }",
        "title Linux (root=/dev/sda1)",
        "menuentry 'Linux root=/dev/sda1' {",
        "set root='hd0,msdos1'",
        "'search --no-floppy --label --set=root rootfs'",
        "set root=(hd0,1)"
      })
  void titlesCommentsAndGrubsOwnRootAreNoCommandLines(String text) {
    Edited edited = GrubConfig.stabilize(FILE, text, ONE_DISK);

    assertThat(edited.text()).isEqualTo(text);
    assertThat(edited.warnings()).isEmpty();
  }
}
