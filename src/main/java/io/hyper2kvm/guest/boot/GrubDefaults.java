package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.ShellAssignments;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.List;
import java.util.Optional;

/**
 * {@code /etc/default/grub} and {@code /etc/default/grub.d/*.cfg}, from which grub-mkconfig writes
 * grub.cfg: what stays unstable here comes back with the next kernel.
 */
public final class GrubDefaults {

  /** Path of the main file inside a guest. */
  public static final String FILE = "/etc/default/grub";

  private static final String COMMAND_LINE = "GRUB_CMDLINE_LINUX";
  private static final String CONSOLES = "console=tty0 console=ttyS0,115200";
  private static final String CONSOLE_RULE = "grub.serial-console";
  private static final String CONSOLE_REASON =
      "the manifest asks for a serial console; the first serial port is ttyS0 on KVM";

  private GrubDefaults() {}

  /**
   * Gives {@code root=} and {@code resume=} in every {@code GRUB_CMDLINE_*} stable names, and takes
   * back {@code GRUB_DISABLE_LINUX_UUID=true}, with which grub-mkconfig would write device names.
   */
  public static Edited stabilize(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    for (ShellAssignments.Assignment variable : ShellAssignments.of(edit)) {
      String name = variable.name();
      if (name.startsWith("GRUB_CMDLINE_")) {
        KernelCommandLine.scan(edit, variable.start(), variable.end(), disks, true);
      } else if (name.equals("GRUB_DISABLE_LINUX_UUID")) {
        if (variable.value(text).equals("true")) {
          int start = text.indexOf("true", variable.start());
          edit.replace(
              start,
              start + "true".length(),
              "false",
              "grub.disable-linux-uuid",
              "with true, grub-mkconfig writes root= as a device name that can change");
        }
      } else if (name.equals("GRUB_DEVICE")) {
        edit.leave(variable.start(), "set by hand; it overrides what grub-mkconfig finds");
        if (DeviceNames.isUnstable(variable.value(text))) {
          edit.warn(
              variable.start(), "GRUB_DEVICE names " + variable.value(text) + ", which can change");
        }
      }
    }
    return edit.result();
  }

  /**
   * In the main file, sends the console of every kernel to the screen and to the first serial port.
   * A file that already has a console on ttyS0 stays as it is.
   */
  public static Edited withSerialConsole(String text) {
    TextEdit edit = new TextEdit(FILE, text);
    List<ShellAssignments.Assignment> variables = ShellAssignments.of(edit);
    Optional<ShellAssignments.Assignment> present = serialConsole(text, variables);
    if (present.isPresent()) {
      edit.leave(present.get().start(), "there is a console on ttyS0 already");
      return edit.result();
    }
    addConsoles(edit, variables);
    Edited edited = edit.result();
    TextEdit again = new TextEdit(FILE, edited.text());
    if (serialConsole(edited.text(), ShellAssignments.of(again)).isPresent()) {
      return edited;
    }
    // An unterminated quote above swallows what is added below it.
    TextEdit unchanged = new TextEdit(FILE, text);
    unchanged.fail(text.length(), "the serial console cannot be added: the file has an open quote");
    return unchanged.result();
  }

  private static void addConsoles(TextEdit edit, List<ShellAssignments.Assignment> variables) {
    String text = edit.text();
    ShellAssignments.Assignment last = null;
    for (ShellAssignments.Assignment variable : variables) {
      last = variable.name().equals(COMMAND_LINE) ? variable : last;
    }
    if (last == null) {
      edit.append(COMMAND_LINE + "=\"" + CONSOLES + "\"", CONSOLE_RULE, CONSOLE_REASON);
    } else if (last.isQuoted(text)) {
      int end = last.end() - 1;
      String blank = last.value(text).isBlank() ? "" : " ";
      edit.replace(end, end, blank + CONSOLES, CONSOLE_RULE, CONSOLE_REASON);
    } else {
      edit.append(
          COMMAND_LINE + "=\"$" + COMMAND_LINE + " " + CONSOLES + "\"",
          CONSOLE_RULE,
          CONSOLE_REASON);
    }
  }

  private static Optional<ShellAssignments.Assignment> serialConsole(
      String text, List<ShellAssignments.Assignment> variables) {
    return variables.stream()
        .filter(v -> v.name().equals(COMMAND_LINE) || v.name().equals(COMMAND_LINE + "_DEFAULT"))
        .filter(v -> hasSerialConsole(v.value(text)))
        .findFirst();
  }

  private static boolean hasSerialConsole(String commandLine) {
    for (String word : commandLine.split("[\\s\"']+")) {
      if (word.equals("console=ttyS0") || word.startsWith("console=ttyS0,")) {
        return true;
      }
    }
    return false;
  }
}
