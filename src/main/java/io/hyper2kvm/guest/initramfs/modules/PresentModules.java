package io.hyper2kvm.guest.initramfs.modules;

import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsEntry;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.archive.RootfsTree;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The module files that an initramfs holds for one kernel.
 *
 * @param directory where its {@code lib/modules/VERSION} really is, or would be
 * @param paths module name to file, relative to the directory
 */
public record PresentModules(String directory, SortedMap<String, String> paths) {

  public PresentModules {
    paths = Collections.unmodifiableSortedMap(paths);
  }

  /** Where several files are one module, the one that the guest's index names is it. */
  public static PresentModules of(InitramfsContents contents, KernelModules root, String kernel)
      throws InitramfsFormatException {
    RootfsTree tree = contents.tree();
    String directory = directory(tree, kernel);
    var paths = new TreeMap<String, String>();
    String prefix = directory + "/";
    for (InitramfsEntry entry : tree.entries().tailMap(prefix, false).values()) {
      if (!entry.path().startsWith(prefix)) {
        break;
      }
      String relative = entry.path().substring(prefix.length());
      if (isModule(tree, entry)) {
        ModuleFile.of(relative).ifPresent(file -> add(file, root, paths));
      }
    }
    return new PresentModules(directory, paths);
  }

  private static boolean isModule(RootfsTree tree, InitramfsEntry entry) {
    if (!entry.path().contains(".ko")) {
      return false;
    }
    return tree.resolve(entry.path())
        .map(tree.entries()::get)
        .filter(real -> real.isRegular() && real.size() > 0)
        .isPresent();
  }

  private static void add(ModuleFile file, KernelModules root, SortedMap<String, String> paths) {
    String indexed =
        root.module(file.name())
            .flatMap(module -> ModuleFile.of(module.path()))
            .map(ModuleFile::uncompressedPath)
            .orElse("");
    if (!paths.containsKey(file.name()) || file.uncompressedPath().equals(indexed)) {
      paths.put(file.name(), file.path());
    }
  }

  private static String directory(RootfsTree tree, String kernel) throws InitramfsFormatException {
    for (String base : new String[] {"lib/modules/", "usr/lib/modules/"}) {
      var real = tree.resolve(base + kernel).filter(tree::isDirectory);
      if (real.isPresent()) {
        return real.get();
      }
    }
    return tree.resolveMissing("lib/modules/" + kernel)
        .filter(path -> !path.isEmpty())
        .orElseThrow(
            () ->
                InitramfsFormatException.blocked(
                    "lib/modules/" + kernel, "its directories are no directories"));
  }
}
