package io.hyper2kvm.stage.load;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.hardware.VirtualHardware;
import io.hyper2kvm.image.ova.MergedDisk;
import io.hyper2kvm.image.ova.OvaPackage;
import io.hyper2kvm.image.ova.ReadyDisk;
import io.hyper2kvm.image.probe.ImageProbe;
import io.hyper2kvm.image.probe.MergedImage;
import io.hyper2kvm.manifest.model.LoadSpec;
import io.hyper2kvm.manifest.model.SourceType;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The disks of a VM's source, whatever it is: disk images, an OVA, a VM with its VMX, an archive
 * with a disk. They are checked when it is opened, as far as that needs no unpacking; {@link
 * #ready} unpacks what must be unpacked. Nothing of a source is written.
 */
public final class SourceDisks implements Closeable {

  /** One disk image, or an archive with its disks. */
  private record Part(Optional<ImageFacts> image, Optional<OvaPackage> ova) {
    int count() {
      return ova.map(OvaPackage::diskCount).orElse(1);
    }
  }

  private final List<Path> roots;
  private final AllowedDevices devices;
  private final ImageProbe images = new ImageProbe();
  private final SourceProbe probe = new SourceProbe(images);
  private final List<Part> parts = new ArrayList<>();
  private final List<List<Path>> files = new ArrayList<>();
  private final List<String> corrections = new ArrayList<>();

  private SourceDisks(List<Path> roots, AllowedDevices devices) {
    this.roots = roots;
    this.devices = devices;
  }

  /**
   * Opens and checks what a manifest names.
   *
   * @param roots below which the sources must really lie; empty means anywhere
   * @param devices the block devices that may be read, wherever they are
   * @throws StageFailedException when a source must not be read or cannot be converted
   * @throws ImageRefusedException when an image or an archive is not what it should be
   */
  public static SourceDisks open(LoadSpec load, List<Path> roots, AllowedDevices devices)
      throws IOException {
    SourceDisks disks = new SourceDisks(roots, devices);
    try {
      List<Path> sources = new ArrayList<>(List.of(load.sourcePath()));
      sources.addAll(load.additionalDisks());
      for (Path source : sources) {
        disks.add(disks.corrected(source, load), load.sourceType());
      }
      disks.requireOneOva(load);
      return disks;
    } catch (IOException | RuntimeException e) {
      disks.close();
      throw interrupted(load.sourcePath(), e);
    }
  }

  /** Whoever names a disk's data means the disk; a checksum is of the very file that is named. */
  private Path corrected(Path source, LoadSpec load) throws IOException {
    boolean vmdk = load.sourceType() == SourceType.VMDK || load.sourceType() == SourceType.AUTO;
    if (!vmdk || load.sha256().isPresent() || devices.device(source).isPresent()) {
      return source;
    }
    requireBelow(source, AllowedRoots.real(source));
    Optional<Path> descriptor = images.descriptorOf(source);
    descriptor.ifPresent(
        d ->
            corrections.add(
                "%s holds data of the disk %s, and that disk is converted"
                    .formatted(source, d.getFileName())));
    return descriptor.orElse(source);
  }

  private void add(Path source, SourceType type) throws IOException {
    Optional<Path> device = devices.device(source);
    if (device.isPresent()) {
      addDevice(source, device.get(), type);
      return;
    }
    // What lies outside is not even looked at: an error would tell what is there.
    requireBelow(source, AllowedRoots.real(source));
    Optional<OvaPackage> ova = probe.ova(source, type);
    Part part =
        ova.isPresent()
            ? new Part(Optional.empty(), ova)
            : new Part(Optional.of(probe.image(source, type)), Optional.empty());
    parts.add(part);
    for (int i = 0; i < part.count(); i++) {
      int disk = i;
      List<Path> own =
          ova.map(a -> a.files(disk)).orElseGet(() -> part.image().orElseThrow().files());
      for (Path file : own) {
        requireBelow(source, file);
      }
      files.add(own);
    }
  }

  private void addDevice(Path source, Path device, SourceType type) {
    if (type != SourceType.RAW && type != SourceType.AMI && type != SourceType.AUTO) {
      throw StageFailedException.because(
          FailureCode.FORMAT_MISMATCH,
          "%s is a block device, which is read as a raw disk only: set source_type to raw"
              .formatted(source));
    }
    parts.add(new Part(Optional.of(images.probeDevice(device)), Optional.empty()));
    files.add(List.of(device));
    corrections.add(
        "%s is a block device, and only its size and its first MiB are compared when the work is done: was it a snapshot, or the VM off?"
            .formatted(source));
  }

  private void requireBelow(Path named, Path path) throws IOException {
    AllowedRoots.requireBelow(named, path, roots, FailureCode.SOURCE_OUTSIDE_ROOTS);
  }

  /** With auto, only the source tells that it brings its disks itself. */
  private void requireOneOva(LoadSpec load) {
    boolean described =
        parts.stream().flatMap(p -> p.ova().stream()).anyMatch(a -> a.machine().isPresent());
    if (described && parts.size() > 1) {
      throw StageFailedException.because(
          FailureCode.FORMAT_MISMATCH,
          "%s and its additional_disks: an OVA, OVF or VMX brings its disks itself"
              .formatted(load.sourcePath()));
    }
    if (load.sha256().isPresent() && Files.isDirectory(load.sourcePath())) {
      throw StageFailedException.because(
          FailureCode.SOURCE_NOT_REGULAR,
          "%s is a folder, which has no checksum: name its .ovf or .vmx file, or leave checksum out"
              .formatted(load.sourcePath()));
    }
  }

  /** How many disks the VM has; at least one. */
  int count() {
    return files.size();
  }

  /** The files of the source that a disk is made of; the first is the one that a checksum is of. */
  List<Path> files(int disk) {
    return files.get(disk);
  }

  /** The disks that QEMU can read where they stand; those that must be unpacked are left out. */
  List<ReadyDisk> inPlace() {
    List<ReadyDisk> disks = new ArrayList<>();
    for (Part part : parts) {
      part.image().filter(i -> !i.differencing()).map(ReadyDisk::file).ifPresent(disks::add);
      part.ova().map(OvaPackage::inPlace).ifPresent(disks::addAll);
    }
    return disks;
  }

  /**
   * Makes all disks readable for QEMU.
   *
   * @param folder a folder of the VM's own, for what must be unpacked
   * @return in the VM's order
   */
  public List<ReadyDisk> ready(Path folder) throws IOException {
    List<ReadyDisk> ready = new ArrayList<>();
    try {
      for (Part part : parts) {
        if (part.image().isPresent()) {
          ready.add(readable(part.image().get(), folder, ready.size() + 1));
          continue;
        }
        Path own = parts.size() == 1 ? folder : folder.resolve("source" + (ready.size() + 1));
        Files.createDirectories(own);
        ready.addAll(part.ova().orElseThrow().ready(own));
      }
      return ready;
    } catch (IOException | RuntimeException e) {
      throw interrupted(folder, e);
    }
  }

  private static ReadyDisk readable(ImageFacts image, Path folder, int number) throws IOException {
    return image.differencing()
        ? MergedDisk.write(image, folder.resolve("disk%d.unpacked".formatted(number)))
        : ReadyDisk.file(image);
  }

  /** What the disks that will be merged with their parents take at least, in bytes. */
  public long mergedBytes() {
    return parts.stream()
        .flatMap(part -> part.image().stream())
        .filter(ImageFacts::differencing)
        .mapToLong(MergedImage::leastBytes)
        .sum();
  }

  /** A stop of the daemon interrupts whoever reads or unpacks. */
  private static RuntimeException interrupted(Path what, Exception failure) throws IOException {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedIOException || cause instanceof ClosedByInterruptException) {
        return StageFailedException.causedBy(
            FailureCode.CANCELLED, "the work on %s was interrupted".formatted(what), failure);
      }
    }
    if (failure instanceof IOException io) {
      throw io;
    }
    return (RuntimeException) failure;
  }

  /** What the OVA said of itself, once its disks are ready. */
  Optional<OvfFacts> ovf() {
    return parts.stream()
        .flatMap(part -> part.ova().stream())
        .flatMap(ova -> OvfFacts.of(ova).stream())
        .findFirst();
  }

  /** What the OVA's description says of the machine. */
  Optional<VirtualHardware> machine() {
    return parts.stream()
        .flatMap(part -> part.ova().stream())
        .flatMap(ova -> ova.machine().stream())
        .findFirst();
  }

  /** What an operator should look at, once the disks are ready. */
  List<String> warnings() {
    List<String> all = new ArrayList<>(corrections);
    parts.stream().flatMap(part -> part.ova().stream()).forEach(ova -> all.addAll(ova.warnings()));
    return List.copyOf(all);
  }

  @Override
  public void close() throws IOException {
    for (Part part : parts) {
      if (part.ova().isPresent()) {
        part.ova().get().close();
      }
    }
  }
}
