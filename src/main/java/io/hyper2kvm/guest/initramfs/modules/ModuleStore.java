package io.hyper2kvm.guest.initramfs.modules;

import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The modules that an initramfs holds for one kernel, in the layout that its own init knows, and
 * what that init loads of them by itself.
 */
public interface ModuleStore {

  /**
   * The store of an initramfs, by the tool that made it.
   *
   * @param root what the guest's root file system has for the kernel
   * @throws InitramfsFormatException if its directories are no directories, or what its init reads
   *     is damaged
   */
  static ModuleStore of(InitramfsContents contents, KernelModules root, String kernel)
      throws InitramfsFormatException {
    InitramfsGenerator generator = contents.generator();
    return switch (generator) {
      case BOOSTER -> new BoosterModules(contents, root, kernel);
      case TINY_INITRAMFS -> new TinyModules(contents, root);
      default -> new IndexedModules(contents, root, kernel);
    };
  }

  /** Each module whose file is there: its path in the initramfs. */
  SortedMap<String, String> files();

  /** Why nothing would load a module that is there; empty if something would. */
  Optional<String> whyNotLoaded(String name);

  /** Why the init would not find the file of a module that is there; empty if it would. */
  Optional<String> whyNotFound(String name) throws InitramfsFormatException;

  /** Why modules that are added would not be loaded; empty if they would. */
  Optional<String> obstacle();

  /**
   * Makes the files that add modules.
   *
   * @param added each new module: its file in the guest, and its content, unpacked
   * @param wanted what is to be loaded; it is there or among the new ones
   * @param indexFiles the guest's own index files that there are, by name
   * @param files takes the new files, by path in the initramfs
   * @throws InitramfsFormatException if they cannot be added
   */
  void add(
      Map<ModuleFile, byte[]> added,
      Collection<String> wanted,
      Map<String, byte[]> indexFiles,
      Map<String, byte[]> files)
      throws InitramfsFormatException;
}
