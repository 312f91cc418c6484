package io.hyper2kvm.guest.initramfs;

import io.hyper2kvm.guest.initramfs.archive.CpioWriter;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.archive.Placement;
import io.hyper2kvm.guest.initramfs.archive.SegmentEncoder;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guest.initramfs.modules.ModuleContent;
import io.hyper2kvm.guest.initramfs.modules.ModuleFile;
import io.hyper2kvm.guest.initramfs.modules.ModuleStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One more segment for an initramfs file, which adds what an {@link InitramfsPlan} says. It never
 * replaces a directory or a symbolic link, and the same inputs give the same bytes.
 */
public final class AppendedArchive {

  private AppendedArchive() {}

  /**
   * What is to be appended to exactly the file that was read; alignment is taken care of.
   *
   * @param contents the initramfs to be extended
   * @param plan what it lacks; must be needed
   * @param moduleFiles the plan's files as fetched: path relative to {@code lib/modules/VERSION},
   *     to content, compressed or not as the name says. Those that a required module needs must all
   *     be there.
   * @param rootIndexFiles of the plan's {@code INDEX_FILES} those that the guest has, by name
   * @throws InitramfsFormatException if a module file is no module, or the layout leaves no place
   * @throws IllegalArgumentException if the plan is not needed, or a needed file is not given
   */
  public static byte[] suffix(
      InitramfsContents contents,
      InitramfsPlan plan,
      Map<String, byte[]> moduleFiles,
      Map<String, byte[]> rootIndexFiles)
      throws InitramfsFormatException {
    if (!plan.isNeeded()) {
      throw new IllegalArgumentException("nothing is to be added");
    }
    var files = new TreeMap<String, byte[]>();
    if (plan.modulesChange()) {
      addModules(contents, plan, moduleFiles, rootIndexFiles, files);
    }
    files.putAll(plan.extraFiles());
    return pack(contents, files);
  }

  private static void addModules(
      InitramfsContents contents,
      InitramfsPlan plan,
      Map<String, byte[]> moduleFiles,
      Map<String, byte[]> rootIndexFiles,
      Map<String, byte[]> files)
      throws InitramfsFormatException {
    KernelModules root = plan.rootModules();
    ModuleStore store = ModuleStore.of(contents, root, plan.kernel());
    var hard = root.closure(plan.wanted());
    var added = new LinkedHashMap<ModuleFile, byte[]>();
    for (String path : plan.filesToFetch()) {
      ModuleFile file = ModuleFile.of(path).orElseThrow();
      byte[] content = moduleFiles.get(path);
      if (content != null) {
        added.put(file, ModuleContent.of(file, content));
      } else if (hard.contains(file.name())) {
        throw new IllegalArgumentException("module file is not given: " + path);
      }
    }
    store.add(added, plan.wanted(), rootIndexFiles, files);
  }

  private static byte[] pack(InitramfsContents contents, SortedMap<String, byte[]> files)
      throws InitramfsFormatException {
    var real = new TreeMap<String, byte[]>();
    var directories = new TreeSet<String>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      String path = Placement.of(contents.tree(), file.getKey(), directories);
      real.put(path, file.getValue());
    }
    for (String path : real.keySet()) {
      if (directories.contains(path)) {
        throw InitramfsFormatException.blocked(path, "another new file has it as its directory");
      }
    }
    var cpio = new CpioWriter();
    directories.forEach(cpio::directory);
    real.forEach(cpio::file);
    return SegmentEncoder.suffix(contents, cpio.finish());
  }
}
