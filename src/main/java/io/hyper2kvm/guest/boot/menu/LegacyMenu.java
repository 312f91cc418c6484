package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.edit.Excerpt;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The menu of GRUB legacy, {@code menu.lst} or {@code grub.conf}: an entry for each {@code title},
 * counted from 0. {@code default saved} reads the number from the file {@code default} beside the
 * menu (GNU GRUB manual 0.97).
 */
final class LegacyMenu implements BootMenu {

  private static final Pattern NUMBER = Pattern.compile("\\s*([0-9]{1,5})(?:\\s.*)?");

  /** GRUB reads as many fallbacks. */
  private static final int MOST = 8;

  private final String file;
  private final SortedMap<String, String> texts;
  private final TextEdit lines;
  private final List<MenuEntry> entries = new ArrayList<>();

  /** The default's line, from 0; -1 without one. The last one counts. */
  private int defaultLine = -1;

  private String value = "0";

  /** The fallbacks' line, from 0; -1 without one. The last one counts. */
  private int fallbackLine = -1;

  private String fallback = "";

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
      } else if (titleLine < 0 && isSetting("default", keyword)) {
        defaultLine = line;
        value = value("default", keyword, rest);
      } else if (titleLine < 0 && isSetting("fallback", keyword)) {
        fallbackLine = line;
        fallback = value("fallback", keyword, rest);
      } else if (keyword.equals("kernel") && kernel.isEmpty()) {
        kernel = firstPath(rest);
      } else if (keyword.equals("module") && isXen(kernel)) {
        // The hypervisor loads the kernel as its first module.
        kernel = firstPath(rest);
      }
    }
    add(title, titleLine, kernel);
  }

  private static boolean isSetting(String name, String keyword) {
    return keyword.equals(name) || keyword.startsWith(name + "=");
  }

  /** A setting is written with a blank, with an equals sign, or with both. */
  private static String value(String name, String keyword, String rest) {
    String value = keyword.equals(name) ? rest : keyword.substring(name.length() + 1) + " " + rest;
    return (value.startsWith("=") ? value.substring(1) : value).strip();
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

  /** The lines of the menu. */
  TextEdit lines() {
    return lines;
  }

  /** What GRUB starts when the default cannot be loaded, in its order. */
  List<MenuStart> fallbacks() {
    List<MenuStart> starts = new ArrayList<>();
    for (String word : fallback.isEmpty() ? new String[0] : fallback.split("\\s+", MOST + 1)) {
      if (starts.size() < MOST) {
        String setting =
            "%s:%d: the fallback is %s".formatted(file, fallbackLine + 1, Excerpt.of(word));
        OptionalInt number = number(word);
        starts.add(
            number.isPresent() && number.getAsInt() < entries.size()
                ? MenuStart.of(entries.get(number.getAsInt()), setting)
                : MenuStart.unknown(
                    "%s, and there are %d entries, counted from 0"
                        .formatted(setting, entries.size())));
      }
    }
    return starts;
  }

  /** The numbers of the entries that start by themselves, now or as a fallback. */
  Set<Integer> chosen() {
    Set<Integer> chosen = new TreeSet<>();
    Stream.concat(Stream.of(start()), fallbacks().stream())
        .flatMap(start -> start.entry().stream())
        .forEach(entry -> chosen.add(Integer.valueOf(entry.name())));
    return chosen;
  }

  /** Why it is not known what starts by itself, or as a fallback. */
  List<String> doubts() {
    return Stream.concat(Stream.of(start()), fallbacks().stream())
        .filter(start -> start.entry().isEmpty())
        .map(MenuStart::setting)
        .map(setting -> setting + ": name an entry that is there")
        .toList();
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
