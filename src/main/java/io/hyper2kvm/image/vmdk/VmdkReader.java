package io.hyper2kvm.image.vmdk;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import io.hyper2kvm.image.RegularFile;
import io.hyper2kvm.text.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * VMDK: one binary file with a descriptor in it, or a text descriptor with extent files beside it.
 * Where QEMU reads a descriptor less strictly than its writers write it, the difference is refused:
 * both readers must see the same disk.
 */
public final class VmdkReader {

  /** QEMU reads the embedded descriptor here, whatever the header says, in bytes. */
  private static final int EMBEDDED_AT = 512;

  /** QEMU looks for the parent in this many bytes, whatever the header says. */
  private static final int PARENT_WINDOW = 20 * 512;

  private VmdkReader() {}

  /**
   * Reads and checks headers, descriptor and extents; {@code extentsAllowed} tells whether extents
   * may be other files.
   */
  public static Layout read(ImageBytes image, boolean extentsAllowed) {
    if (VmdkSparseHeader.startsWithMagic(image)) {
      return readSparse(image);
    }
    if (VmdkCowdHeader.startsWithMagic(image)) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "it is one vmfsSparse extent without a descriptor",
          VmdkExtentName.hint(image.path()));
    }
    if (!extentsAllowed) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "it holds a VMDK descriptor whose extents are other files",
          "Export the VM again; a disk within an OVA must be stream-optimized.");
    }
    return readText(image);
  }

  private static Layout readSparse(ImageBytes image) {
    VmdkSparseHeader header = VmdkSparseHeader.read(image);
    VmdkDescriptor descriptor = embedded(image, header);
    String type = descriptor.createType();
    if (!type.equals("monolithicSparse") && !type.equals("streamOptimized")) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "createType \"%s\" within a sparse file".formatted(Printable.of(type)),
          "Export the disk as monolithicSparse or streamOptimized.");
    }
    if (descriptor.extents().size() != 1
        || descriptor.extents().get(0).type() != VmdkDescriptor.Type.SPARSE) {
      throw ImageRefusedException.corrupt(
          image.path(), EMBEDDED_AT, "the embedded descriptor must name this one sparse extent");
    }
    // The name is the file's at its making; QEMU ignores it, and a renamed disk is no offence.
    VmdkExtentName.checkPlain(image.path(), descriptor.extents().get(0).name());
    header.checkGrains(image);
    long bytes = Layout.sectorsToBytes(image.path(), header.capacity(), 12);
    return new Layout(type, bytes, List.of(), descriptor.lineage());
  }

  private static VmdkDescriptor embedded(ImageBytes image, VmdkSparseHeader header) {
    if (header.descriptorSectors() == 0 || header.descriptorOffset() == 0) {
      throw onlyAnExtent(image);
    }
    if (header.descriptorOffset() != 1) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "its descriptor stands at sector %s, not at 1"
              .formatted(Long.toUnsignedString(header.descriptorOffset())),
          "Export the disk again with VMware's own tools.");
    }
    long length = header.descriptorSectors() * 512L;
    ByteBuffer window = image.upTo(EMBEDDED_AT, (int) Math.max(length, PARENT_WINDOW));
    String seenByQemu = VmdkDescriptor.textOf(window);
    if (seenByQemu.isBlank()) {
      throw onlyAnExtent(image);
    }
    if (seenByQemu.length() > length) {
      throw ImageRefusedException.corrupt(
          image.path(), EMBEDDED_AT, "the embedded descriptor is longer than its header says");
    }
    return VmdkDescriptor.parseEmbedded(image.path(), EMBEDDED_AT, seenByQemu);
  }

  private static ImageRefusedException onlyAnExtent(ImageBytes image) {
    return ImageRefusedException.unsupported(
        image.path(),
        "it is one extent of a split disk: it has no descriptor of its own",
        VmdkExtentName.hint(image.path()));
  }

  private static Layout readText(ImageBytes image) {
    VmdkDescriptor descriptor = VmdkDescriptor.readFile(image);
    String type = descriptor.createType();
    if (!VmdkDescriptor.TEXT_TYPES.contains(type)) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "createType \"%s\" in a text descriptor".formatted(Printable.of(type)),
          type.toLowerCase(Locale.ROOT).contains("raw") || type.endsWith("Device")
              ? "Clone the raw device mapping to a VMDK of its own."
              : "Export the disk as monolithicSparse or streamOptimized.");
    }
    if (descriptor.extents().isEmpty()) {
      throw ImageRefusedException.corrupt(image.path(), 0, "the descriptor names no extent");
    }
    Set<Path> files = new LinkedHashSet<>();
    long sectors = 0;
    for (VmdkDescriptor.Extent extent : descriptor.extents()) {
      Path file = extentFile(image.path(), extent.name());
      checkExtent(image.path(), file, extent);
      // Two flat extents may share a file; a sparse one used twice shows its grains twice.
      if (!files.add(file) && extent.type().sparse()) {
        throw ImageRefusedException.corrupt(
            image.path(),
            0,
            "names the extent \"%s\" twice".formatted(Printable.of(extent.name())));
      }
      sectors = Math.addExact(sectors, extent.sectors());
      Layout.sectorsToBytes(image.path(), sectors, 0);
    }
    return new Layout(
        type,
        Layout.sectorsToBytes(image.path(), sectors, 0),
        new ArrayList<>(files),
        descriptor.lineage());
  }

  /** The extent beside its descriptor: a plain name, there, regular, and not the descriptor. */
  private static Path extentFile(Path descriptor, String rawName) {
    String name = VmdkExtentName.checkPlain(descriptor, rawName);
    try {
      Path file = descriptor.resolveSibling(name);
      Optional<String> otherKind = RegularFile.otherKind(file);
      if (otherKind.isPresent()) {
        throw ImageRefusedException.extentNotRegular(descriptor, name, otherKind.get());
      }
      if (file.equals(descriptor)) {
        throw ImageRefusedException.corrupt(descriptor, 0, "the descriptor names itself as extent");
      }
      return file;
    } catch (NoSuchFileException | InvalidPathException e) {
      throw ImageRefusedException.extentMissing(descriptor, name);
    } catch (IOException e) {
      throw ImageRefusedException.unreadable(descriptor, e);
    }
  }

  private static void checkExtent(Path descriptor, Path file, VmdkDescriptor.Extent extent) {
    try (ImageBytes bytes = ImageBytes.open(file)) {
      if (extent.type().sparse()) {
        checkSparseExtent(bytes, extent);
      } else {
        long needed = (extent.offset() + extent.sectors()) * 512;
        if (bytes.size() < needed) {
          throw ImageRefusedException.truncated(
              file,
              "the extent in %s".formatted(Printable.of(descriptor.getFileName().toString())),
              needed,
              bytes.size());
        }
      }
    }
  }

  private static void checkSparseExtent(ImageBytes bytes, VmdkDescriptor.Extent extent) {
    long capacity;
    if (extent.type() == VmdkDescriptor.Type.SESPARSE) {
      capacity = VmdkSeSparseHeader.read(bytes).capacity();
    } else if (VmdkSparseHeader.startsWithMagic(bytes)) {
      VmdkSparseHeader header = VmdkSparseHeader.read(bytes);
      header.checkGrains(bytes);
      capacity = header.capacity();
    } else if (VmdkCowdHeader.startsWithMagic(bytes)) {
      capacity = VmdkCowdHeader.read(bytes).sectors();
    } else {
      throw ImageRefusedException.corrupt(
          bytes.path(), 0, "a sparse extent must start with KDMV or COWD; a descriptor may not");
    }
    if (capacity != extent.sectors()) {
      throw ImageRefusedException.corrupt(
          bytes.path(),
          12,
          "the extent holds %d sectors, its descriptor says %d; what follows it would be shifted"
              .formatted(capacity, extent.sectors()));
    }
  }
}
