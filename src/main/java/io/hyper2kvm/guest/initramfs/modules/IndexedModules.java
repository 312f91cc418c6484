package io.hyper2kvm.guest.initramfs.modules;

import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The layout of nearly all tools: {@code lib/modules/VERSION} with depmod's index. Udev or the like
 * loads modules by the index of aliases, and most tools also load a list.
 */
final class IndexedModules implements ModuleStore {

  private final InitramfsContents contents;
  private final KernelModules root;
  private final PresentModules present;
  private final ModuleIndex index;
  private final ModuleLoader loader;

  IndexedModules(InitramfsContents contents, KernelModules root, String kernel)
      throws InitramfsFormatException {
    this.contents = contents;
    this.root = root;
    this.present = PresentModules.of(contents, root, kernel);
    this.index = ModuleIndex.of(contents, present.directory());
    this.loader = ModuleLoader.of(contents);
  }

  @Override
  public SortedMap<String, String> files() {
    SortedMap<String, String> files = new TreeMap<>();
    present.paths().forEach((name, path) -> files.put(name, present.directory() + "/" + path));
    return Collections.unmodifiableSortedMap(files);
  }

  @Override
  public Optional<String> whyNotLoaded(String name) {
    if (loader.listed().contains(name) || loader.byAlias() && index.isAliased(name)) {
      return Optional.empty();
    }
    return Optional.of(obstacle().orElse("no alias and no list of modules would load it"));
  }

  @Override
  public Optional<String> whyNotFound(String name) throws InitramfsFormatException {
    String path = present.paths().get(name);
    return path != null && index.names(name, path)
        ? Optional.empty()
        : Optional.of("in the initramfs, but not in its module index");
  }

  @Override
  public Optional<String> obstacle() {
    return loader.loadsAnything()
        ? Optional.empty()
        : Optional.of("what loads modules in this initramfs is not known");
  }

  @Override
  public void add(
      Map<ModuleFile, byte[]> added,
      Collection<String> wanted,
      Map<String, byte[]> indexFiles,
      Map<String, byte[]> files) {
    Map<String, String> paths = new HashMap<>(present.paths());
    added.forEach(
        (file, content) -> {
          files.put(present.directory() + "/" + file.uncompressedPath(), content);
          paths.put(file.name(), file.uncompressedPath());
        });
    new IndexFiles(contents, root, present.directory(), paths).write(indexFiles, files);
    loader.addTo(contents, wanted, files);
  }
}
