package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A boot loader specification entry, {@code /boot/loader/entries/*.conf}: the {@code options}
 * lines.
 */
public final class BlsEntry {

  private static final int MAX_FILES = 16;

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

  /** The files that an entry loads, as paths of the file system that it lies on. */
  public static List<String> files(String text) {
    TextEdit edit = new TextEdit("", text);
    List<String> files = new ArrayList<>();
    for (int line = 0; line < edit.lineCount(); line++) {
      KeywordLine keyword = KeywordLine.of(edit, line);
      if (keyword.keyword().equals("linux") || carriesInitramfs(keyword.keyword())) {
        String words = text.substring(keyword.rest(), keyword.end()).strip();
        Stream.of(words.split("[ \\t]+")).limit(MAX_FILES).forEach(files::add);
      }
    }
    return files;
  }

  /** A unified image ({@code efi}, {@code uki}) has its initramfs inside. */
  private static boolean carriesInitramfs(String keyword) {
    return keyword.equals("initrd") || keyword.equals("efi") || keyword.equals("uki");
  }
}
