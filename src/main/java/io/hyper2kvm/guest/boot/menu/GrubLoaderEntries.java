package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.boot.GrubEnv;
import io.hyper2kvm.guest.edit.Edited;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The menu of a GRUB that reads entries of the boot loader specification ({@code blscfg}). An
 * entry's name is that of its file; {@code saved_entry} in the environment block is the default.
 */
final class GrubLoaderEntries implements BootMenu {

  private final String file;
  private final SortedMap<String, String> texts;
  private final List<MenuEntry> entries = new ArrayList<>();

  /**
   * The menu.
   *
   * @param file the configuration that reads the entries
   * @param texts the guest's files by path
   */
  GrubLoaderEntries(String file, SortedMap<String, String> texts) {
    this.file = file;
    this.texts = texts;
    texts.entrySet().stream()
        .filter(it -> BootFile.of(it.getKey()).equals(Optional.of(BootFile.BLS_ENTRY)))
        .map(it -> LoaderEntry.ofText(it.getKey(), it.getValue()))
        .sorted(LoaderEntry.BY_NAME)
        .map(GrubLoaderEntries::entry)
        .forEach(entries::add);
  }

  private static MenuEntry entry(LoaderEntry entry) {
    String base = entry.file().substring(entry.file().lastIndexOf('/') + 1);
    String name = LoaderEntry.withoutSuffix(base);
    List<String> names = new ArrayList<>(List.of(name));
    if (!entry.title().isEmpty()) {
      names.add(entry.title());
    }
    return new MenuEntry(entry.file(), entry.line(), names, entry.kernel());
  }

  @Override
  public List<MenuEntry> entries() {
    return List.copyOf(entries);
  }

  private boolean startsSaved() {
    return texts.get(file).contains("${saved_entry}");
  }

  @Override
  public MenuStart start() {
    if (entries.isEmpty()) {
      return MenuStart.unknown("blscfg in %s finds no entry".formatted(file));
    }
    if (!startsSaved()) {
      return MenuStart.unknown("%s reads entries and starts no saved one".formatted(file));
    }
    Optional<String> block = BootMenus.environmentBlock(texts);
    String next = block.flatMap(it -> GrubEnv.value(texts.get(it), "next_entry")).orElse("");
    boolean once = !next.isEmpty() && texts.get(file).contains("${next_entry}");
    String name =
        once ? next : block.flatMap(it -> GrubEnv.value(texts.get(it), "saved_entry")).orElse("");
    if (name.isEmpty() || name.matches("[0-9]{1,6}")) {
      // Which entry has that number differs between versions of GRUB.
      return MenuStart.unknown(
          "%s starts the saved entry, and none is saved by its name".formatted(file));
    }
    // What is not found starts the first one.
    MenuEntry entry =
        entries.stream().filter(it -> it.names().contains(name)).findFirst().orElse(entries.get(0));
    return MenuStart.of(
        entry,
        "%s: %s is \"%s\"".formatted(block.orElse(""), once ? "next_entry" : "saved_entry", name));
  }

  @Override
  public NewDefault withDefault(MenuEntry entry) {
    Optional<String> block = BootMenus.environmentBlock(texts);
    if (block.isEmpty() || !startsSaved()) {
      return NewDefault.refused(
          "%s starts no saved entry, or there is not one environment block that holds it"
              .formatted(file));
    }
    String text = texts.get(block.get());
    Map<String, String> values = new LinkedHashMap<>(Map.of("saved_entry", entry.name()));
    GrubEnv.value(text, "next_entry")
        .filter(next -> !next.isEmpty())
        .ifPresent(next -> values.put("next_entry", ""));
    Edited edited = GrubEnv.with(block.get(), text, values, NewDefault.RULE, NewDefault.REASON);
    return NewDefault.of(List.of(edited));
  }
}
