package io.hyper2kvm.guest.boot.menu;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.boot.GrubEnv;
import io.hyper2kvm.guest.boot.menu.DefaultKernel.Choice;
import io.hyper2kvm.guest.boot.menu.DefaultKernel.Way;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each boot loader starts by itself, and what makes it start another kernel. */
class BootMenusTest {

  private static final String NEW = "/boot/vmlinuz-6.12.0";
  private static final String OLD = "/boot/vmlinuz-6.1.0";

  /** As Debian's grub-mkconfig writes it: the newest on top, all of them in a submenu. */
  private static final String DEBIAN =
      """
      if [ "${next_entry}" ] ; then
         set default="${next_entry}"
         set next_entry=
         save_env next_entry
      else
         set default="DEFAULT"
      fi
      function load_video {
        insmod all_video
      }
      menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-1111' {
      	linux	/boot/vmlinuz-6.12.0 root=UUID=1111 ro
      	initrd	/boot/initrd.img-6.12.0
      }
      submenu 'Advanced options for Debian' $menuentry_id_option 'gnulinux-advanced-1111' {
      	menuentry 'Debian, with Linux 6.12.0' $menuentry_id_option 'gnulinux-6.12.0-advanced-1111' {
      		linux	/boot/vmlinuz-6.12.0 root=UUID=1111 ro
      	}
      	menuentry 'Debian, with Linux 6.12.0 (recovery mode)' $menuentry_id_option 'gnulinux-6.12.0-recovery-1111' {
      		linux	/boot/vmlinuz-6.12.0 root=UUID=1111 ro single
      	}
      	menuentry 'Debian, with Linux 6.1.0' $menuentry_id_option 'gnulinux-6.1.0-advanced-1111' {
      		linux	/boot/vmlinuz-6.1.0 root=UUID=1111 ro
      	}
      }
      menuentry 'UEFI Firmware Settings' $menuentry_id_option 'uefi-firmware' {
      	fwsetup
      }
      """;

  private static Map<String, String> texts(String... filesAndTexts) {
    Map<String, String> texts = new TreeMap<>();
    for (int i = 0; i < filesAndTexts.length; i += 2) {
      texts.put(filesAndTexts[i], filesAndTexts[i + 1]);
    }
    return texts;
  }

  private static String block(String settings) {
    String text = "# GRUB Environment Block\n" + settings.replace("|", "\n") + "\n";
    return text + "#".repeat(GrubEnv.SIZE - text.length());
  }

  private static MenuStart start(Map<String, String> texts) {
    return DefaultKernel.start(texts, Map.of()).orElseThrow();
  }

  private static String kernel(Map<String, String> texts) {
    return start(texts).entry().map(MenuEntry::kernel).orElse("?");
  }

  /** Makes the kernel the default, and says what starts then; a second time changes nothing. */
  private static Map<String, String> withDefault(Map<String, String> texts, String image) {
    Choice choice = DefaultKernel.of(texts, Map.of(), image);
    assertThat(choice.way()).as(choice.detail()).isEqualTo(Way.EDIT);
    Map<String, String> after = new TreeMap<>(texts);
    choice.edits().forEach(edited -> after.put(edited.file(), edited.text()));
    assertThat(DefaultKernel.of(after, Map.of(), image).way()).isEqualTo(Way.ALREADY);
    return after;
  }

  @ParameterizedTest
  @CsvSource({
    "0, /boot/vmlinuz-6.12.0",
    "1>2, /boot/vmlinuz-6.1.0",
    "1, /boot/vmlinuz-6.12.0",
    "Debian GNU/Linux, /boot/vmlinuz-6.12.0",
    "'Advanced options for Debian>Debian, with Linux 6.1.0', /boot/vmlinuz-6.1.0",
    "gnulinux-advanced-1111>gnulinux-6.1.0-advanced-1111, /boot/vmlinuz-6.1.0",
    "1>gnulinux-6.1.0-advanced-1111, /boot/vmlinuz-6.1.0",
    "gnulinux-advanced-1111>99, /boot/vmlinuz-6.12.0",
    "nothing-of-that-name, /boot/vmlinuz-6.12.0",
    "99, /boot/vmlinuz-6.12.0",
    "2, ''",
    "$unknown, ?",
  })
  void grubStartsWhatItsDefaultNames(String value, String kernel) {
    assertThat(kernel(texts("/boot/grub/grub.cfg", DEBIAN.replace("DEFAULT", value))))
        .isEqualTo(kernel);
  }

