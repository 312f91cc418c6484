package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.boot.UnifiedKernel;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The menu of systemd-boot: the entries of the boot loader specification and the unified kernel
 * images, in the specification's order. {@code default} in {@code loader.conf} is a pattern of
 * their names. What the firmware's variables chose ({@code @saved}, {@code bootctl set-default})
 * stayed in the old machine (systemd-boot(7), loader.conf(5)).
 */
final class SystemdBootMenu implements BootMenu {

  private static final String SAVED = "@saved";

  /** It is read from the EFI system partition alone. */
  private static final String SETTINGS = "/loader/loader.conf";

  private final SortedMap<String, String> texts;
  private final List<LoaderEntry> sorted;
  private final Optional<String> settings;
  private String pattern = "";
  private int patternLine = -1;

  /**
   * The menu.
   *
   * @param texts the guest's files by path
   * @param releases the keys of the os-release inside each unified image, by its path
   */
  SystemdBootMenu(SortedMap<String, String> texts, Map<String, Map<String, String>> releases) {
    this.texts = texts;
    List<LoaderEntry> found = new ArrayList<>();
    texts.forEach(
        (file, text) -> {
          BootFile kind = BootFile.of(file).orElse(BootFile.GRUB_DEFAULTS);
          if (kind == BootFile.BLS_ENTRY) {
            found.add(LoaderEntry.ofText(file, text));
          } else if (kind == BootFile.UNIFIED_KERNEL && !UnifiedKernel.isAddon(file)) {
            found.add(LoaderEntry.ofImage(file, releases.getOrDefault(file, Map.of())));
          }
        });
    this.sorted = found.stream().sorted(LoaderEntry.BY_SPECIFICATION).toList();
    this.settings =
        texts.keySet().stream()
            .filter(file -> file.toLowerCase(Locale.ROOT).endsWith(SETTINGS))
            .min(Comparator.comparing(file -> !file.contains("/efi/")));
    settings.ifPresent(this::readSettings);
  }

  private void readSettings(String file) {
    TextEdit lines = new TextEdit(file, texts.get(file));
    for (int line = 0; line < lines.lineCount(); line++) {
      KeywordLine words = KeywordLine.of(lines, line);
      if (words.keyword().equals("default")) {
        pattern = lines.text().substring(words.rest(), words.end()).strip();
        patternLine = line;
      }
    }
  }

  /** The names as they are, the pattern's one first. */
  private static MenuEntry entry(LoaderEntry entry) {
    return new MenuEntry(entry.file(), entry.line(), List.of(entry.id()), entry.kernel());
  }

  @Override
  public List<MenuEntry> entries() {
    return sorted.stream().map(SystemdBootMenu::entry).toList();
  }

  @Override
  public MenuStart start() {
    if (sorted.isEmpty()) {
      return MenuStart.unknown("systemd-boot has no entries");
    }
    String place = settings.map(file -> file + ":" + (patternLine + 1)).orElse("");
    if (!pattern.isEmpty() && !pattern.toLowerCase(Locale.ROOT).equals(SAVED)) {
      Optional<LoaderEntry> found =
          sorted.stream().filter(it -> NamePattern.matches(pattern, it.id())).findFirst();
      if (found.isPresent()) {
        return MenuStart.of(entry(found.get()), "%s: the default is %s".formatted(place, pattern));
      }
    }
    String why =
        pattern.isEmpty()
            ? "no loader.conf names a default"
            : pattern.equals(SAVED)
                ? "%s: the default is the saved entry, which only the old machine's firmware knew"
                    .formatted(place)
                : "%s: no entry fits the default %s".formatted(place, pattern);
    return MenuStart.of(entry(sorted.get(0)), why + ", so the first entry starts");
  }

  @Override
  public NewDefault withDefault(MenuEntry entry) {
    if (settings.isEmpty()) {
      return NewDefault.refused(
          "there is no loader.conf that could name the default of systemd-boot");
    }
    TextEdit edit = new TextEdit(settings.get(), texts.get(settings.get()));
    String line = "default " + entry.name();
    if (patternLine >= 0) {
      edit.replaceLine(patternLine, line, NewDefault.RULE, NewDefault.REASON);
    } else {
      edit.append(line, NewDefault.RULE, NewDefault.REASON);
    }
    return NewDefault.of(List.of(edit.result()));
  }
}
