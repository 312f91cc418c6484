package io.hyper2kvm.guest.initramfs.modules;

import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes the module index for exactly the modules that an initramfs will hold, as depmod would:
 * modules.dep and modules.alias, each as text for busybox and as trie for kmod.
 */
public final class IndexFiles {

  private final InitramfsContents contents;
  private final KernelModules root;
  private final String directory;
  private final Map<String, String> paths;

  /**
   * States the modules.
   *
   * @param directory the initramfs' {@code lib/modules/VERSION}
   * @param paths all modules that will be there, by name, relative to the directory
   */
  public IndexFiles(
      InitramfsContents contents, KernelModules root, String directory, Map<String, String> paths) {
    this.contents = contents;
    this.root = root;
    this.directory = directory;
    this.paths = new TreeMap<>(paths);
  }

  /** Adds the index files to {@code files}, by path in the initramfs. */
  public void write(Map<String, byte[]> rootIndexFiles, Map<String, byte[]> files) {
    Map<String, String> lines = dependencies();
    files.put(path("modules.dep"), latin(String.join("\n", lines.values()) + "\n"));
    var entries = new ArrayList<KmodIndex.Entry>();
    lines.forEach((name, line) -> entries.add(new KmodIndex.Entry(name, line, entries.size())));
    files.put(path("modules.dep.bin"), KmodIndexWriter.write(entries));

    byte[] rootAlias = rootIndexFiles.get("modules.alias");
    if (rootAlias != null) {
      List<ModuleAliases.Alias> aliases = aliases(latin(rootAlias));
      files.put(path("modules.alias"), latin(ModuleAliases.text(aliases)));
      files.put(path("modules.alias.bin"), ModuleAliases.binary(aliases));
    }
    byte[] softdep = rootIndexFiles.get("modules.softdep");
    if (softdep != null) {
      files.put(path("modules.softdep"), softdep);
    }
    for (String name : List.of("modules.builtin", "modules.builtin.bin")) {
      byte[] content = rootIndexFiles.get(name);
      if (content != null && contents.find(path(name)).isEmpty()) {
        files.put(path(name), content);
      }
    }
  }

  /** Module name to its line "path: paths of what it needs". */
  private Map<String, String> dependencies() {
    KernelModules own =
        KernelModules.parse(contents.text(path("modules.dep")).orElse(""), "", "", "");
    var lines = new LinkedHashMap<String, String>();
    paths.forEach(
        (name, path) -> {
          // The guest may have a newer set of modules than its initramfs was made of; what the
          // initramfs says about its own files is right for these.
          var module = own.module(name).or(() -> root.module(name));
          var line = new StringBuilder(path).append(':');
          for (String need : module.map(KernelModules.Module::needs).orElse(List.of())) {
            String file = paths.get(need);
            if (file != null) {
              line.append(' ').append(file);
            }
          }
          lines.put(name, line.toString());
        });
    return lines;
  }

  private List<ModuleAliases.Alias> aliases(String rootAlias) {
    Set<String> present = paths.keySet();
    var aliases = new ArrayList<>(ModuleAliases.of(present, ModuleAliases.parse(rootAlias)));
    var foreign = new HashMap<>(paths);
    foreign.keySet().removeIf(name -> root.module(name).isPresent());
    contents
        .text(path("modules.alias"))
        .ifPresent(
            own -> aliases.addAll(ModuleAliases.of(foreign.keySet(), ModuleAliases.parse(own))));
    return aliases;
  }

  private String path(String name) {
    return directory + "/" + name;
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