  @ParameterizedTest
  @CsvSource({
    "saved_entry=1>2, /boot/vmlinuz-6.1.0",
    "saved_entry=gnulinux-advanced-1111>gnulinux-6.1.0-advanced-1111, /boot/vmlinuz-6.1.0",
    "saved_entry=, /boot/vmlinuz-6.12.0",
    "x=1, /boot/vmlinuz-6.12.0",
    "saved_entry=0|next_entry=1>2, /boot/vmlinuz-6.1.0",
    "saved_entry=1>2|next_entry=, /boot/vmlinuz-6.1.0",
  })
  void grubStartsTheSavedEntry(String settings, String kernel) {
    Map<String, String> texts =
        texts(
            "/boot/grub/grub.cfg",
            DEBIAN.replace("DEFAULT", "${saved_entry}"),
            "/boot/grub/grubenv",
            block(settings));

    assertThat(kernel(texts)).isEqualTo(kernel);
    if (!kernel.equals(OLD)) {
      assertThat(withDefault(texts, OLD).get("/boot/grub/grubenv"))
          .hasSize(GrubEnv.SIZE)
          .contains("\nsaved_entry=gnulinux-advanced-1111>gnulinux-6.1.0-advanced-1111\n");
    } else {
      assertThat(kernel(withDefault(texts, NEW))).isEqualTo(NEW);
    }
  }

  @Test
  void aDefaultOfGrubsIsKeptByTheSettingsOfItsGenerator() {
    Map<String, String> after =
        withDefault(
            texts(
                "/boot/grub/grub.cfg",
                DEBIAN.replace("DEFAULT", "0"),
                "/etc/default/grub",
                "GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\n",
                "/etc/default/grub.d/10-x.cfg",
                "GRUB_TIMEOUT=1\n"),
            OLD);

    String name = "\"gnulinux-advanced-1111>gnulinux-6.1.0-advanced-1111\"";
    assertThat(after.get("/boot/grub/grub.cfg"))
        .contains("set default=" + name, "set default=\"${next_entry}\"");
    assertThat(after)
        .containsEntry("/etc/default/grub", "GRUB_DEFAULT=" + name + "\nGRUB_TIMEOUT=5\n")
        .containsEntry("/etc/default/grub.d/10-x.cfg", "GRUB_TIMEOUT=1\n");
  }

  @Test
  void aNextStartThatWasAskedForIsTakenBack() {
    Map<String, String> after =
        withDefault(
            texts(
                "/boot/grub/grub.cfg",
                DEBIAN.replace("DEFAULT", "0"),
                "/boot/grub/grubenv",
                block("next_entry=1>2")),
            NEW);

    assertThat(after.get("/boot/grub/grubenv")).contains("\nnext_entry=\n");
  }

  private static final String LEGACY =
      """
      HEAD
      timeout 5
      title Other
      rootnoverify (hd1,0)
      chainloader +1
      title CentOS (6.12)
      	root (hd0,0)
      	kernel /vmlinuz-6.12.0 ro root=UUID=1111
      	initrd /initramfs-6.12.0.img
      title Xen
      	kernel /xen.gz dom0_mem=512M
      	module /vmlinuz-6.1.0 ro root=UUID=1111
      	module /initramfs-6.1.0.img
      """;

