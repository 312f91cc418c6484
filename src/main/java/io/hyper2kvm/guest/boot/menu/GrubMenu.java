package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.boot.GrubDefaults;
import io.hyper2kvm.guest.boot.GrubEnv;
import io.hyper2kvm.guest.boot.menu.GrubEntries.Node;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * The menu of a grub.cfg. Its default is a number, a title or an identifier, with {@code >} between
 * a submenu and what is in it; it stands in the file, or in GRUB's environment block (GNU GRUB
 * manual, "Simple configuration handling" and "default").
 */
final class GrubMenu implements BootMenu {

  private static final Set<String> SAVED = Set.of("${saved_entry}", "$saved_entry");
  private static final Set<String> NEXT = Set.of("${next_entry}", "$next_entry");

  private final String file;
  private final String config;
  private final SortedMap<String, String> texts;
  private final List<Node> nodes;
  private final List<MenuEntry> entries = new ArrayList<>();

  /**
   * The menu of one file.
   *
   * @param texts the guest's files by path
   */
  GrubMenu(String file, SortedMap<String, String> texts) {
    this.file = file;
    this.config = texts.get(file);
    this.texts = texts;
    this.nodes = GrubEntries.of(config);
    add("", nodes);
  }

  private void add(String path, List<Node> menu) {
    for (Node node : menu) {
      String name = path + node.name(menu);
      if (node.submenu()) {
        add(name + ">", node.children());
      } else {
        entries.add(entry(node, name));
      }
    }
  }

  private MenuEntry entry(Node node, String name) {
    String kernel = node.kernels().size() == 1 ? node.kernels().get(0) : "";
    return new MenuEntry(file, node.line() + 1, List.of(name), kernel);
  }

  @Override
  public List<MenuEntry> entries() {
    return List.copyOf(entries);
  }

  @Override
  public MenuStart start() {
    Optional<String> next = environment("next_entry").filter(value -> !value.isEmpty());
    if (next.isPresent() && defaults().stream().anyMatch(NEXT::contains)) {
      return found(
          next.get(), "%s: next_entry is \"%s\"".formatted(block().orElse(""), next.get()));
    }
    List<String> values = values();
    if (values.size() > 1) {
      return MenuStart.unknown("%s sets several defaults: %s".formatted(file, values));
    }
    String value = values.isEmpty() ? "0" : values.get(0);
    if (!SAVED.contains(value)) {
      return value.contains("$")
          ? MenuStart.unknown("the default of %s is %s".formatted(file, value))
          : found(value, "%s: the default is \"%s\"".formatted(file, value));
    }
    if (block().isEmpty()) {
      return MenuStart.unknown(
          "%s starts the saved entry, and there is not one environment block that holds it"
              .formatted(file));
    }
    String saved = environment("saved_entry").orElse("");
    return found(
        saved.isEmpty() ? "0" : saved,
        saved.isEmpty()
            ? "%s starts the saved entry, and none is saved".formatted(file)
            : "%s: saved_entry is \"%s\"".formatted(block().orElse(""), saved));
  }

  /** Every different value of the default, without the one for a single start. */
  private List<String> values() {
    Set<String> values = new LinkedHashSet<>(defaults());
    values.removeAll(NEXT);
    return List.copyOf(values);
  }

  private List<String> defaults() {
    List<String> values = new ArrayList<>();
    TextEdit lines = new TextEdit(file, config);
    for (int line = 0; line < lines.lineCount(); line++) {
      value(lines, line).ifPresent(at -> values.add(config.substring(at[0], at[1])));
    }
    return values;
  }

  /** Where the value of a line {@code set default="…"} begins and ends, without its quotes. */
  private static Optional<int[]> value(TextEdit lines, int line) {
    KeywordLine words = KeywordLine.of(lines, line);
    if (!words.keyword().equals("set")) {
      return Optional.empty();
    }
    String text = lines.text();
    int start = words.rest();
    while (start < words.end() && text.charAt(start) <= ' ') {
      start++;
    }
    if (!text.startsWith("default=", start)) {
      return Optional.empty();
    }
    start += "default=".length();
    int end = start;
    if (start < words.end() && (text.charAt(start) == '"' || text.charAt(start) == '\'')) {
      int close = TextEdit.indexOf(text, text.charAt(start), start + 1, words.end());
      start++;
      end = close < 0 ? words.end() : close;
    } else {
      while (end < words.end() && text.charAt(end) > ' ' && text.charAt(end) != ';') {
        end++;
      }
    }
    return Optional.of(new int[] {start, end});
  }

