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
public final class ModuleIndex {

  private final Optional<Map<String, String>> text;
  private final Optional<KmodIndex> binary;
  private final Optional<Set<String>> aliased;
  private final Set<String> listed;

  private ModuleIndex(
      Optional<Map<String, String>> text,
      Optional<KmodIndex> binary,
      Optional<Set<String>> aliased,
      Set<String> listed) {
    this.text = text;
    this.binary = binary;
    this.aliased = aliased;
    this.listed = listed;
  }

  public static ModuleIndex of(InitramfsContents contents, String directory)
      throws InitramfsFormatException {
    Optional<Map<String, String>> text =
        contents.text(directory + "/modules.dep").map(ModuleIndex::paths);
    Optional<byte[]> dep = contents.content(directory + "/modules.dep.bin");
    Optional<KmodIndex> binary =
        dep.isPresent() ? Optional.of(KmodIndex.open(dep.get())) : Optional.empty();
    return new ModuleIndex(text, binary, aliased(contents, directory), listed(contents));
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
  private static Optional<Set<String>> aliased(InitramfsContents contents, String directory)
      throws InitramfsFormatException {
    Optional<byte[]> binary = contents.content(directory + "/modules.alias.bin");
    if (binary.isPresent()) {
      var names = new HashSet<String>();
      for (KmodIndex.Entry entry : KmodIndex.open(binary.get()).entries()) {
        names.add(ModuleFile.normalized(entry.value()));
      }
      return Optional.of(names);
    }
    return contents
        .text(directory + "/modules.alias")
        .map(
            text -> {
              var names = new HashSet<String>();
              ModuleAliases.parse(text).forEach(alias -> names.add(alias.module()));
              return names;
            });
  }

  /** The modules that initramfs-tools or systemd load whatever devices there are. */
  private static Set<String> listed(InitramfsContents contents) {
    var names = new HashSet<String>();
    for (String file : contents.keptFiles()) {
      if (file.equals("conf/modules")
          || file.contains("lib/modules-load.d/")
          || file.startsWith("etc/modules-load.d/")) {
        names.addAll(ModuleList.names(contents.text(file).orElse("")));
      }
    }
    return names;
  }

  /** Whether the index leads from this name to this file; an initramfs may do without an index. */
  public boolean names(String module, String path) throws InitramfsFormatException {
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

  /** Whether something would load it; true if there is no alias index that could tell. */
  public boolean loads(String module) {
    return aliased.isEmpty() || aliased.get().contains(module) || listed.contains(module);
  }
}
