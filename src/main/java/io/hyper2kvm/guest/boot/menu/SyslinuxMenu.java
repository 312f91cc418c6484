package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.boot.Extlinux;
import io.hyper2kvm.guest.boot.menu.SyslinuxLines.Line;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * The menu of syslinux, extlinux, or U-Boot's files of the same form: a label for each entry. When
 * the time is up, {@code ONTIMEOUT} starts; else the entry with {@code MENU DEFAULT} where a menu
 * is shown, else {@code DEFAULT}, else the first (syslinux wiki, "SYSLINUX" and "Menu").
 */
final class SyslinuxMenu implements BootMenu {

  private static final Set<String> KERNELS = Set.of("linux", "kernel");

  private final String file;
  private final SortedMap<String, String> texts;
  private final SyslinuxLines lines;
  private final List<MenuEntry> entries = new ArrayList<>();
  private Optional<Line> defaultLine = Optional.empty();
  private Optional<Line> onTimeout = Optional.empty();
  private Optional<Line> interfaceLine = Optional.empty();
  private Optional<MenuEntry> marked = Optional.empty();
  private final List<Line> marks = new ArrayList<>();

  SyslinuxMenu(String file, SortedMap<String, String> texts) {
    this.file = file;
    this.texts = texts;
    this.lines = new SyslinuxLines(file, texts);
    Line label = null;
    String kernel = "";
    boolean mark = false;
    for (Line line : lines.lines()) {
      if (line.keyword().equals("label")) {
        add(label, kernel, mark);
        label = line;
        kernel = "";
        mark = false;
      } else if (KERNELS.contains(line.keyword())) {
        kernel = line.value().split("\\s+", 2)[0];
      } else if (line.keyword().equals("menu default")) {
        mark = true;
        marks.add(line);
      } else if (line.keyword().equals("default")) {
        defaultLine = Optional.of(line);
      } else if (line.keyword().equals("ontimeout")) {
        onTimeout = Optional.of(line);
      } else if (line.keyword().equals("ui")) {
        interfaceLine = Optional.of(line);
      }
    }
    add(label, kernel, mark);
  }

  private void add(Line label, String kernel, boolean mark) {
    if (label == null) {
      return;
    }
    String name = word(label.value());
    MenuEntry entry = new MenuEntry(label.file(), label.number() + 1, List.of(name), kernel);
    entries.add(entry);
    if (mark) {
      marked = Optional.of(entry);
    }
  }

  private static String word(String value) {
    return value.split("\\s+", 2)[0];
  }

  @Override
  public List<MenuEntry> entries() {
    return List.copyOf(entries);
  }

  /** Whether a module draws a menu, which waits for its own default. */
  private boolean isDrawn() {
    return interfaceLine.isPresent()
        || defaultLine.filter(line -> isModule(word(line.value()))).isPresent();
  }

  private static boolean isModule(String word) {
    String name = word.toLowerCase(Locale.ROOT);
    return name.endsWith(".c32") || name.endsWith(".com") || name.endsWith("menu");
  }

  @Override
  public MenuStart start() {
    if (!lines.missing().isEmpty()) {
      return MenuStart.unknown(
          "%s includes %s, which was not found".formatted(file, lines.missing().get(0)));
    }
    if (onTimeout.isPresent()) {
      return named(onTimeout.get());
    }
    if (isDrawn() && marked.isPresent()) {
      MenuEntry entry = marked.get();
      return MenuStart.of(entry, entry.place() + ": the label has MENU DEFAULT");
    }
    if (!isDrawn() && defaultLine.isPresent()) {
      return named(defaultLine.get());
    }
    return entries.stream()
        .findFirst()
        .map(entry -> MenuStart.of(entry, file + " names no default"))
        .orElseGet(() -> MenuStart.unknown(file + " has no entries"));
  }

  private MenuStart named(Line line) {
    String setting =
        "%s:%d: %s is %s".formatted(line.file(), line.number() + 1, line.keyword(), line.value());
    return entries.stream()
        .filter(entry -> entry.name().equals(word(line.value())))
        .findFirst()
        .map(entry -> MenuStart.of(entry, setting))
        .orElseGet(() -> MenuStart.unknown(setting + ", and there is no such label"));
  }

  @Override
  public NewDefault withDefault(MenuEntry entry) {
    if (!lines.missing().isEmpty()) {
      return NewDefault.refused(start().setting());
    }
    Map<String, TextEdit> edits = new LinkedHashMap<>();
    onTimeout.ifPresent(line -> replace(edits, line, "ontimeout", entry));
    if (isDrawn()) {
      // The mark decides where no time-out says otherwise.
      marks.forEach(
          line ->
              edit(edits, line.file())
                  .removeLine(line.number(), NewDefault.RULE, NewDefault.REASON));
      edit(edits, entry.file())
          .addLineAfter(entry.line() - 1, "  MENU DEFAULT", NewDefault.RULE, NewDefault.REASON);
    } else if (defaultLine.isPresent()) {
      replace(edits, defaultLine.get(), "default", entry);
    } else {
      TextEdit edit = edit(edits, file);
      edit.addLineBefore(0, "DEFAULT " + entry.name(), NewDefault.RULE, NewDefault.REASON);
    }
    List<Edited> all = new ArrayList<>();
    edits.values().forEach(edit -> all.add(edit.result()));
    texts.forEach(
        (path, text) -> {
          if (BootFile.of(path).equals(Optional.of(BootFile.EXTLINUX_DEFAULTS))) {
            all.add(
                Extlinux.withDefault(path, text, entry.name(), NewDefault.RULE, NewDefault.REASON));
          }
        });
    return NewDefault.of(all);
  }

  private TextEdit edit(Map<String, TextEdit> edits, String path) {
    return edits.computeIfAbsent(path, it -> new TextEdit(it, texts.get(it)));
  }

  private void replace(Map<String, TextEdit> edits, Line line, String keyword, MenuEntry entry) {
    TextEdit edit = edit(edits, line.file());
    String old = edit.line(line.number());
    int at = old.toLowerCase(Locale.ROOT).indexOf(keyword) + keyword.length();
    edit.replaceLine(
        line.number(),
        old.substring(0, at) + " " + entry.name(),
        NewDefault.RULE,
        NewDefault.REASON);
  }
}
