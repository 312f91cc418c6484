package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;

/**
 * A boot loader specification entry, {@code /boot/loader/entries/*.conf}: the {@code options}
 * lines.
 */
public final class BlsEntry {

  private BlsEntry() {}

  /** Gives {@code root=} and {@code resume=} stable names. */
  public static Edited stabilize(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    boolean initramfs = false;
    for (int line = 0; line < edit.lineCount(); line++) {
      String keyword = KeywordLine.of(edit, line).keyword();
      initramfs |= carriesInitramfs(keyword);
    }
    for (int line = 0; line < edit.lineCount(); line++) {
      KeywordLine keyword = KeywordLine.of(edit, line);
      if (keyword.keyword().equals("options")) {
        KernelCommandLine.scan(edit, keyword.rest(), keyword.end(), disks, initramfs);
      }
    }
    return edit.result();
  }

  /** A unified image ({@code efi}, {@code uki}) has its initramfs inside. */
  private static boolean carriesInitramfs(String keyword) {
    return keyword.equals("initrd") || keyword.equals("efi") || keyword.equals("uki");
  }
}
