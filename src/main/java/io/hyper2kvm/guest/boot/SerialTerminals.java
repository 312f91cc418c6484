package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.ShellAssignments;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The serial console in the files of GRUB, GRUB legacy and syslinux: on the command line of each
 * kernel, and for the loader's own menu where that is a line of the file.
 */
final class SerialTerminals {

  private static final Set<String> COMMAND_LINES =
      Set.of("default_kernel_opts", "U_BOOT_PARAMETERS", "EXTLINUX_PARAMETERS");

  private SerialTerminals() {}

  /** Each kernel of a menu; a legacy menu gets the serial port as a terminal as well. */
  static void grub(TextEdit edit, boolean legacy) {
    String text = edit.text();
    List<GrubScript.Statement> statements = GrubScript.statements(edit);
    boolean xen = statements.stream().anyMatch(it -> isHypervisor(it, text));
    boolean kernels = false;
    for (GrubScript.Statement statement : statements) {
      String arguments = text.substring(statement.start(), statement.end());
      boolean kernel = statement.kind() == GrubScript.Kind.KERNEL && !isHypervisor(statement, text);
      boolean module =
          xen
              && statement.kind() == GrubScript.Kind.MODULE
              && KernelCommandLine.value(arguments, "root").isPresent();
      boolean settings =
          statement.kind() == GrubScript.Kind.LEGACY_OPTIONS && statement.name().startsWith("kopt");
      kernels |= kernel || module;
      if ((kernel || module || settings) && !takesVariable(arguments)) {
        ConsoleWords.add(edit, statement.start(), statement.end());
      } else if (statement.kind() == GrubScript.Kind.SET
          && GrubScript.isCommandLineVariable(statement.name())
          && KernelCommandLine.value(arguments, "root").isPresent()) {
        ConsoleWords.add(edit, statement.start(), statement.end());
      }
    }
    if (legacy && kernels) {
      legacyTerminal(edit);
    }
  }

  private static boolean isHypervisor(GrubScript.Statement statement, String text) {
    return statement.kind() == GrubScript.Kind.KERNEL
        && text.substring(statement.start(), statement.end()).contains("/xen");
  }

  /** The words that such a variable stands for are changed where it is set. */
  private static boolean takesVariable(String arguments) {
    int dollar = arguments.indexOf('$');
    while (dollar >= 0) {
      int end = dollar + 1;
      while (end < arguments.length()
          && (Character.isLetterOrDigit(arguments.charAt(end))
              || "_{".indexOf(arguments.charAt(end)) >= 0)) {
        end++;
      }
      if (GrubScript.isCommandLineVariable(arguments.substring(dollar + 1, end).replace("{", ""))) {
        return true;
      }
      dollar = arguments.indexOf('$', end);
    }
    return false;
  }

  private static void legacyTerminal(TextEdit edit) {
    boolean serial = false;
    Optional<Integer> terminal = Optional.empty();
    int title = -1;
    for (int line = 0; line < edit.lineCount() && title < 0; line++) {
      String keyword = KeywordLine.of(edit, line).keyword();
      serial |= keyword.equals("serial");
      if (keyword.equals("terminal")) {
        terminal = Optional.of(line);
      } else if (keyword.equals("title")) {
        title = line;
      }
    }
    if (title < 0) {
      return;
    }
    if (!serial) {
      before(edit, title, "serial --unit=0 --speed=115200");
    }
    if (terminal.isEmpty()) {
      before(edit, title, "terminal --timeout=5 console serial");
    } else {
      String old = edit.line(terminal.get());
      if (!List.of(old.split("\\s+")).contains("serial")) {
        edit.replaceLine(
            terminal.get(),
            old.stripTrailing() + " serial",
            ConsoleWords.RULE,
            ConsoleWords.REASON);
      }
    }
  }

  private static void before(TextEdit edit, int line, String added) {
    edit.addLineBefore(line, added, ConsoleWords.RULE, ConsoleWords.REASON);
  }

