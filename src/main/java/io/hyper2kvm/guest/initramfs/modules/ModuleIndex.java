package io.hyper2kvm.guest.initramfs.modules;

import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the module index inside an initramfs says, text (read by busybox) and binary (by kmod). */
final class ModuleIndex {

  private final Optional<Map<String, String>> text;
  private final Optional<KmodIndex> binary;
  private final Set<String> aliased;

  private ModuleIndex(
      Optional<Map<String, String>> text, Optional<KmodIndex> binary, Set<String> aliased) {
    this.text = text;
    this.binary = binary;
    this.aliased = aliased;
  }

  static ModuleIndex of(InitramfsContents contents, String directory)
      throws InitramfsFormatException {
    Optional<Map<String, String>> text =
        contents.text(directory + "/modules.dep").map(ModuleIndex::paths);
    Optional<byte[]> dep = contents.content(directory + "/modules.dep.bin");
    Optional<KmodIndex> binary =
        dep.isPresent() ? Optional.of(KmodIndex.open(dep.get())) : Optional.empty();
    return new ModuleIndex(text, binary, aliased(contents, directory));
  }

  private static Map<String, String> paths(String text) {
    var paths = new HashMap<String, String>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        ModuleFile.of(line.substring(0, colon).strip())
            .ifPresent(file -> paths.putIfAbsent(file.name(), file.path()));
      }
    }
    return paths;
  }

  /** The modules that some alias names; kmod goes by the binary index where there is one. */
  private static Set<String> aliased(InitramfsContents contents, String directory)
      throws InitramfsFormatException {
    Optional<byte[]> binary = contents.content(directory + "/modules.alias.bin");
    Set<String> names = new HashSet<>();
    if (binary.isPresent()) {
      for (KmodIndex.Entry entry : KmodIndex.open(binary.get()).entries()) {
        names.add(ModuleFile.normalized(entry.value()));
      }
    } else {
      ModuleAliases.parse(contents.text(directory + "/modules.alias").orElse(""))
          .forEach(alias -> names.add(alias.module()));
    }
    return names;
  }

  /** Whether the index leads from this name to this file; an initramfs may do without an index. */
  boolean names(String module, String path) throws InitramfsFormatException {
    if (text.isPresent() && !path.equals(text.get().get(module))) {
      return false;
    }
    if (binary.isEmpty()) {
      return true;
    }
    List<String> lines = binary.get().find(module);
    return !lines.isEmpty()
        && ModuleFile.of(lines.get(0).split(":", 2)[0])
            .filter(f -> f.path().equals(path))
            .isPresent();
  }

  /** Whether some alias leads to it. */
  boolean isAliased(String module) {
    return aliased.contains(module);
  }
}
