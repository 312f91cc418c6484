package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gives every kernel that a guest's boot loader starts a console on the first serial port, and the
 * loader's own menu where it can have one. What systemd starts a login on, it finds itself; a guest
 * with {@code /etc/inittab} gets a line there.
 */
final class SerialConsole {

  private final SortedMap<String, String> files;

  private SerialConsole(Map<String, String> files) {
    this.files = new TreeMap<>(files);
  }

  /**
   * The plan for every file.
   *
   * @param files the guest's configuration files: content by path
   */
  static EditPlan plan(Map<String, String> files) {
    return new SerialConsole(files).plan();
  }

  private EditPlan plan() {
    List<EditPlan> plans = new ArrayList<>();
    files.forEach(
        (file, text) ->
            BootFile.of(file).map(kind -> edited(kind, file, text).plan()).ifPresent(plans::add));
    grubDefaults()
        .ifPresent(
            edited -> {
              plans.add(edited.plan());
              if (edited.failures().isEmpty()) {
                plans.add(GrubDefaults.withSerialTerminal(edited.file(), edited.text()).plan());
              }
            });
    Optional.ofNullable(files.get(Inittab.FILE))
        .ifPresent(text -> plans.add(Inittab.withSerialConsole(text).plan()));
    return EditPlan.joined(plans);
  }

  /** Of several files the one whose value is the last. */
  private Optional<Edited> grubDefaults() {
    return files.keySet().stream()
        .filter(GrubDefaults::isSettings)
        .filter(
            file -> file.equals(GrubDefaults.FILE) || GrubDefaults.setsCommandLine(files.get(file)))
        .reduce((first, last) -> last)
        .map(file -> GrubDefaults.withSerialConsole(file, files.get(file)));
  }

  private Edited edited(BootFile kind, String file, String text) {
    TextEdit edit = new TextEdit(file, text);
    switch (kind) {
      case GRUB_CONFIG -> SerialTerminals.grub(edit, BootFile.isLegacy(file));
      case GRUB_ENVIRONMENT -> {
        return GrubEnv.withSerialConsole(file, text);
      }
      case BLS_ENTRY -> entry(edit);
      case COMMAND_LINE, DRACUT -> commandLine(edit);
      case UKIFY -> UkifySettings.withSerialConsole(edit);
      case SYSLINUX -> SerialTerminals.syslinux(edit, files.keySet());
      case EXTLINUX_DEFAULTS -> {
        return SerialTerminals.settings(file, text);
      }
      case REFIND -> refind(edit);
      case REFIND_LINUX -> refindLinux(edit);
      case LILO -> Lilo.refuseSerialConsole(edit);
      // A unified image has its own repair; the others name no consoles.
      case UNIFIED_KERNEL, GRUB_DEFAULTS, DEVICE_MAP -> {}
    }
    return edit.result();
  }

  /** Behind the last options; those that GRUB's block gives are changed there. */
  private void entry(TextEdit edit) {
    int last = -1;
    int kernel = -1;
    StringBuilder all = new StringBuilder();
    for (int line = 0; line < edit.lineCount(); line++) {
      KeywordLine words = KeywordLine.of(edit, line);
      if (words.keyword().equals("options")) {
        last = line;
        all.append(' ').append(edit.text(), words.rest(), words.end());
      } else if (words.keyword().equals("linux")) {
        kernel = line;
      }
    }
    if (kernel < 0 || ConsoleWords.hasSerial(all.toString()) || takesFromBlock(all.toString())) {
      return;
    }
    if (last < 0) {
      edit.addLineAfter(
          kernel, "options " + ConsoleWords.addition(""), ConsoleWords.RULE, ConsoleWords.REASON);
      return;
    }
    KeywordLine words = KeywordLine.of(edit, last);
    int start = words.rest();
    while (start < words.end() && edit.text().charAt(start) <= ' ') {
      start++;
    }
    ConsoleWords.add(edit, start, words.end());
  }

  private boolean takesFromBlock(String options) {
    return files.entrySet().stream()
        .filter(file -> BootFile.of(file.getKey()).equals(Optional.of(BootFile.GRUB_ENVIRONMENT)))
        .flatMap(file -> file.getValue().lines())
        .filter(line -> line.indexOf('=') > 0)
        .map(line -> line.substring(0, line.indexOf('=')))
        .filter(GrubScript::isCommandLineVariable)
        .anyMatch(name -> options.contains("$" + name) || options.contains("${" + name));
  }

  /** One line with words; that of dracut's configuration is what it puts into unified images. */
  private void commandLine(TextEdit edit) {
    boolean vendor = edit.file().startsWith("/usr/");
    if (vendor
        || BootFile.of(edit.file()).equals(Optional.of(BootFile.DRACUT))
        || isSecond(edit.file())) {
      return;
    }
    for (int line = 0; line < edit.lineCount(); line++) {
      String words = edit.line(line).strip();
      if (!words.isEmpty() && !words.startsWith("#")) {
        ConsoleWords.add(edit, edit.lineStart(line), edit.lineEnd(line));
        return;
      }
    }
  }

  /** Of several files that make up one command line, one gets the words. */
  private boolean isSecond(String file) {
    String folder = "/etc/cmdline.d/";
    return file.startsWith(folder) && !files.tailMap(folder).firstKey().equals(file);
  }

  private static void refind(TextEdit edit) {
    for (int line = 0; line < edit.lineCount(); line++) {
      KeywordLine words = KeywordLine.of(edit, line);
      if (words.keyword().equals("options")) {
        int start = words.rest();
        while (start < words.end() && edit.text().charAt(start) <= ' ') {
          start++;
        }
        ConsoleWords.add(edit, start, words.end());
      }
    }
  }

  /** {@code "title" "command line"}. */
  private static void refindLinux(TextEdit edit) {
    for (int line = 0; line < edit.lineCount(); line++) {
      String text = edit.line(line);
      int close = text.startsWith("\"") ? text.indexOf('"', 1) : -1;
      int open = close < 0 ? -1 : text.indexOf('"', close + 1);
      if (open > 0) {
        ConsoleWords.add(edit, edit.lineStart(line) + open, edit.lineEnd(line));
      }
    }
  }
}