  @ParameterizedTest
  @CsvSource({
    "default 1, /vmlinuz-6.12.0",
    "default=1, /vmlinuz-6.12.0",
    "default = 2, /vmlinuz-6.1.0",
    "default\t2, /vmlinuz-6.1.0",
    "default 0, ''",
    "#default 2, ''",
    "default 7, ?",
    "default saved, /vmlinuz-6.1.0",
    "fallback 2, ''",
  })
  void grubLegacyCountsItsTitles(String head, String kernel) {
    Map<String, String> texts =
        texts(
            "/boot/grub/menu.lst",
            LEGACY.replace("HEAD", head),
            "/boot/grub/default",
            "2\n#\n#\n#\n");

    assertThat(kernel(texts)).isEqualTo(kernel);
    String wanted = kernel.equals("/vmlinuz-6.1.0") ? NEW : OLD;
    assertThat(withDefault(texts, wanted).get("/boot/grub/menu.lst"))
        .contains(head.substring(0, 3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DEFAULT b | /vmlinuz-6.1.0",
        "default a | /vmlinuz-6.12.0",
        "PROMPT 0 | /vmlinuz-6.12.0",
        "DEFAULT a;ONTIMEOUT b | /vmlinuz-6.1.0",
        "DEFAULT menu.c32 | /vmlinuz-6.12.0",
        "DEFAULT c | ?",
        "INCLUDE gone.cfg | ?",
        "DEFAULT a;DEFAULT b | /vmlinuz-6.1.0",
      })
  void syslinuxStartsItsDefault(String head, String kernel) {
    String text =
        head.replace(";", "\n")
            + "\nLABEL a\n  MENU LABEL Linux\n  LINUX /vmlinuz-6.12.0\n  APPEND root=UUID=1\n"
            + "LABEL b\n  KERNEL ../vmlinuz-6.1.0\n".replace("../", "/");
    Map<String, String> texts = texts("/boot/extlinux/extlinux.conf", text);

    assertThat(kernel(texts)).isEqualTo(kernel);
    if (!head.startsWith("INCLUDE")) {
      withDefault(texts, kernel.equals("/vmlinuz-6.1.0") ? NEW : OLD);
    } else {
      assertThat(DefaultKernel.of(texts, Map.of(), OLD).way()).isEqualTo(Way.REFUSED);
    }
  }

  /** Alpine's menu, which is drawn, and Debian's, whose labels are in a file of their own. */
  @Test
  void syslinuxMenusStartWhatTheyMark() {
    Map<String, String> alpine =
        texts(
            "/boot/extlinux.conf",
            "DEFAULT menu.c32\nPROMPT 0\nTIMEOUT 10\nLABEL virt\n  LINUX vmlinuz-virt\n"
                + "LABEL lts\n  MENU DEFAULT\n  LINUX vmlinuz-lts\n",
            "/etc/update-extlinux.conf",
            "default=lts\n");
    assertThat(kernel(alpine)).isEqualTo("vmlinuz-lts");
    assertThat(withDefault(alpine, "/boot/vmlinuz-virt"))
        .containsEntry("/etc/update-extlinux.conf", "default=virt\n");

    Map<String, String> debian =
        texts(
            "/boot/extlinux/extlinux.conf",
            "default l0\ninclude linux.cfg\ninclude /boot/extlinux/extlinux.conf\n",
            "/boot/extlinux/linux.cfg",
            "label l0\n\tkernel /boot/vmlinuz-6.12.0\nlabel l1\n\tkernel /boot/vmlinuz-6.1.0\n");
    assertThat(DefaultKernel.of(debian, Map.of(), OLD).detail()).contains("was not found");
    debian.put("/boot/extlinux/extlinux.conf", "default l0\ninclude linux.cfg\n");
    assertThat(kernel(debian)).isEqualTo("/boot/vmlinuz-6.12.0");
    assertThat(withDefault(debian, OLD))
        .containsEntry("/boot/extlinux/extlinux.conf", "default l1\ninclude linux.cfg\n");
  }

  private static Map<String, String> systemdBoot(String settings) {
    return texts(
        "/efi/loader/loader.conf",
        settings.replace(";", "\n") + "\n",
        "/efi/loader/entries/debian-6.1.0.conf",
        "title Debian\nversion 6.1.0\nsort-key debian\nlinux /debian/6.1.0/linux\n",
        "/efi/loader/entries/debian-6.12.0+3-0.conf",
        "title Debian\nversion 6.12.0\nsort-key debian\nlinux /debian/6.12.0/linux\n",
        "/efi/loader/entries/debian-6.13.0+0-3.conf",
        "title Debian\nversion 6.13.0\nsort-key debian\nlinux /debian/6.13.0/linux\n",
        "/efi/loader/entries/arch.conf",
        "title Arch\nlinux /vmlinuz-linux\n",
        "/efi/EFI/Linux/zz-6.0.efi",
        "root=UUID=1\n");
  }

  @ParameterizedTest
  @CsvSource({
    "timeout 3, /debian/6.12.0/linux",
    "default debian-*, /debian/6.12.0/linux",
    "default debian-6.1.0.conf, /debian/6.1.0/linux",
    "default arch.conf, /vmlinuz-linux",
    "default ARCH*, /vmlinuz-linux",
    "default debian-6.1[0-9].0.conf, /debian/6.12.0/linux",
    "default *.efi, /efi/EFI/Linux/zz-6.0.efi",
    "default @saved, /debian/6.12.0/linux",
    "default gone, /debian/6.12.0/linux",
    "default arch.conf;default debian-6.1.?.conf, /debian/6.1.0/linux",
    "#default arch.conf, /debian/6.12.0/linux",
  })
  void systemdBootSortsAndMatches(String settings, String kernel) {
    Map<String, String> texts = systemdBoot(settings);

    assertThat(kernel(texts)).as(start(texts).setting()).isEqualTo(kernel);
    if (!kernel.equals("/vmlinuz-linux")) {
      assertThat(withDefault(texts, "/efi/vmlinuz-linux").get("/efi/loader/loader.conf"))
          .contains("default arch.conf");
    }
  }

  @Test
  void aVersionInAFolderTellsKernelsOfTheSameNameApart() {
    Map<String, String> after = withDefault(systemdBoot("timeout 3"), "/efi/debian/6.1.0/linux");

    assertThat(kernel(after)).isEqualTo("/debian/6.1.0/linux");
    assertThat(after.get("/efi/loader/loader.conf")).endsWith("default debian-6.1.0.conf\n");
  }

  @Test
  void anImageThatNoMenuHasIsRefused() {
    assertThat(DefaultKernel.of(systemdBoot(""), Map.of(), "/efi/gone/1.0/linux").detail())
        .contains("the menu has no entry for it");
    assertThat(
            DefaultKernel.of(
                    texts(
                        "/efi/loader/entries/a.conf",
                        "linux /a\n",
                        "/efi/loader/entries/b.conf",
                        "linux /b\n"),
                    Map.of(),
                    "/efi/a")
                .detail())
        .contains("no loader.conf");
  }

  @ParameterizedTest
  @CsvSource({
    "6.1, 6.12, -1",
    "6.9, 6.10, -1",
    "6.10, 6.10, 0",
    "6.1~rc1, 6.1, -1",
    "6.1, 6.1-1, -1",
    "6.1-1, 6.1.1, -1",
    "6.1a, 6.1b, -1",
    "123, 122.1, 1",
    "00001, 1, 0",
    "0123456789-0-rescue, 0123456789-5.14.0, -1",
    "'', 1, -1",
  })
  void versionsAreOrderedAsTheirSpecificationSays(String one, String other, int order) {
    assertThat(Integer.signum(VersionOrder.OLDEST_FIRST.compare(one, other))).isEqualTo(order);
    assertThat(Integer.signum(VersionOrder.OLDEST_FIRST.compare(other, one))).isEqualTo(-order);
  }

  @ParameterizedTest
  @ValueSource(strings = {"env_block=512+1", "saved_entry=0|env_block=512+1|x=y"})
  void valuesInABlockOfTheFileSystemAreNotKnown(String settings) {
    Map<String, String> texts =
        texts(
            "/boot/grub2/grub.cfg",
            DEBIAN.replace("DEFAULT", "${saved_entry}"),
            "/boot/grub2/grubenv",
            block(settings));

    assertThat(start(texts).entry()).isEmpty();
    assertThat(DefaultKernel.of(texts, Map.of(), OLD).way()).isEqualTo(DefaultKernel.Way.REFUSED);
  }
}
