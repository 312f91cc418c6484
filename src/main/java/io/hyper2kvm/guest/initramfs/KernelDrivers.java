package io.hyper2kvm.guest.initramfs;

import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guest.initramfs.modules.ModuleBlocks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Whether a kernel can use a virtio disk as its root's and a virtio network card.
 *
 * @param kernel its version
 * @param noDisk why it is not proven that it finds a virtio disk; empty when it is
 * @param noScsi why it is not proven that it finds a disk on virtio-scsi; empty when it is
 * @param noSata why it is not proven that it finds a disk on SATA (AHCI); empty when it is
 * @param noCard why it is not proven that it has a virtio card; empty when it is
 */
public record KernelDrivers(
    String kernel, String noDisk, String noScsi, String noSata, String noCard) {

  private static final List<String> DISK = List.of("virtio_pci", "virtio_blk");
  private static final List<String> SCSI = List.of("virtio_pci", "virtio_scsi", "sd_mod");
  private static final List<String> SATA = List.of("ahci", "sd_mod");
  private static final List<String> CARD = List.of("virtio_pci", "virtio_net");

  public KernelDrivers {
    Objects.requireNonNull(kernel, "kernel");
    Objects.requireNonNull(noDisk, "noDisk");
    Objects.requireNonNull(noScsi, "noScsi");
    Objects.requireNonNull(noSata, "noSata");
    Objects.requireNonNull(noCard, "noCard");
  }

  /** A kernel of which nothing is proven. */
  public static KernelDrivers unproven(String kernel, String reason) {
    return new KernelDrivers(kernel, reason, reason, reason, reason);
  }

  /**
   * A kernel with an initramfs: the disk's drivers must be in there, the card's may come later.
   *
   * @param modules what the guest's root file system has for the kernel
   * @param modprobe modprobe's configuration in the root file system and the boot entries, by path
   * @throws InitramfsFormatException if the initramfs's directories are no directories, or its
   *     module index is damaged
   */
  public static KernelDrivers of(
      InitramfsContents contents,
      KernelModules modules,
      String kernel,
      Map<String, String> modprobe)
      throws InitramfsFormatException {
    if (contents.isSquashed()) {
      String reason =
          "the modules in the initramfs of kernel %s are inside an image that is not read"
              .formatted(kernel);
      return new KernelDrivers(kernel, reason, reason, reason, card(modules, kernel, modprobe));
    }
    return new KernelDrivers(
        kernel,
        disk(DISK, contents, modules, kernel, modprobe),
        disk(SCSI, contents, modules, kernel, modprobe),
        disk(SATA, contents, modules, kernel, modprobe),
        card(modules, kernel, modprobe));
  }

  private static String disk(
      List<String> drivers,
      InitramfsContents contents,
      KernelModules modules,
      String kernel,
      Map<String, String> entries)
      throws InitramfsFormatException {
    InitramfsVerdict verdict = InitramfsVerdict.verify(contents, modules, kernel, drivers);
    return verdict.isComplete()
        ? blocked(drivers, modules, kernel, modprobeOf(contents, entries))
        : "the initramfs of kernel %s lacks %s".formatted(kernel, verdict.missing().keySet());
  }

  /** A kernel without an initramfs: the disk's drivers must be built in. */
  public static KernelDrivers withoutInitramfs(
      KernelModules modules, String kernel, Map<String, String> modprobe) {
    return new KernelDrivers(
        kernel,
        builtInDisk(DISK, modules, kernel),
        builtInDisk(SCSI, modules, kernel),
        builtInDisk(SATA, modules, kernel),
        card(modules, kernel, modprobe));
  }

  private static String builtInDisk(List<String> drivers, KernelModules modules, String kernel) {
    List<String> missing = drivers.stream().filter(name -> !modules.isBuiltin(name)).toList();
    return missing.isEmpty()
        ? ""
        : "kernel %s has no initramfs and no built-in %s".formatted(kernel, missing);
  }

  /** Modprobe's configuration and the boot entries among a guest's files. */
  public static Map<String, String> modprobe(Map<String, String> texts) {
    Map<String, String> files = new TreeMap<>(texts);
    files
        .keySet()
        .removeIf(
            path ->
                !path.startsWith("/etc/modprobe.d/")
                    && !path.equals("/etc/modprobe.conf")
                    && !BootFile.isEntry(path));
    return files;
  }

  private static String card(KernelModules modules, String kernel, Map<String, String> modprobe) {
    List<String> missing = CARD.stream().filter(name -> !modules.has(name)).toList();
    return missing.isEmpty()
        ? blocked(CARD, modules, kernel, modprobe)
        : "kernel %s has no %s".formatted(kernel, missing);
  }

  private static String blocked(
      List<String> names, KernelModules modules, String kernel, Map<String, String> modprobe) {
    List<String> found = new ArrayList<>();
    for (String name : names) {
      if (!modules.isBuiltin(name)) {
        ModuleBlocks.of(modprobe, name)
            .ifPresent(
                place ->
                    found.add("%s keeps kernel %s from loading %s".formatted(place, kernel, name)));
      }
    }
    return found.isEmpty() ? "" : found.get(0);
  }

  /** What the initramfs is told: by its own files, and by the boot entries. */
  private static Map<String, String> modprobeOf(
      InitramfsContents contents, Map<String, String> modprobe) {
    Map<String, String> files = new TreeMap<>(modprobe);
    files.keySet().removeIf(path -> !BootFile.isEntry(path));
    for (String path : contents.keptFiles()) {
      if (path.contains("/modprobe.d/")
          || path.equals("etc/cmdline")
          || path.startsWith("etc/cmdline.d/")) {
        contents
            .content(path)
            .ifPresent(
                bytes ->
                    files.put(
                        path + " in the initramfs",
                        new String(bytes, StandardCharsets.ISO_8859_1)));
      }
    }
    return files;
  }
}
