package io.hyper2kvm.guest.initramfs.modules;

import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsEntry;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The layout of tiny-initramfs: module files at the top, and {@code /modules} with the path of each
 * one and its options, in the order in which they are loaded. Its init knows no aliases and no
 * dependencies, and gives the kernel each file as it is: compressed ones are not loaded.
 */
final class TinyModules implements ModuleStore {

  private static final String LIST = "modules";

  private final KernelModules root;
  private final SortedMap<String, String> files = new TreeMap<>();
  private final Optional<String> list;

  /** What is loaded once all before it are. */
  private final Set<String> loaded = new LinkedHashSet<>();

  TinyModules(InitramfsContents contents, KernelModules root) {
    this.root = root;
    this.list = contents.content(LIST).map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
    for (InitramfsEntry entry : contents.tree().entries().values()) {
      if (entry.path().endsWith(".ko") && entry.isRegular() && entry.size() > 0) {
        ModuleFile.of(entry.path()).ifPresent(file -> files.put(file.name(), entry.path()));
      }
    }
    for (String line : (Iterable<String>) list.orElse("").lines()::iterator) {
      String path = line.split(" ", 2)[0];
      String relative = path.startsWith("/") ? path.substring(1) : path;
      ModuleFile.of(relative)
          .filter(file -> file.path().equals(files.get(file.name())))
          .map(ModuleFile::name)
          .filter(name -> loaded.containsAll(needs(name)))
          .ifPresent(loaded::add);
    }
  }

  private Set<String> needs(String name) {
    Set<String> needs = new HashSet<>(root.closure(List.of(name)));
    needs.remove(name);
    return needs;
  }

  @Override
  public SortedMap<String, String> files() {
    return Collections.unmodifiableSortedMap(files);
  }

  @Override
  public Optional<String> whyNotLoaded(String name) {
    return loaded.contains(name)
        ? Optional.empty()
        : Optional.of(
            obstacle().orElse("/modules in the initramfs does not list it behind all it needs"));
  }

  @Override
  public Optional<String> whyNotFound(String name) {
    return Optional.empty();
  }

  @Override
  public Optional<String> obstacle() {
    return list.isPresent()
        ? Optional.empty()
        : Optional.of("this tiny-initramfs has no list /modules, and its init may read none");
  }

  @Override
  public void add(
      Map<ModuleFile, byte[]> added,
      Collection<String> wanted,
      Map<String, byte[]> indexFiles,
      Map<String, byte[]> files)
      throws InitramfsFormatException {
    if (list.isEmpty()) {
      throw InitramfsFormatException.blocked(LIST, obstacle().orElseThrow());
    }
    Map<String, String> paths = new LinkedHashMap<>(this.files);
    added.forEach(
        (file, content) -> {
          String plain = file.uncompressedPath();
          String path = plain.substring(plain.lastIndexOf('/') + 1);
          files.put(path, content);
          paths.put(file.name(), path);
        });
    StringBuilder text = new StringBuilder(list.get());
    if (!list.get().isEmpty() && !list.get().endsWith("\n")) {
      text.append('\n');
    }
    Set<String> listed = new HashSet<>(loaded);
    for (String name : wanted) {
      for (String each : inOrder(name)) {
        if (paths.containsKey(each) && listed.add(each)) {
          text.append('/').append(paths.get(each)).append('\n');
        }
      }
    }
    files.put(LIST, text.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A module behind all that it needs. */
  private List<String> inOrder(String name) {
    List<String> order = new ArrayList<>();
    inOrder(name, new HashSet<>(), order);
    return order;
  }

  private void inOrder(String name, Set<String> seen, List<String> order) {
    // Depmod's lists of needs are complete and short; a hostile chain is not followed for ever.
    if (seen.size() > 200 || !seen.add(name)) {
      return;
    }
    for (String need : root.closure(List.of(name))) {
      inOrder(need, seen, order);
    }
    order.add(name);
  }
}
