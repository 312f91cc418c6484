package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;

/**
 * A file that holds nothing but kernel command line, such as {@code /etc/kernel/cmdline} or {@code
 * /etc/cmdline.d/*.conf}; lines that begin with {@code #} are comments.
 */
public final class KernelCmdlineFile {

  private KernelCmdlineFile() {}

  /** Gives {@code root=} and {@code resume=} stable names. */
  public static Edited stabilize(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    for (int line = 0; line < edit.lineCount(); line++) {
      int start = edit.lineStart(line);
      if (!text.startsWith("#", start)) {
        KernelCommandLine.scan(edit, start, edit.lineEnd(line), disks, true);
      }
    }
    return edit.result();
  }
}
