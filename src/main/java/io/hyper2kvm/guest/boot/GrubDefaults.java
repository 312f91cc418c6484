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

  private static final String DEFAULT = "GRUB_DEFAULT";
  private static final String COMMAND_LINE = "GRUB_CMDLINE_LINUX";

  private GrubDefaults() {}

  /**
   * Gives {@code root=} and {@code resume=} in every {@code GRUB_CMDLINE_*} stable names, and takes
   * back {@code GRUB_DISABLE_LINUX_UUID=true}, with which grub-mkconfig would write device names,
   * and {@code GRUB_DISABLE_UUID=true} likewise.
   */
  public static Edited stabilize(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    for (ShellAssignments.Assignment variable : ShellAssignments.withAdditions(edit)) {
      String name = variable.name();
      if (name.startsWith("GRUB_CMDLINE_")) {
        KernelCommandLine.scan(edit, variable.start(), variable.end(), disks, true);
      } else if (name.equals("GRUB_DISABLE_LINUX_UUID") || name.equals("GRUB_DISABLE_UUID")) {
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

  /** Whether it is one of the files that grub-mkconfig takes its settings from. */
  public static boolean isSettings(String file) {
    return BootFile.of(file).equals(Optional.of(BootFile.GRUB_DEFAULTS));
  }

  /** Whether such a file says which entry starts by itself. */
  public static boolean setsDefault(String text) {
    return ShellAssignments.of(new TextEdit("", text)).stream()
        .anyMatch(variable -> variable.name().equals(DEFAULT));
  }

  /**
   * Makes an entry the default of the configurations that are written from now on.
   *
   * @param name the entry's identifier or title, with those of its submenu before it
   * @param rule which rule of the fixes this is
   * @param reason why, for the report
   */
  public static Edited withDefault(
      String file, String text, String name, String rule, String reason) {
    TextEdit edit = new TextEdit(file, text);
    String value = "\"" + name.replace("\"", "\\\"") + "\"";
    boolean there = false;
    for (ShellAssignments.Assignment variable : ShellAssignments.of(edit)) {
      if (variable.name().equals(DEFAULT)) {
        there = true;
        edit.replace(variable.start(), variable.end(), value, rule, reason);
      }
    }
    if (!there) {
      edit.append(DEFAULT + "=" + value, rule, reason);
    }
    return edit.result();
  }

  /** Whether such a file sets the command line of every kernel. */
  static boolean setsCommandLine(String text) {
    return ShellAssignments.of(new TextEdit("", text)).stream()
        .anyMatch(variable -> variable.name().equals(COMMAND_LINE));
  }

  /** As {@link #withSerialConsole(String, String)}, for the main file. */
  public static Edited withSerialConsole(String text) {
    return withSerialConsole(FILE, text);
  }

  /**
   * Sends the console of every kernel to the screen and to the first serial port. The words of
   * {@code GRUB_CMDLINE_LINUX_DEFAULT} come after those of {@code GRUB_CMDLINE_LINUX}, so consoles
   * there get the serial port behind them as well. A file that already has a console on ttyS0 stays
   * as it is.
   */
  static Edited withSerialConsole(String file, String text) {
    TextEdit edit = new TextEdit(file, text);
    List<ShellAssignments.Assignment> variables = ShellAssignments.of(edit);
    Optional<ShellAssignments.Assignment> present = serialConsole(text, variables);
    if (present.isPresent()) {
      edit.leave(present.get().start(), "there is a console on ttyS0 already");
      return edit.result();
    }
    addConsoles(edit, variables);
    Edited edited = edit.result();
    TextEdit again = new TextEdit(file, edited.text());
    if (serialConsole(edited.text(), ShellAssignments.of(again)).isPresent()) {
      return edited;
    }
    // An unterminated quote above swallows what is added below it.
    TextEdit unchanged = new TextEdit(file, text);
    unchanged.fail(text.length(), "the serial console cannot be added: the file has an open quote");
    return unchanged.result();
  }

  private static void addConsoles(TextEdit edit, List<ShellAssignments.Assignment> variables) {
    String text = edit.text();
    Optional<ShellAssignments.Assignment> all = last(variables, COMMAND_LINE);
    if (all.filter(variable -> variable.isQuoted(text)).isPresent()) {
      addTo(edit, all.get(), ConsoleWords.addition(""));
    } else {
      String old = all.isPresent() ? "$" + COMMAND_LINE + " " : "";
      edit.append(
          COMMAND_LINE + "=\"" + old + ConsoleWords.addition("") + "\"",
          ConsoleWords.RULE,
          ConsoleWords.REASON);
    }
    last(variables, COMMAND_LINE + "_DEFAULT")
        .filter(variable -> variable.isQuoted(text))
        .filter(variable -> ConsoleWords.hasAny(variable.value(text)))
        .ifPresent(it -> addTo(edit, it, ConsoleWords.addition(it.value(text))));
  }

  private static void addTo(TextEdit edit, ShellAssignments.Assignment variable, String words) {
    int end = variable.end() - 1;
    String blank = variable.value(edit.text()).isBlank() ? "" : " ";
    edit.replace(end, end, blank + words, ConsoleWords.RULE, ConsoleWords.REASON);
  }

  private static Optional<ShellAssignments.Assignment> last(
      List<ShellAssignments.Assignment> variables, String name) {
    return variables.stream()
        .filter(variable -> variable.name().equals(name))
        .reduce((first, last) -> last);
  }

  /**
   * Sends GRUB's own menu to the screen and to the first serial port. {@code GRUB_TERMINAL} stands
   * for both ways; without it, output and input have their own.
   */
  public static Edited withSerialTerminal(String file, String text) {
    Edited edited = terminals(file, text);
    if (!terminals(file, edited.text()).changed()) {
      return edited;
    }
    // An unterminated quote above swallows what is added below it.
    TextEdit unchanged = new TextEdit(file, text);
    unchanged.warn(
        text.length(),
        "the menu of GRUB cannot be sent to the serial port: the file has an open quote");
    return unchanged.result();
  }

  private static Edited terminals(String file, String text) {
    TextEdit edit = new TextEdit(file, text);
    List<ShellAssignments.Assignment> variables = ShellAssignments.of(edit);
    Optional<ShellAssignments.Assignment> both = last(variables, "GRUB_TERMINAL");
    Optional<ShellAssignments.Assignment> output = last(variables, "GRUB_TERMINAL_OUTPUT");
    Optional<ShellAssignments.Assignment> input = last(variables, "GRUB_TERMINAL_INPUT");
    if (both.isPresent()) {
      addSerial(edit, both.get());
    } else if (output.isEmpty() && input.isEmpty()) {
      append(edit, "GRUB_TERMINAL=\"console serial\"");
    } else {
      output.ifPresentOrElse(
          it -> addSerial(edit, it), () -> append(edit, "GRUB_TERMINAL_OUTPUT=\"console serial\""));
      input.ifPresentOrElse(
          it -> addSerial(edit, it), () -> append(edit, "GRUB_TERMINAL_INPUT=\"console serial\""));
    }
    if (last(variables, "GRUB_SERIAL_COMMAND").isEmpty()) {
      append(edit, "GRUB_SERIAL_COMMAND=\"serial --unit=0 --speed=115200\"");
    }
    return edit.result();
  }

  private static void append(TextEdit edit, String line) {
    edit.append(line, ConsoleWords.RULE, ConsoleWords.REASON);
  }

  private static void addSerial(TextEdit edit, ShellAssignments.Assignment variable) {
    String value = variable.value(edit.text());
    if (value.matches("(?s).*[\"'\\\\].*")) {
      edit.leave(variable.start(), "its quotes are not those of one value");
      return;
    }
    if (!List.of(value.strip().split("\\s+")).contains("serial")) {
      String words = value.isBlank() ? "console serial" : value.strip() + " serial";
      edit.replace(
          variable.start(),
          variable.end(),
          "\"" + words + "\"",
          ConsoleWords.RULE,
          ConsoleWords.REASON);
    }
  }

  private static Optional<ShellAssignments.Assignment> serialConsole(
      String text, List<ShellAssignments.Assignment> variables) {
    return variables.stream()
        .filter(v -> v.name().equals(COMMAND_LINE) || v.name().equals(COMMAND_LINE + "_DEFAULT"))
        .filter(v -> ConsoleWords.hasSerial(v.value(text)))
        .findFirst();
  }
}
