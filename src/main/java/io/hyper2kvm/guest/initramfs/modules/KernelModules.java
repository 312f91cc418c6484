package io.hyper2kvm.guest.initramfs.modules;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What one kernel of the guest has, by the index files in its {@code lib/modules/VERSION}: its
 * modules, what they need, and what is built in. Names are normalized ('-' is '_'); lines that are
 * no module's line are passed over.
 */
public final class KernelModules {

  /** What a guest needs to find its disk on virtio-blk and virtio-scsi and its virtio-net card. */
  public static final List<String> VIRTIO =
      List.of("virtio_pci", "virtio_blk", "virtio_scsi", "sd_mod", "virtio_net");

  /**
   * One module.
   *
   * @param path its file, relative to {@code lib/modules/VERSION}
   * @param needs the names of the modules it depends on, in the index's order: last is loaded first
   */
  public record Module(String path, List<String> needs) {
    /** Copies the list. */
    public Module {
      Objects.requireNonNull(path, "path");
      needs = List.copyOf(needs);
    }
  }

  private final Map<String, Module> modules;
  private final Set<String> builtin;
  private final Map<String, List<String>> softBefore;

  private KernelModules(
      Map<String, Module> modules, Set<String> builtin, Map<String, List<String>> softBefore) {
    this.modules = modules;
    this.builtin = builtin;
    this.softBefore = softBefore;
  }

  /**
   * Reads the index files' texts; an empty text stands for a file that is not there.
   *
   * @param dep {@code modules.dep}
   * @param builtin {@code modules.builtin}
   * @param softdep {@code modules.softdep}
   * @param alias {@code modules.alias}; soft dependencies are often named by an alias
   */
  public static KernelModules parse(String dep, String builtin, String softdep, String alias) {
    var modules = new LinkedHashMap<String, Module>();
    dep.lines().forEach(line -> addModule(line, modules));
    var names = new LinkedHashSet<String>();
    builtin
        .lines()
        .forEach(l -> ModuleFile.of(l.strip()).ifPresent(file -> names.add(file.name())));
    var soft = new HashMap<String, List<String>>();
    softdep.lines().forEach(line -> addSoft(line, soft));
    return new KernelModules(modules, names, resolved(soft, modules.keySet(), alias));
  }

  /** With the modules in the place of the aliases by which they are named. */
  private static Map<String, List<String>> resolved(
      Map<String, List<String>> soft, Set<String> modules, String alias) {
    var named = new HashSet<String>();
    soft.values().forEach(named::addAll);
    named.removeAll(modules);
    var byAlias = new HashMap<String, List<String>>();
    for (ModuleAliases.Alias line : ModuleAliases.parse(alias)) {
      String name = ModuleFile.normalized(line.pattern());
      if (named.contains(name)) {
        byAlias.computeIfAbsent(name, key -> new ArrayList<>()).add(line.module());
      }
    }
    var resolved = new HashMap<String, List<String>>();
    soft.forEach(
        (module, names) ->
            resolved.put(
                module,
                names.stream()
                    .flatMap(name -> byAlias.getOrDefault(name, List.of(name)).stream())
                    .distinct()
                    .toList()));
    return resolved;
  }

  private static void addModule(String line, Map<String, Module> modules) {
    int colon = line.indexOf(':');
    Optional<ModuleFile> file =
        colon < 0 ? Optional.empty() : ModuleFile.of(line.substring(0, colon).strip());
    if (file.isEmpty()) {
      return;
    }
    var needs = new ArrayList<String>();
    for (String need : line.substring(colon + 1).strip().split("[ \t]+")) {
      ModuleFile.of(need).ifPresent(f -> needs.add(f.name()));
    }
    modules.putIfAbsent(file.get().name(), new Module(file.get().path(), needs));
  }

  /** {@code softdep NAME pre: A B post: C}. */
  private static void addSoft(String line, Map<String, List<String>> soft) {
    String[] words = line.strip().split("[ \t]+");
    if (words.length < 3 || !words[0].equals("softdep")) {
      return;
    }
    boolean before = false;
    for (int i = 2; i < words.length; i++) {
      if (words[i].endsWith(":")) {
        before = words[i].equals("pre:");
      } else if (before) {
        soft.computeIfAbsent(ModuleFile.normalized(words[1]), name -> new ArrayList<>())
            .add(ModuleFile.normalized(words[i]));
      }
    }
  }

  /** The module of this name; empty if it is built in or the kernel has no such thing. */
  public Optional<Module> module(String name) {
    return Optional.ofNullable(modules.get(ModuleFile.normalized(name)));
  }

  /** Whether the kernel itself has it. */
  public boolean isBuiltin(String name) {
    return builtin.contains(ModuleFile.normalized(name));
  }

  /** Those of {@link #VIRTIO} that are not built in. */
  public List<String> virtioNotBuiltIn() {
    return VIRTIO.stream().filter(name -> !isBuiltin(name)).toList();
  }

  /** Those of {@link #VIRTIO} that the kernel has as modules. */
  public List<String> virtioModules() {
    return VIRTIO.stream().filter(name -> !isBuiltin(name) && module(name).isPresent()).toList();
  }

  /** Whether the kernel has it, as a module or built in. */
  public boolean has(String name) {
    return isBuiltin(name) || module(name).isPresent();
  }

  /** Whether nothing is known: no module and nothing built in. */
  public boolean isEmpty() {
    return modules.isEmpty() && builtin.isEmpty();
  }

  /**
   * These modules and all that they need, directly or not, without what is built in and without
   * what the kernel has not.
   */
  public Set<String> closure(Collection<String> names) {
    return closure(names, false);
  }

  /** As {@link #closure}, with the modules that are to be loaded before these where they exist. */
  public Set<String> closureWithSoft(Collection<String> names) {
    return closure(names, true);
  }

  private Set<String> closure(Collection<String> names, boolean soft) {
    var reached = new LinkedHashSet<String>();
    var seen = new HashSet<String>();
    var left = new ArrayDeque<String>();
    names.forEach(name -> left.add(ModuleFile.normalized(name)));
    while (!left.isEmpty()) {
      String name = left.remove();
      Module module = modules.get(name);
      if (!seen.add(name) || module == null || builtin.contains(name)) {
        continue;
      }
      reached.add(name);
      left.addAll(module.needs());
      if (soft) {
        left.addAll(softBefore.getOrDefault(name, List.of()));
      }
    }
    return reached;
  }
}
