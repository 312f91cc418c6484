package io.hyper2kvm.guest.initramfs;

import io.hyper2kvm.guest.initramfs.archive.CpioReader;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guest.initramfs.modules.ModuleFile;
import io.hyper2kvm.guest.initramfs.modules.ModuleStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an initramfs lacks, and which of the guest's files cure it.
 *
 * @param kernel the kernel version
 * @param rootModules what that kernel has
 * @param wanted the required modules that are not built in and that the kernel has
 * @param unavailable the required modules that this kernel has neither as module nor built in; no
 *     archive can add them
 * @param filesToFetch the module files to add, relative to the guest's {@code lib/modules/VERSION}
 * @param indexOutdated whether the initramfs' own index does not lead to what is in it
 * @param obstacle why modules that are added would not be loaded; empty if they would, or if none
 *     are to be added
 * @param extraFiles path in the initramfs, no leading slash, to content; only what differs
 */
public record InitramfsPlan(
    String kernel,
    KernelModules rootModules,
    List<String> wanted,
    List<String> unavailable,
    List<String> filesToFetch,
    boolean indexOutdated,
    Optional<String> obstacle,
    SortedMap<String, byte[]> extraFiles) {

  /** Copies the collections. */
  public InitramfsPlan {
    Objects.requireNonNull(kernel, "kernel");
    Objects.requireNonNull(rootModules, "rootModules");
    wanted = List.copyOf(wanted);
    unavailable = List.copyOf(unavailable);
    filesToFetch = List.copyOf(filesToFetch);
    Objects.requireNonNull(obstacle, "obstacle");
    extraFiles = Collections.unmodifiableSortedMap(new TreeMap<>(extraFiles));
  }

  /**
   * The index files of the guest's {@code lib/modules/VERSION} that the archive is made with; those
   * that the guest has not are left out.
   */
  public static final List<String> INDEX_FILES =
      List.of("modules.alias", "modules.softdep", "modules.builtin", "modules.builtin.bin");

  /** Whether there is anything to append. */
  public boolean isNeeded() {
    return modulesChange() || !extraFiles.isEmpty();
  }

  boolean modulesChange() {
    return !filesToFetch.isEmpty() || indexOutdated;
  }

  /** As {@link #of(InitramfsContents, KernelModules, String, Collection, Map)}, for virtio. */
  public static InitramfsPlan of(
      InitramfsContents contents,
      KernelModules rootModules,
      String kernel,
      Map<String, byte[]> extraFiles)
      throws InitramfsFormatException {
    return of(contents, rootModules, kernel, KernelModules.VIRTIO, extraFiles);
  }

  /**
   * Compares what is there with what is required.
   *
   * @param extraFiles files to add or to replace; an archive cannot remove one, but empty it
   * @throws InitramfsFormatException if the initramfs' directories are no directories
   */
  public static InitramfsPlan of(
      InitramfsContents contents,
      KernelModules rootModules,
      String kernel,
      Collection<String> required,
      Map<String, byte[]> extraFiles)
      throws InitramfsFormatException {
    if (!kernel.matches("[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}")) {
      throw new IllegalArgumentException("no kernel version: " + CpioReader.printable(kernel));
    }
    var store = ModuleStore.of(contents, rootModules, kernel);
    var wanted = new ArrayList<String>();
    var unavailable = new ArrayList<String>();
    for (String name : required) {
      if (!rootModules.has(name) && !store.files().containsKey(ModuleFile.normalized(name))) {
        unavailable.add(ModuleFile.normalized(name));
      } else if (!rootModules.isBuiltin(name)) {
        wanted.add(ModuleFile.normalized(name));
      }
    }
    List<String> fetch = absent(rootModules.closure(wanted), rootModules, store);
    if (!fetch.isEmpty()) {
      // What is to be loaded before these only if it is there comes along, but is no reason.
      fetch = absent(rootModules.closureWithSoft(wanted), rootModules, store);
    }
    boolean outdated = fetch.isEmpty() && !isIndexed(contents, rootModules, kernel, wanted);
    return new InitramfsPlan(
        kernel,
        rootModules,
        wanted,
        unavailable,
        fetch,
        outdated,
        fetch.isEmpty() && !outdated ? Optional.empty() : store.obstacle(),
        changed(contents, extraFiles));
  }

  private static List<String> absent(
      Collection<String> names, KernelModules rootModules, ModuleStore store) {
    return names.stream()
        .filter(name -> !store.files().containsKey(name))
        .flatMap(name -> rootModules.module(name).stream())
        .map(KernelModules.Module::path)
        .toList();
  }

  private static boolean isIndexed(
      InitramfsContents contents, KernelModules rootModules, String kernel, List<String> wanted) {
    try {
      return InitramfsVerdict.verify(contents, rootModules, kernel, wanted).isComplete();
    } catch (InitramfsFormatException e) {
      // A damaged index is one that must be written anew.
      return false;
    }
  }

  private static SortedMap<String, byte[]> changed(
      InitramfsContents contents, Map<String, byte[]> extraFiles) {
    var changed = new TreeMap<String, byte[]>();
    extraFiles.forEach(
        (path, content) -> {
          String relative = path.startsWith("/") ? path.substring(1) : path;
          if (!contents.content(relative).filter(old -> Arrays.equals(old, content)).isPresent()) {
            changed.put(relative, content.clone());
          }
        });
    return changed;
  }
}
