package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.RegularFile;
import io.hyper2kvm.image.hardware.DiskFile;
import io.hyper2kvm.image.hardware.HardwareDisk;
import io.hyper2kvm.image.ova.container.ArchiveContainer;
import io.hyper2kvm.image.ova.container.ArchiveRefusals;
import io.hyper2kvm.image.ova.container.Container;
import io.hyper2kvm.image.ova.container.FolderContainer;
import io.hyper2kvm.image.ova.container.Member;
import io.hyper2kvm.image.ova.container.PackedTarContainer;
import io.hyper2kvm.image.ova.container.TarContainer;
import io.hyper2kvm.image.ova.container.ZipContainer;
import io.hyper2kvm.image.ova.ovf.OvfDescription;
import io.hyper2kvm.image.probe.ImageProbe;
import io.hyper2kvm.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Opens OVAs. Everything that can be refused without unpacking a disk is refused here, as {@link
 * ImageRefusedException}.
 */
public final class OvaReader {

  /** A description or a manifest of sums, in bytes; far above what any export has. */
  private static final int LONGEST_TEXT = 4 << 20;

  private OvaReader() {}

  /** Whether a file of that format may hold an OVF description, or a disk, that is read here. */
  public static boolean isArchive(ImageFormat format) {
    return switch (format) {
      case OVA, GZIP, XZ, ZSTD, BZIP2, ZIP -> true;
      default -> false;
    };
  }

