package io.hyper2kvm.guest.boot;

import static io.hyper2kvm.guest.SampleGuests.ONE_DISK;
import static io.hyper2kvm.guest.SampleGuests.ROOT_UUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BootEntriesTest {

  private static final String GRUB = "/boot/grub2/grub.cfg";
  private static final String BLS = "/boot/loader/entries/a.conf";
  private static final String ENV = "/boot/efi/EFI/redhat/grubenv";
  private static final String GOOD = "root=UUID=" + ROOT_UUID;
  private static final String KERNEL = "linux /vmlinuz " + GOOD + " ro\ninitrd /i\n";

  private final Map<String, String> files = new TreeMap<>();

  private String problems() {
    StringBuilder text = new StringBuilder();
    BootEntries.problems(files, ONE_DISK)
        .forEach(
            (file, list) ->
                list.forEach(
                    it -> text.append("%s:%d: %s%n".formatted(file, it.line(), it.reason()))));
    return text.toString();
  }

  /** Each of them beside a grub.cfg that is right. */
  @ParameterizedTest
  @CsvSource({
    "/boot/efi/EFI/centos/grub.cfg, linuxefi /vmlinuz root=/dev/sda3 ro",
    "/boot/grub/menu.lst, kernel /vmlinuz root=/dev/hda1",
    "/boot/loader/entries/z.conf, options ro root=/dev/sda1",
    "/efi/loader/entries/z.conf, options root=UUID=dead-beef rw",
    "/boot/grub2/grubenv, kernelopts=root=/dev/sda1 ro",
    "/boot/grub/grub.cfg, 'set kernelopts=\"root=/dev/sda1 ro\"'",
    "/boot/efi/EFI/refind/refind.conf, 'options \"root=/dev/sda1 ro\"'",
    "/boot/refind_linux.conf, '\"Boot\"  \"ro root=/dev/sda1\"'",
    "/boot/syslinux/syslinux.cfg, APPEND root=/dev/sda1 ro",
    "/efi/EFI/Linux/a.efi, root=/dev/sda1 ro",
    "/boot/cmdline.txt, root=LABEL=nothing ro",
    "/etc/lilo.conf, root = /dev/sda1",
  })
  void everyFileIsLookedAt(String file, String line) {
    files.put(GRUB, KERNEL);
    files.put(file, line + "\n");

    assertThat(problems()).startsWith(file + ":1: ").doesNotContain(GRUB);
  }

  @ParameterizedTest
  @CsvSource({
    ENV + ", saved_entry=x\\nkernelopts=root=UUID=" + ROOT_UUID + " ro",
    "/boot/grub2/grubenv, kernelopts=root=UUID=" + ROOT_UUID,
    "/boot/efi/EFI/redhat/grub.cfg, '  set kernelopts=\"root=UUID=" + ROOT_UUID + " ro\"'",
  })
  void aVariableOfAnEntryIsTakenFromTheBlockOrFromWhatGrubSets(String file, String text) {
    files.put(GRUB, "blscfg\n");
    files.put(BLS, "linux /v\noptions $kernelopts $tuned_params\n");
    files.put(file, text.replace("\\n", "\n") + "\n");

    assertThat(problems()).isEmpty();
  }

  @Test
  void severalLinesOfOptionsAreOneCommandLine() {
    files.put(GRUB, "blscfg\n");
    files.put(BLS, "linux /v\noptions " + GOOD + "\noptions $kernelopts $tuned_params\n");

    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    ENV + ", saved_entry=x",
    ENV + ", kernelopts=ro quiet",
    ENV + ", other_kernelopts=root=UUID=" + ROOT_UUID,
    "/boot/grub/device.map, (hd0) /dev/sda",
    "/boot/grub/grub.cfg, insmod blscfg",
  })
  void aVariableThatNothingSetsLeavesTheKernelWithoutARoot(String file, String text) {
    files.put(GRUB, "blscfg\n");
    files.put(BLS, "linux /v\noptions ${kernelopts} quiet\n");
    files.put(file, text + "\n");

    assertThat(problems())
        .startsWith(BLS + ":2: neither a grubenv nor a grub.cfg sets $kernelopts");
  }

  @ParameterizedTest
  @CsvSource({
    "configfile $prefix/grub.cfg, the file loads no kernel",
    "'', the file loads no kernel",
    "blscfg, blscfg finds no entry",
    "chainloader /x, the file loads no kernel",
    "# linux /vmlinuz, the file loads no kernel",
  })
  void aGrubThatLeadsToNoKernelIsAProblem(String text, String reason) {
    files.put(GRUB, text + "\n");

    assertThat(problems().strip()).isEqualTo(GRUB + ":0: " + reason);
  }

  @ParameterizedTest
  @CsvSource({
    "/boot/grub/grub.cfg, linux /vmlinuz root=LABEL=rootfs",
    "/boot/loader/entries/a.conf, options root=LABEL=rootfs",
    "/efi/EFI/Linux/a.efi, root=LABEL=rootfs",
    "/boot/grub/menu.lst, kernel /vmlinuz root=LABEL=rootfs",
    "/boot/extlinux.conf, append root=LABEL=rootfs",
  })
  void aStubIsRightWhenAnotherFileLeadsToAKernel(String file, String text) {
    files.put("/boot/efi/EFI/debian/grub.cfg", "search.fs_uuid x root\nconfigfile $p/grub.cfg\n");
    files.put(file, text + "\n");

    assertThat(problems()).isEmpty();
  }

  @Test
  void hostileVariablesTakeNoLongTime() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40_000; i++) {
      text.append("options $kernelopts").append(i).append(" $x\n");
    }
    files.put(GRUB, "blscfg\n" + "set kernelopts=\"root=LABEL=rootfs\"\n".repeat(15_000));
    for (int i = 0; i < 20; i++) {
      files.put("/boot/loader/entries/" + i + ".conf", text.toString());
    }

    assertTimeout(Duration.ofSeconds(20), this::problems);
  }

  @Test
  void aHostileNumberOfProblemsIsBounded() {
    files.put(GRUB, "linux /v root=/dev/sda1\n".repeat(3000));
    files.put(BLS, "options root=/dev/sda1\n".repeat(3000));

    assertThat(problems().lines().count()).isEqualTo(500);
  }
}
