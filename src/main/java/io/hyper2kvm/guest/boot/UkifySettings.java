package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.Excerpt;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code /etc/kernel/uki.conf} and other settings of ukify: {@code Cmdline} of the section {@code
 * UKI} is the command line of the unified kernel images to come, or names its file with {@code @}
 * (ukify(1)). A value may go on in indented lines.
 */
final class UkifySettings {

  private static final String SECTION = "[UKI]";
  private static final String KEY = "Cmdline";
  private static final int LONGEST = 65_536;

  /** Files with command lines that are read by their names. */
  private static final Set<String> KNOWN = Set.of("/etc/kernel/cmdline", "/usr/lib/kernel/cmdline");

  /** The part of a line that is command line. */
  private record Words(int start, int end) {}

  private UkifySettings() {}

  /** Gives {@code root=} and {@code resume=} stable names. */
  static Edited stabilize(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    for (Words words : words(edit)) {
      String value = text.substring(words.start(), words.end());
      if (!value.startsWith("@")) {
        KernelCommandLine.scan(edit, words.start(), words.end(), disks, true);
      } else if (!KNOWN.contains(value.substring(1).strip())) {
        edit.warn(
            words.start(),
            "the command line of the next unified kernel image is that of %s, which is not read here: look at root= in it"
                .formatted(Excerpt.of(value.substring(1))));
      }
    }
    return edit.result();
  }

  /** Adds the serial port to the first line of words; a vendor's file stays. */
  static void withSerialConsole(TextEdit edit) {
    List<Words> words = words(edit);
    boolean has =
        words.stream()
            .anyMatch(it -> ConsoleWords.hasSerial(edit.text().substring(it.start(), it.end())));
    if (!has
        && !words.isEmpty()
        && !edit.file().startsWith("/usr/")
        && edit.text().charAt(words.get(0).start()) != '@') {
      ConsoleWords.add(edit, words.get(0).start(), words.get(0).end());
    }
  }

  private static List<Words> words(TextEdit edit) {
    List<Words> found = new ArrayList<>();
    boolean inSection = false;
    boolean inValue = false;
    for (int line = 0; line < edit.lineCount(); line++) {
      int start = edit.lineStart(line);
      int end = edit.lineEnd(line);
      if (end - start > LONGEST) {
        continue;
      }
      String text = edit.line(line);
      String stripped = text.strip();
      if (stripped.isEmpty() || "#;".indexOf(stripped.charAt(0)) >= 0) {
        continue;
      }
      boolean indented = Character.isWhitespace(text.charAt(0));
      if (!indented) {
        int equals = text.indexOf('=');
        inSection = stripped.startsWith("[") ? stripped.equals(SECTION) : inSection;
        inValue = inSection && equals > 0 && text.substring(0, equals).strip().equals(KEY);
        start += inValue ? equals + 1 : 0;
      }
      if (inValue) {
        while (start < end && edit.text().charAt(start) <= ' ') {
          start++;
        }
        if (start < end) {
          found.add(new Words(start, end));
        }
      }
    }
    return found;
  }
}