  private MenuStart found(String name, String setting) {
    List<Node> menu = nodes;
    Optional<Node> node = Optional.empty();
    for (String step : steps(name)) {
      List<Node> here = menu;
      node = named(here, step).or(() -> here.stream().findFirst());
      menu = node.map(Node::children).orElse(List.of());
      if (node.filter(Node::submenu).isEmpty()) {
        break;
      }
    }
    // A submenu as the default starts its first entry.
    while (node.filter(Node::submenu).isPresent()) {
      node = node.get().children().stream().findFirst();
    }
    return node.flatMap(
            found -> entries.stream().filter(it -> it.line() == found.line() + 1).findFirst())
        .map(entry -> MenuStart.of(entry, setting))
        .orElseGet(() -> MenuStart.unknown(setting + ", and there is no such entry"));
  }

  /** The parts between {@code >}; a doubled one is part of a title. */
  private static List<String> steps(String name) {
    List<String> steps = new ArrayList<>();
    for (String step : name.replace(">>", "\0").split(">")) {
      steps.add(step.replace('\0', '>'));
    }
    return steps;
  }

  private static Optional<Node> named(List<Node> menu, String step) {
    if (step.matches("[0-9]{1,6}")) {
      int number = Integer.parseInt(step);
      return number < menu.size() ? Optional.of(menu.get(number)) : Optional.empty();
    }
    return menu.stream()
        .filter(node -> step.equals(node.id()) || step.equals(node.title()))
        .findFirst();
  }

  @Override
  public NewDefault withDefault(MenuEntry entry) {
    List<String> values = values();
    if (values.size() > 1 || values.stream().anyMatch(it -> it.contains("$") && !isSaved(it))) {
      return NewDefault.refused("the default of %s is %s".formatted(file, values));
    }
    boolean saved = values.stream().anyMatch(GrubMenu::isSaved);
    boolean next = environment("next_entry").filter(value -> !value.isEmpty()).isPresent();
    List<Edited> edits = new ArrayList<>();
    if (saved || next) {
      Optional<String> block = block();
      if (block.isEmpty()) {
        return NewDefault.refused(
            "%s starts the saved entry, and there is not one environment block that holds it"
                .formatted(file));
      }
      edits.add(inBlock(block.get(), saved ? Map.of("saved_entry", entry.name()) : Map.of()));
    }
    if (!saved) {
      Edited edited = inFile(entry);
      edits.add(edited);
      settings()
          .ifPresent(
              it ->
                  edits.add(
                      GrubDefaults.withDefault(
                          it, texts.get(it), entry.name(), NewDefault.RULE, NewDefault.REASON)));
    }
    return NewDefault.of(edits);
  }

  private static boolean isSaved(String value) {
    return SAVED.contains(value);
  }

  private Edited inBlock(String block, Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    if (environment("next_entry").filter(value -> !value.isEmpty()).isPresent()) {
      all.put("next_entry", "");
    }
    return GrubEnv.with(block, texts.get(block), all, NewDefault.RULE, NewDefault.REASON);
  }

  private Edited inFile(MenuEntry entry) {
    TextEdit edit = new TextEdit(file, config);
    boolean there = false;
    for (int line = 0; line < edit.lineCount(); line++) {
      Optional<int[]> value = value(edit, line);
      if (value.isPresent() && !NEXT.contains(config.substring(value.get()[0], value.get()[1]))) {
        there = true;
        boolean quoted =
            value.get()[0] > 0 && "\"'".indexOf(config.charAt(value.get()[0] - 1)) >= 0;
        String name = entry.name().replace("\"", "\\\"");
        edit.replace(
            value.get()[0],
            value.get()[1],
            quoted ? name : "\"" + name + "\"",
            NewDefault.RULE,
            NewDefault.REASON);
      }
    }
    if (!there) {
      edit.append("set default=\"%s\"".formatted(entry.name()), NewDefault.RULE, NewDefault.REASON);
    }
    return edit.result();
  }

  /** The file of grub-mkconfig's settings that has the last word on the default. */
  private Optional<String> settings() {
    return texts.keySet().stream()
        .filter(GrubDefaults::isSettings)
        .filter(it -> GrubDefaults.setsDefault(texts.get(it)))
        .reduce((first, last) -> last)
        .or(() -> Optional.of(GrubDefaults.FILE).filter(texts::containsKey));
  }

  private Optional<String> block() {
    return BootMenus.environmentBlock(texts);
  }

  private Optional<String> environment(String name) {
    return block().flatMap(block -> GrubEnv.value(texts.get(block), name));
  }
}
