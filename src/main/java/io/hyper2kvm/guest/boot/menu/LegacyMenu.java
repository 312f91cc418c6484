package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The menu of GRUB legacy, {@code menu.lst} or {@code grub.conf}: an entry for each {@code title},
 * counted from 0. {@code default saved} reads the number from the file {@code default} beside the
 * menu (GNU GRUB manual 0.97).
 */
final class LegacyMenu implements BootMenu {

  private static final Pattern NUMBER = Pattern.compile("\\s*([0-9]{1,5})(?:\\s.*)?");

  private final String file;
  private final SortedMap<String, String> texts;
  private final TextEdit lines;
  private final List<MenuEntry> entries = new ArrayList<>();

  /** The default's line, from 0; -1 without one. The last one counts. */
  private int defaultLine = -1;

  private String value = "0";

  LegacyMenu(String file, SortedMap<String, String> texts) {
    this.file = file;
    this.texts = texts;
    this.lines = new TextEdit(file, texts.get(file));
    String title = "";
    int titleLine = -1;
    String kernel = "";
    for (int line = 0; line < lines.lineCount(); line++) {
      KeywordLine words = KeywordLine.of(lines, line);
      String keyword = words.keyword();
      String rest = lines.text().substring(words.rest(), words.end()).strip();
      if (keyword.equals("title")) {
        add(title, titleLine, kernel);
        title = rest;
        titleLine = line;
        kernel = "";
      } else if (titleLine < 0 && (keyword.equals("default") || keyword.startsWith("default="))) {
        defaultLine = line;
        value = keyword.equals("default") ? rest : keyword.substring("default=".length());
        value = value.startsWith("=") ? value.substring(1).strip() : value;
      } else if (keyword.equals("kernel") && kernel.isEmpty()) {
        kernel = firstPath(rest);
      } else if (keyword.equals("module") && isXen(kernel)) {
        // The hypervisor loads the kernel as its first module.
        kernel = firstPath(rest);
      }
    }
    add(title, titleLine, kernel);
  }

  private void add(String title, int line, String kernel) {
    if (line >= 0) {
      entries.add(
          new MenuEntry(file, line + 1, List.of(String.valueOf(entries.size()), title), kernel));
    }
  }

  private static String firstPath(String rest) {
    return MenuWords.of(rest).stream()
        .filter(word -> !word.startsWith("--"))
        .findFirst()
        .orElse("");
  }

  private static boolean isXen(String kernel) {
    return kernel.substring(kernel.lastIndexOf('/') + 1).startsWith("xen");
  }

  @Override
  public List<MenuEntry> entries() {
    return List.copyOf(entries);
  }

  @Override
  public MenuStart start() {
    String place = defaultLine < 0 ? file : file + ":" + (defaultLine + 1);
    OptionalInt number = value.equals("saved") ? saved() : number(value);
    String setting =
        defaultLine < 0
            ? "%s names no default".formatted(file)
            : "%s: the default is %s%s"
                .formatted(
                    place,
                    value,
                    value.equals("saved") && number.isPresent() ? ", " + number.getAsInt() : "");
    if (number.isEmpty()) {
      return MenuStart.unknown(setting + ", and no number is known");
    }
    if (number.getAsInt() < entries.size()) {
      return MenuStart.of(entries.get(number.getAsInt()), setting);
    }
    // The menu goes on to its fallback, or asks.
    return MenuStart.unknown("%s, and there are %d entries".formatted(setting, entries.size()));
  }

  private static OptionalInt number(String text) {
    Matcher matcher = NUMBER.matcher(text);
    return matcher.matches()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  /** The saved number; 0 before one was saved. */
  private OptionalInt saved() {
    String beside = file.substring(0, file.lastIndexOf('/') + 1) + "default";
    Optional<String> text = Optional.ofNullable(texts.get(beside));
    return text.flatMap(it -> it.lines().findFirst())
        .map(LegacyMenu::number)
        .orElse(OptionalInt.empty());
  }

  @Override
  public NewDefault withDefault(MenuEntry entry) {
    TextEdit edit = new TextEdit(file, lines.text());
    String line = "default " + entry.name();
    if (defaultLine >= 0) {
      KeywordLine words = KeywordLine.of(edit, defaultLine);
      boolean assigned = words.keyword().contains("=");
      edit.replaceLine(
          defaultLine,
          assigned ? "default=" + entry.name() : line,
          NewDefault.RULE,
          NewDefault.REASON);
    } else if (!entry.name().equals("0")) {
      int first = entries.isEmpty() ? 0 : entries.get(0).line() - 1;
      edit.addLineBefore(first, line, NewDefault.RULE, NewDefault.REASON);
    }
    return NewDefault.of(List.of(edit.result()));
  }
}