  /**
   * Opens what an OVF description describes.
   *
   * @param source an archive, a folder, or the description itself with its disks beside it
   */
  public static OvaPackage openOvf(Path source) throws IOException {
    if (Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)) {
      return describe(
          source.toRealPath(), new FolderContainer(source.toRealPath(), Optional.empty()));
    }
    Path file = RegularFile.source(source);
    ImageFormat format = new ImageProbe().sniff(file);
    if (format == ImageFormat.OVF) {
      String name = file.getFileName().toString();
      return describe(file, new FolderContainer(file.getParent(), Optional.of(name)));
    }
    return describe(file, archive(file, format));
  }

  /**
   * Whether a folder holds an OVF description.
   *
   * @param folder a folder, not a link to one
   */
  public static boolean isIn(Path folder) throws IOException {
    return !new FolderContainer(folder.toRealPath(), Optional.empty()).descriptions().isEmpty();
  }

  /** Opens an archive that holds one raw disk, as images for a cloud are packed. */
  public static OvaPackage openDiskArchive(Path source) throws IOException {
    Path file = RegularFile.source(source);
    ArchiveContainer container = archive(file, new ImageProbe().sniff(file));
    return closingOnFailure(file, container, () -> new DiskArchive(file, container).read());
  }

  /** Refuses a file that is named as the parts and manifests of EC2's image bundles are. */
  public static void refuseEc2Bundle(Path source) {
    String name = source.getFileName().toString();
    if (DiskArchive.isOfEc2Bundle(name)) {
      throw DiskArchive.ec2Bundle(source, name);
    }
  }

  /** Opens an archive by what is in it: an OVF description, or else one raw disk. */
  public static OvaPackage openArchive(Path source) throws IOException {
    Path file = RegularFile.source(source);
    ArchiveContainer container = archive(file, new ImageProbe().sniff(file));
    return container.descriptions().isEmpty() && DiskArchive.looksLikeOne(container)
        ? closingOnFailure(file, container, () -> new DiskArchive(file, container).read())
        : describe(file, container);
  }

  private static ArchiveContainer archive(Path file, ImageFormat format) throws IOException {
    return switch (format) {
      case OVA -> TarContainer.open(file);
      case GZIP, XZ, ZSTD, BZIP2 -> PackedTarContainer.open(file, format);
      case ZIP -> ZipContainer.open(file);
      default -> throw OvaRefusals.noArchive(file, format);
    };
  }

  private interface Opening {
    OvaPackage open() throws IOException;
  }

  private static OvaPackage closingOnFailure(Path source, Container container, Opening opening)
      throws IOException {
    try {
      return opening.open();
    } catch (InterruptedIOException | ClosedByInterruptException | RuntimeException e) {
      container.close();
      throw e;
    } catch (IOException e) {
      container.close();
      throw ImageRefusedException.unreadable(source, e);
    }
  }

  private static OvaPackage describe(Path source, Container container) throws IOException {
    return closingOnFailure(source, container, () -> read(source, container));
  }

  private static OvaPackage read(Path source, Container container) throws IOException {
    Member description = onlyDescription(source, container);
    String where =
        description.file().equals(source)
                && description.name().equals(source.getFileName().toString())
            ? Printable.of(source)
            : "%s in %s".formatted(Printable.of(description.name()), Printable.of(source));
    OvfDescription ovf = OvfDescription.read(content(source, container, description), where);
    List<String> warnings = new ArrayList<>(ovf.warnings());
    Hrefs hrefs = new Hrefs(container, description, where);
    List<OvaDisk> disks = new ArrayList<>();
    for (HardwareDisk disk : ovf.machine().disks()) {
      disks.add(locate(container, source, hrefs, disk, where, warnings));
    }
    List<Member> certificates = Companions.of(container, description, ".cert");
    for (Member cert : certificates) {
      warnings.add("the signature in %s was not verified".formatted(Printable.of(cert.name())));
    }
    List<Member> manifests = Companions.of(container, description, ".mf");
    SumCheck sums = sums(source, container, manifests);
    if (!manifests.isEmpty()) {
      for (OvaDisk disk : disks) {
        warnings.addAll(withoutSum(manifests, disk, sums));
      }
    }
    return new OvaPackage(
        source,
        container,
        new OvaPackage.Contents(
            Optional.of(description),
            Optional.of(ovf.machine()),
            disks,
            sums,
            manifests,
            certificates.stream().findFirst(),
            Optional.empty(),
            warnings));
  }

  private static Member onlyDescription(Path source, Container container) {
    List<Member> descriptions = container.descriptions();
    if (descriptions.isEmpty()) {
      throw OvaRefusals.noDescription(source, container.in("").stream().map(Member::name).toList());
    }
    if (descriptions.size() > 1) {
      throw OvaRefusals.severalDescriptions(
          source, descriptions.stream().map(Member::name).toList());
    }
    return descriptions.get(0);
  }

  private static OvaDisk locate(
      Container container,
      Path source,
      Hrefs hrefs,
      HardwareDisk disk,
      String where,
      List<String> warnings)
      throws IOException {
    Optional<ImageFormat> declared = DiskProbe.declared(disk.format());
    if (disk.file().isEmpty()) {
      return new OvaDisk(
          disk.id(),
          List.of(),
          false,
          disk.capacity(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }
    DiskFile file = disk.file().get();
    List<Member> parts = hrefs.resolve(file);
    boolean within = container.inPlace() && parts.get(0).file().equals(source);
    Optional<Member> window = Optional.empty();
    Optional<ImageFacts> facts = Optional.empty();
    if (parts.size() == 1 && !file.gzip()) {
      if (within) {
        window = DiskProbe.inSectors(parts.get(0), Files.size(source));
        facts = window.map(part -> DiskProbe.window(part, declared));
      } else if (container.inPlace()) {
        facts = Optional.of(DiskProbe.file(parts.get(0).file(), declared));
      }
    }
    facts.ifPresent(image -> warnings.addAll(differences(where, disk, declared, image)));
    return new OvaDisk(disk.id(), parts, file.gzip(), disk.capacity(), declared, facts, window);
  }

  private static List<String> differences(
      String where, HardwareDisk disk, Optional<ImageFormat> declared, ImageFacts image) {
    List<String> found = new ArrayList<>(DiskProbe.difference(where, disk.id(), declared, image));
    long size = image.virtualSize();
    if (disk.capacity().isPresent() && disk.capacity().getAsLong() != size) {
      found.add(
          "%s gives the disk \"%s\" %d bytes, and it has %d"
              .formatted(where, disk.id(), disk.capacity().getAsLong(), size));
    }
    return found;
  }

  private static SumCheck sums(Path source, Container container, List<Member> manifests)
      throws IOException {
    long bytes = manifests.stream().mapToLong(Member::size).reduce(0, Math::addExact);
    if (bytes > LONGEST_TEXT) {
      throw ArchiveRefusals.tooLarge(
          source,
          "its .mf files have %d bytes, more than the %d that are read"
              .formatted(bytes, LONGEST_TEXT));
    }
    SumCheck sums = SumCheck.none(source, container);
    for (Member manifest : manifests) {
      sums.add(manifest, SumList.parse(content(source, container, manifest)));
    }
    return sums;
  }

  private static List<String> withoutSum(List<Member> manifests, OvaDisk disk, SumCheck sums) {
    String names = Printable.names(manifests.stream().map(Member::name).toList());
    return disk.parts().stream()
        .filter(part -> !sums.covers(part))
        .map(part -> "%s has no checksum of %s".formatted(names, Printable.of(part.name())))
        .toList();
  }

  private static byte[] content(Path source, Container container, Member member)
      throws IOException {
    if (member.size() > LONGEST_TEXT) {
      throw ArchiveRefusals.tooLarge(
          source,
          "%s has %d bytes, more than the %d that are read"
              .formatted(Printable.of(member.name()), member.size(), LONGEST_TEXT));
    }
    try (InputStream in = container.open(member)) {
      return in.readNBytes(LONGEST_TEXT);
    }
  }
}
