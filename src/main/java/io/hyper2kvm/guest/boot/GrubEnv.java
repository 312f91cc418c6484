package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * GRUB's environment block ({@code grubenv}), where RHEL 8 keeps {@code kernelopts} and Photon its
 * command line. GRUB writes the block in place, so its size must never change: the padding of
 * {@code #} at its end gives or takes what a value grows or shrinks.
 */
public final class GrubEnv {

  /** Size of the block that GRUB's tools create, in bytes. */
  public static final int SIZE = 1024;

  private GrubEnv() {}

  /**
   * Gives {@code root=} and {@code resume=} in the command lines of the block stable names.
   *
   * @param text the block decoded as ISO 8859-1, so that one character is one byte
   * @return a failure, and the block as it was, if the padding is too short for the longer names
   */
  public static Edited stabilize(String file, String text, GuestDisks disks) {
    int padding = paddingStart(text);
    TextEdit edit = new TextEdit(file, text.substring(0, padding));
    for (int line = 0; line < edit.lineCount(); line++) {
      int start = edit.lineStart(line);
      int end = edit.lineEnd(line);
      int equals = TextEdit.indexOf(text, '=', start, end);
      if (equals > start) {
        String name = text.substring(start, equals);
        String value = text.substring(equals + 1, end);
        if (GrubScript.isRootVariable(name) && DeviceNames.isUnstable(value.strip())) {
          int device = equals + 1 + value.indexOf(value.strip());
          KernelCommandLine.rootValue(
              edit, device, device + value.strip().length(), disks, RootFinder.EITHER);
        } else if (GrubVariables.isCommandLine(name, value)) {
          KernelCommandLine.scan(edit, equals + 1, end, disks, finder(name));
        }
      }
    }
    return padded(edit.result(), text);
  }

  /** The kernels of BLS entries, which take kernelopts, have an initramfs; others need not. */
  private static RootFinder finder(String name) {
    return name.contains("kernelopts") ? RootFinder.INITRAMFS : RootFinder.EITHER;
  }

  /** The edit of the settings as one of the block, whose size stays. */
  private static Edited padded(Edited edited, String text) {
    int padding = paddingStart(text);
    if (!edited.changed()) {
      return block(edited, text, text, edited.changes(), edited.failures());
    }
    int room = text.length() - edited.text().length();
    boolean fixedSize = padding < text.length() || text.length() == SIZE;
    if (!fixedSize) {
      return edited;
    }
    if (room < 0) {
      List<String> failures = new ArrayList<>(edited.failures());
      failures.add(
          edited.file()
              + ": the block has no room for "
              + -room
              + " more bytes; nothing was changed");
      return block(edited, text, text, List.of(), failures);
    }
    String padded = edited.text() + "#".repeat(room);
    return block(edited, text, padded, edited.changes(), edited.failures());
  }

  /** Gives the command lines of the block a console on the first serial port. */
  static Edited withSerialConsole(String file, String text) {
    int padding = paddingStart(text);
    TextEdit edit = new TextEdit(file, text.substring(0, padding));
    for (int line = 0; line < edit.lineCount(); line++) {
      int start = edit.lineStart(line);
      int end = edit.lineEnd(line);
      int equals = TextEdit.indexOf(text, '=', start, end);
      if (equals > start && GrubScript.isCommandLineVariable(text.substring(start, equals))) {
        ConsoleWords.add(edit, equals + 1, end);
      }
    }
    return padded(edit.result(), text);
  }

  /** The value of a variable; empty when the block does not have it. */
  public static Optional<String> value(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .reduce((first, last) -> last);
  }

  /**
   * Gives variables of the block other values.
   *
   * @param values by the variables' names, which are of letters and underscores; without line
   *     breaks
   * @param rule which rule of the fixes this is
   * @param reason why, for the report
   */
  public static Edited with(
      String file, String text, Map<String, String> values, String rule, String reason) {
    int padding = paddingStart(text);
    TextEdit edit = new TextEdit(file, text.substring(0, padding));
    values.forEach((name, value) -> set(edit, name, value, rule, reason));
    return padded(edit.result(), text);
  }

  private static void set(TextEdit edit, String name, String value, String rule, String reason) {
    boolean there = false;
    for (int line = 0; line < edit.lineCount(); line++) {
      int start = edit.lineStart(line);
      if (edit.text().startsWith(name + "=", start)) {
        there = true;
        int from = start + name.length() + 1;
        if (!edit.text().substring(from, edit.lineEnd(line)).equals(value)) {
          edit.replace(from, edit.lineEnd(line), value, rule, reason);
        }
      }
    }
    if (!there) {
      edit.append(name + "=" + value, rule, reason);
    }
  }

  /** Where the run of {@code #} at the end begins: at the start of a line, never inside a value. */
  private static int paddingStart(String text) {
    int at = text.length();
    while (at > 0 && text.charAt(at - 1) == '#') {
      at--;
    }
    return at == 0 || text.charAt(at - 1) == '\n' ? at : text.length();
  }

  /** The edit of the block's settings as one of the whole block, padding included. */
  private static Edited block(
      Edited settings, String before, String text, List<Change> changes, List<String> failures) {
    return new Edited(
        settings.file(),
        before,
        text,
        changes,
        settings.leftAlone(),
        settings.warnings(),
        failures);
  }
}
