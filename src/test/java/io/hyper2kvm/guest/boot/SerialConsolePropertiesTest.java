package io.hyper2kvm.guest.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.SampleGuests;
import io.hyper2kvm.guest.edit.EditPlan;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** A serial console in any file of a boot loader: once is enough, and no text breaks it. */
@Tag("property")
class SerialConsolePropertiesTest {

  private static final String[] FILES = {
    "/boot/grub/grub.cfg",
    "/boot/grub/menu.lst",
    "/boot/grub2/grubenv",
    "/boot/extlinux/extlinux.conf",
    "/boot/syslinux.cfg",
    "/efi/loader/entries/a.conf",
    "/efi/EFI/refind/refind.conf",
    "/boot/refind_linux.conf",
    "/etc/kernel/cmdline",
    "/etc/default/grub",
    "/etc/default/u-boot",
    "/etc/update-extlinux.conf",
    "/etc/inittab",
  };

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "linux /l root=UUID=" + SampleGuests.ROOT_UUID,
            "initrd /i",
            "title a",
            "label a",
            "append ro",
            "options ro",
            "kernel /xen.gz",
            "module /l root=LABEL=rootfs",
            "serial",
            "terminal console",
            "console=ttyS0",
            "console=tty1",
            "kernelopts=ro",
            "set kernelopts=\"root=LABEL=x\"",
            "GRUB_CMDLINE_LINUX=\"a\"",
            "GRUB_TERMINAL_OUTPUT=gfxterm",
            "GRUB_TERMINAL=",
            "GRUB_TERMINAL_INPUT=console ",
            "U_BOOT_PARAMETERS='ro'",
            "1:2:respawn:/sbin/getty tty1",
            "# comment",
            "\"",
            "'",
            " ",
            "\n",
            "\n",
            "\r\n",
            "\\")
        .list()
        .ofMaxSize(14)
        .map(pieces -> String.join("", pieces));
  }

  @Property(tries = 400)
  void twiceIsAsOnce(@ForAll("texts") String text) {
    for (String file : FILES) {
      Map<String, String> once = fixed(Map.of(file, text));
      assertThat(fixed(once)).as(file).isEqualTo(once);
    }
  }

  private static Map<String, String> fixed(Map<String, String> files) {
    EditPlan plan = SerialConsole.plan(files);
    Map<String, String> after = new TreeMap<>(files);
    plan.files().forEach(edit -> after.put(edit.file(), edit.after().orElseThrow()));
    return after;
  }
}
