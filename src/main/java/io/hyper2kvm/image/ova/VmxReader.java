package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.RegularFile;
import io.hyper2kvm.image.hardware.HardwareDisk;
import io.hyper2kvm.image.ova.container.ArchiveRefusals;
import io.hyper2kvm.image.ova.container.Container;
import io.hyper2kvm.image.ova.container.FolderContainer;
import io.hyper2kvm.image.ova.container.Member;
import io.hyper2kvm.image.probe.ImageProbe;
import io.hyper2kvm.image.vmx.VmxDescription;
import io.hyper2kvm.image.vmx.VmxRefusals;
import io.hyper2kvm.image.vmx.VmxSnapshots;
import io.hyper2kvm.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Opens a VM as VMware keeps it: its .vmx or .vmtx file with the disks beside it. What can be
 * refused is refused here, as {@link ImageRefusedException}.
 */
public final class VmxReader {

  /** A description, in bytes; far above what any machine has. */
  private static final int LONGEST_TEXT = 4 << 20;

  private static final ImageProbe PROBE = new ImageProbe();

  private final Path source;
  private final Container container;
  private final Member description;
  private final String where;
  private final VmxDescription vmx;
  private final List<String> warnings;

  private VmxReader(Path source, Container container, Member description) throws IOException {
    this.source = source;
    this.container = container;
    this.description = description;
    this.where =
        description.file().equals(source)
            ? Printable.of(source)
            : "%s in %s".formatted(Printable.of(description.name()), Printable.of(source));
    this.vmx = VmxDescription.read(content(), where);
    this.warnings = new ArrayList<>(vmx.warnings());
  }

  /** Whether a name is that of VMware's description of a VM or a template. */
  public static boolean isName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    // macOS packs ._name beside a file, with what its file system knew of it.
    return (lower.endsWith(".vmx") || lower.endsWith(".vmtx")) && !lower.startsWith("._");
  }

  /**
   * Whether a folder holds such a description.
   *
   * @param folder a folder, not a link to one
   */
  public static boolean isIn(Path folder) throws IOException {
    Path real = folder.toRealPath();
    return !descriptions(new FolderContainer(real, Optional.empty())).isEmpty();
  }

  /**
   * Opens what a description describes.
   *
   * @param source the description, or a folder with exactly one
   */
  public static OvaPackage open(Path source) throws IOException {
    try {
      return opened(source);
    } catch (InterruptedIOException | ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw ImageRefusedException.unreadable(source, e);
    }
  }

  private static OvaPackage opened(Path source) throws IOException {
    if (Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)) {
      Path folder = source.toRealPath();
      Container container = new FolderContainer(folder, Optional.empty());
      return new VmxReader(folder, container, onlyDescription(folder, container)).read();
    }
    Path file = RegularFile.source(source);
    ImageFormat found = PROBE.sniff(file);
    if (found != ImageFormat.VMX && found != ImageFormat.RAW) {
      throw OvaRefusals.noVmx(file, found);
    }
    String name = file.getFileName().toString();
    Container container = new FolderContainer(file.getParent(), Optional.of(name));
    Member description = container.find(name).orElseThrow();
    return new VmxReader(file, container, description).read();
  }

  private static List<Member> descriptions(Container container) {
    return container.in("").stream().filter(member -> isName(member.baseName())).toList();
  }

  private static Member onlyDescription(Path folder, Container container) {
    List<Member> found = descriptions(container);
    if (found.isEmpty()) {
      throw OvaRefusals.noVmxIn(folder, container.in("").stream().map(Member::name).toList());
    }
    if (found.size() > 1) {
      throw OvaRefusals.severalVmx(folder, found.stream().map(Member::name).toList());
    }
    return found.get(0);
  }

  private byte[] content() throws IOException {
    if (description.size() > LONGEST_TEXT) {
      throw ArchiveRefusals.tooLarge(
          source,
          "%s has %d bytes, more than the %d that are read"
              .formatted(Printable.of(description.name()), description.size(), LONGEST_TEXT));
    }
    try (InputStream in = container.open(description)) {
      return in.readNBytes(LONGEST_TEXT);
    }
  }

  private OvaPackage read() throws IOException {
    VmxFiles files = new VmxFiles(container, description.file().getParent());
    Map<String, ImageFacts> images = new LinkedHashMap<>();
    List<OvaDisk> disks = new ArrayList<>();
    for (HardwareDisk disk : vmx.machine().disks()) {
      OvaDisk found = disk(disk, files);
      refuseTwice(disk.id(), found.image().orElseThrow(), images);
      images.put(disk.id(), found.image().orElseThrow());
      disks.add(found);
    }
    VmxState state = new VmxState(container, description, images);
    state.lookForLocks();
    Optional<VmxSnapshots> snapshots = state.snapshots();
    warnings.addAll(state.warnings());
    return new OvaPackage(
        source,
        container,
        new OvaPackage.Contents(
            Optional.of(description),
            Optional.of(vmx.machine()),
            disks,
            SumCheck.none(source, container),
            List.of(),
            Optional.empty(),
            Optional.of(new OvaPackage.VmxFacts(vmx.nvram(), snapshots)),
            warnings));
  }

  private String line(String disk) {
    return "%s, line %d".formatted(where, vmx.lines().get(disk));
  }

  private OvaDisk disk(HardwareDisk disk, VmxFiles files) {
    String named = disk.file().orElseThrow().href();
    Member member = files.resolve(named, line(disk.id()));
    Path image = member.file();
    Optional<Path> descriptor = PROBE.descriptorOf(image);
    if (descriptor.isPresent()) {
      warnings.add(
          "%s: %s names data of the disk %s, and that disk is converted"
              .formatted(
                  line(disk.id()),
                  disk.id(),
                  Printable.of(descriptor.get().getFileName().toString())));
      image = descriptor.get();
      String name = member.folder() + image.getFileName();
      member = new Member(name, image, 0, RegularFile.size(image));
    }
    Optional<ImageFormat> declared = Optional.of(ImageFormat.VMDK);
    try {
      ImageFacts facts = DiskProbe.file(image, declared);
      warnings.addAll(DiskProbe.difference(where, disk.id(), declared, facts));
      return new OvaDisk(
          disk.id(),
          List.of(member),
          false,
          disk.capacity(),
          declared,
          Optional.of(facts),
          Optional.empty());
    } catch (ImageRefusedException e) {
      throw ImageRefusedException.causedBy(
          e.code(),
          "%s: %s: %s".formatted(line(disk.id()), disk.id(), e.getMessage()),
          e.hint(),
          e);
    }
  }

  /** Neither the same file, nor one on top of the other: a write to one would change both. */
  private void refuseTwice(String id, ImageFacts image, Map<String, ImageFacts> others) {
    others.forEach(
        (other, its) -> {
          if (image.files().contains(its.path()) || its.files().contains(image.path())) {
            throw VmxRefusals.invalid(
                line(id),
                "%s and %s are on the same file, %s"
                    .formatted(
                        id,
                        other,
                        Printable.of(
                            (image.files().contains(its.path()) ? its : image)
                                .path()
                                .getFileName()
                                .toString())));
          }
        });
  }
}
