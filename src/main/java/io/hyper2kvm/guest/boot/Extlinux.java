package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.ShellAssignments;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.Locale;
import java.util.Set;

/** {@code extlinux.conf} and {@code syslinux.cfg}, and the settings Alpine generates them from. */
public final class Extlinux {

  /** What Alpine, and Debian's u-boot-menu and extlinux-update, put on every command line. */
  private static final Set<String> COMMAND_LINES =
      Set.of(
          "default_kernel_opts",
          "U_BOOT_ROOT",
          "U_BOOT_PARAMETERS",
          "EXTLINUX_ROOT",
          "EXTLINUX_PARAMETERS");

  private Extlinux() {}

  /** Gives {@code root=} and {@code resume=} in the {@code APPEND} lines stable names. */
  public static Edited stabilize(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    boolean initramfs = text.toLowerCase(Locale.ROOT).contains("initrd");
    for (int line = 0; line < edit.lineCount(); line++) {
      KeywordLine keyword = KeywordLine.of(edit, line);
      if (keyword.keyword().equalsIgnoreCase("append")) {
        KernelCommandLine.scan(edit, keyword.rest(), keyword.end(), disks, initramfs);
      }
    }
    return edit.result();
  }

  /**
   * Gives the root in Alpine's {@code /etc/update-extlinux.conf} and in Debian's {@code
   * /etc/default/u-boot} and {@code /etc/default/extlinux} a stable name.
   */
  public static Edited stabilizeDefaults(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    for (ShellAssignments.Assignment variable : ShellAssignments.of(edit)) {
      if (variable.name().equals("root")) {
        int name = variable.start() - "root=".length();
        KernelCommandLine.scan(edit, name, variable.end(), disks, true);
      } else if (COMMAND_LINES.contains(variable.name())) {
        KernelCommandLine.scan(edit, variable.start(), variable.end(), disks, true);
      }
    }
    return edit.result();
  }

  /** Makes a label the default of the entries that Alpine generates from now on. */
  public static Edited withDefault(
      String file, String text, String label, String rule, String reason) {
    TextEdit edit = new TextEdit(file, text);
    for (ShellAssignments.Assignment variable : ShellAssignments.of(edit)) {
      if (variable.name().equals("default")) {
        edit.replace(variable.start(), variable.end(), label, rule, reason);
      }
    }
    return edit.result();
  }
}
