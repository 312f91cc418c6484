package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.ShellAssignments;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.Locale;

/** {@code extlinux.conf} and {@code syslinux.cfg}, and the settings Alpine generates them from. */
public final class Extlinux {

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
   * Gives {@code root=} and {@code default_kernel_opts=} in Alpine's {@code
   * /etc/update-extlinux.conf} stable names.
   */
  public static Edited stabilizeDefaults(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    for (ShellAssignments.Assignment variable : ShellAssignments.of(edit)) {
      if (variable.name().equals("root")) {
        int name = variable.start() - "root=".length();
        KernelCommandLine.scan(edit, name, variable.end(), disks, true);
      } else if (variable.name().equals("default_kernel_opts")) {
        KernelCommandLine.scan(edit, variable.start(), variable.end(), disks, true);
      }
    }
    return edit.result();
  }
}
