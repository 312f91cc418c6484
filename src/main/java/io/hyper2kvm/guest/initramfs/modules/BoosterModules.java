package io.hyper2kvm.guest.initramfs.modules;

import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsEntry;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The layout of booster: every module unpacked as {@code usr/lib/modules/NAME.ko}, the aliases of
 * the devices of the machine it was built on in {@code booster.alias} beside them, and what needs
 * what in its {@link BoosterInit} configuration. Its init reads nothing else, no list of systemd's
 * and no index of depmod's.
 */
final class BoosterModules implements ModuleStore {

  private static final String FOLDER = "usr/lib/modules/";
  private static final String ALIASES = FOLDER + "booster.alias";

  private final KernelModules root;
  private final BoosterInit init;
  private final String aliases;
  private final Set<String> aliased = new HashSet<>();
  private final SortedMap<String, String> files = new TreeMap<>();

  /**
   * Reads it.
   *
   * @throws InitramfsFormatException if its configuration has another form than booster's, or is
   *     for another kernel
   */
  BoosterModules(InitramfsContents contents, KernelModules root, String kernel)
      throws InitramfsFormatException {
    this.root = root;
    this.init = BoosterInit.parse(contents.text(BoosterInit.FILE).orElse(""));
    if (!init.kernel().isEmpty() && !init.kernel().equals(kernel)) {
      throw InitramfsFormatException.blocked(
          BoosterInit.FILE, "it is for another kernel than " + kernel);
    }
    this.aliases =
        contents
            .content(ALIASES)
            .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
            .orElse("");
    for (String line : (Iterable<String>) aliases.lines()::iterator) {
      int space = line.lastIndexOf(' ');
      if (space > 0) {
        aliased.add(line.substring(space + 1));
      }
    }
    for (InitramfsEntry entry : contents.tree().entries().tailMap(FOLDER, false).values()) {
      if (!entry.path().startsWith(FOLDER)) {
        break;
      }
      String name = entry.path().substring(FOLDER.length());
      if (name.endsWith(".ko") && entry.isRegular() && entry.size() > 0) {
        ModuleFile.of(name)
            .filter(file -> name.equals(file.name() + ".ko"))
            .ifPresent(file -> files.put(file.name(), entry.path()));
      }
    }
  }

  @Override
  public SortedMap<String, String> files() {
    return Collections.unmodifiableSortedMap(files);
  }

  @Override
  public Optional<String> whyNotLoaded(String name) {
    return init.forced().contains(name) || aliased.contains(name)
        ? Optional.empty()
        : Optional.of("booster has no alias of it and does not force it");
  }

  /** Its init knows only the needs that its configuration states. */
  @Override
  public Optional<String> whyNotFound(String name) {
    Set<String> stated = init.closure(name);
    List<String> unstated =
        root.closure(List.of(name)).stream().filter(need -> !stated.contains(need)).toList();
    return unstated.isEmpty()
        ? Optional.empty()
        : Optional.of("booster does not know that it needs " + unstated);
  }

  @Override
  public Optional<String> obstacle() {
    return Optional.empty();
  }

  @Override
  public void add(
      Map<ModuleFile, byte[]> added,
      Collection<String> wanted,
      Map<String, byte[]> indexFiles,
      Map<String, byte[]> files)
      throws InitramfsFormatException {
    Set<String> there = new HashSet<>(this.files.keySet());
    added.forEach(
        (file, content) -> {
          files.put(FOLDER + file.name() + ".ko", content);
          there.add(file.name());
        });
    Map<String, List<String>> needs = new TreeMap<>();
    for (String name : root.closure(wanted)) {
      List<String> direct = new ArrayList<>();
      root.module(name).map(KernelModules.Module::needs).orElse(List.of()).stream()
          .filter(there::contains)
          .forEach(direct::add);
      needs.put(name, direct);
    }
    files.put(BoosterInit.FILE, init.with(needs, wanted).getBytes(StandardCharsets.UTF_8));
    addAliases(wanted, indexFiles, files);
  }

  private void addAliases(
      Collection<String> wanted, Map<String, byte[]> indexFiles, Map<String, byte[]> files) {
    byte[] own = indexFiles.get("modules.alias");
    if (own == null) {
      return; // What is forced needs no alias.
    }
    Set<String> lacking = new HashSet<>(wanted);
    lacking.removeAll(aliased);
    StringBuilder text = new StringBuilder(aliases);
    if (!aliases.isEmpty() && !aliases.endsWith("\n")) {
      text.append('\n');
    }
    List<ModuleAliases.Alias> all =
        ModuleAliases.parse(new String(own, StandardCharsets.ISO_8859_1));
    ModuleAliases.of(lacking, all)
        .forEach(
            alias -> text.append(alias.pattern()).append(' ').append(alias.module()).append('\n'));
    files.put(ALIASES, text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }
}