  /**
   * Each label of syslinux's; a label without arguments gets some. U-Boot reads the same files and
   * has its console from its own environment.
   *
   * @param files the paths of the guest's files
   */
  static void syslinux(TextEdit edit, Set<String> files) {
    int kernel = -1;
    boolean appended = false;
    boolean append = false;
    boolean serial = false;
    boolean labels = false;
    for (int line = 0; line < edit.lineCount(); line++) {
      KeywordLine words = KeywordLine.of(edit, line);
      String keyword = words.keyword().toLowerCase(Locale.ROOT);
      serial |= keyword.equals("serial");
      if (keyword.equals("label")) {
        addAppend(edit, kernel, appended || append);
        append |= !labels && appended;
        labels = true;
        kernel = -1;
        appended = false;
      } else if (keyword.equals("linux") || (keyword.equals("kernel") && isKernel(edit, words))) {
        kernel = line;
      } else if (keyword.equals("append")) {
        appended = true;
        if (kernel >= 0 || !labels || isFollowedByKernel(edit, line)) {
          ConsoleWords.add(edit, start(edit, words), words.end());
        }
      }
    }
    addAppend(edit, kernel, appended || append);
    boolean uBoot = files.contains("/etc/default/u-boot");
    boolean main = labels || edit.text().toLowerCase(Locale.ROOT).contains("include");
    String name = edit.file().substring(edit.file().lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    if (!serial && !uBoot && main && BootFile.isSyslinuxMain(name)) {
      // It must be the first line.
      before(edit, 0, "SERIAL 0 115200");
    }
  }

  private static int start(TextEdit edit, KeywordLine words) {
    int start = words.rest();
    while (start < words.end() && edit.text().charAt(start) <= ' ') {
      start++;
    }
    return start;
  }

  /** A module of syslinux's own takes other arguments. */
  private static boolean isKernel(TextEdit edit, KeywordLine words) {
    String path = edit.text().substring(words.rest(), words.end()).strip().toLowerCase(Locale.ROOT);
    return !path.endsWith(".c32") && !path.endsWith(".com") && !path.endsWith(".0");
  }

  private static boolean isFollowedByKernel(TextEdit edit, int from) {
    for (int line = from + 1; line < edit.lineCount(); line++) {
      KeywordLine words = KeywordLine.of(edit, line);
      String keyword = words.keyword().toLowerCase(Locale.ROOT);
      if (keyword.equals("label")) {
        return false;
      }
      if (keyword.equals("linux") || keyword.equals("kernel")) {
        return isKernel(edit, words);
      }
    }
    return false;
  }

  private static void addAppend(TextEdit edit, int kernel, boolean there) {
    if (kernel >= 0 && !there) {
      edit.addLineAfter(
          kernel, "  APPEND " + ConsoleWords.addition(""), ConsoleWords.RULE, ConsoleWords.REASON);
    }
  }

  /** The settings from which such a file is generated. */
  static Edited settings(String file, String text) {
    Edited edited = consoles(file, text);
    if (!consoles(file, edited.text()).changed()) {
      return edited;
    }
    // An unterminated quote above swallows what is added below it.
    TextEdit unchanged = new TextEdit(file, text);
    unchanged.fail(text.length(), "the serial console cannot be added: the file has an open quote");
    return unchanged.result();
  }

  private static Edited consoles(String file, String text) {
    TextEdit edit = new TextEdit(file, text);
    Map<String, ShellAssignments.Assignment> lastByName = new TreeMap<>();
    for (ShellAssignments.Assignment variable : ShellAssignments.of(edit)) {
      if (COMMAND_LINES.contains(variable.name())) {
        lastByName.put(variable.name(), variable);
      } else if (variable.name().equals("serial_port") && variable.value(edit.text()).isBlank()) {
        edit.replace(variable.start(), variable.end(), "0", ConsoleWords.RULE, ConsoleWords.REASON);
      } else if (variable.name().equals("serial_baud") && variable.value(edit.text()).isBlank()) {
        edit.replace(
            variable.start(), variable.end(), "115200", ConsoleWords.RULE, ConsoleWords.REASON);
      }
    }
    lastByName.values().forEach(variable -> commandLine(edit, variable));
    return edit.result();
  }

  /** A value that is not quoted as a whole is extended by another assignment. */
  private static void commandLine(TextEdit edit, ShellAssignments.Assignment variable) {
    String value = variable.value(edit.text());
    if (variable.isQuoted(edit.text())) {
      ConsoleWords.add(edit, variable.start() + 1, variable.end() - 1);
    } else if (value.chars().anyMatch(mark -> "\"'\\".indexOf(mark) >= 0)) {
      edit.fail(
          variable.start(),
          "the serial console cannot be added: there is an open quote or more than one");
    } else if (!ConsoleWords.hasSerial(value)) {
      edit.append(
          "%1$s=\"$%1$s %2$s\"".formatted(variable.name(), ConsoleWords.addition(value)),
          ConsoleWords.RULE,
          ConsoleWords.REASON);
    }
  }
}
