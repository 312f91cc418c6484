package io.hyper2kvm.image.probe;

import io.hyper2kvm.image.BlockDevice;
import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import io.hyper2kvm.image.RegularFile;
import io.hyper2kvm.image.vmdk.VmdkExtentName;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads and checks the headers of images. All methods throw {@link ImageRefusedException} for an
 * image that must not reach a tool. Stateless and safe for use by many threads; a file that is
 * exchanged after the probe is the caller's matter, who keeps others from writing to it.
 */
public final class ImageProbe {

  /**
   * Decides the format of a regular file from its bytes and checks nothing more. Also tells
   * archives and compressed files, which {@link #probe(Path)} refuses.
   */
  public ImageFormat sniff(Path image) {
    try (ImageBytes bytes = ImageBytes.open(RegularFile.source(image))) {
      return FormatSniffer.sniff(bytes);
    }
  }

  /** Reads and checks an image of any format that QEMU gets to see. */
  public ImageFacts probe(Path image) {
    try (ImageBytes bytes = ImageBytes.open(RegularFile.source(image))) {
      return read(bytes, FormatSniffer.sniff(bytes), true);
    }
  }

  /**
   * Reads and checks an image that must be of the declared format, whatever its name says. A raw
   * disk whose bytes look like another format is refused as well: the next reader would guess.
   */
  public ImageFacts probe(Path image, ImageFormat declared) {
    Objects.requireNonNull(declared, "declared");
    try (ImageBytes bytes = ImageBytes.open(RegularFile.source(image))) {
      return read(bytes, checked(bytes, declared), true);
    }
  }

  /**
   * Reads and checks a block device, which must be a raw disk.
   *
   * @param device the device itself, found by {@link BlockDevice#behind}
   */
  public ImageFacts probeDevice(Path device) {
    try (ImageBytes bytes = ImageBytes.open(device)) {
      Layout layout = Headers.read(bytes, checked(bytes, ImageFormat.RAW), false);
      return new ImageFacts(
          device,
          ImageFormat.RAW,
          layout.subformat(),
          layout.virtualSize(),
          List.of(device),
          layout.virtualSize(),
          Optional.empty(),
          true);
    }
  }

  /**
   * The descriptor of a disk of which only an extent was named, such as {@code web.vmdk} for {@code
   * web-flat.vmdk}: the file that VMware would call so, when it lies beside the extent and names
   * it. Empty when the extent's name is not of that kind, or the descriptor is not there or not
   * sound.
   */
  public Optional<Path> descriptorOf(Path extent) {
    Optional<String> name = VmdkExtentName.descriptor(extent);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path found = RegularFile.source(extent);
      Path descriptor = RegularFile.source(found.resolveSibling(name.get()));
      ImageFacts facts = probe(descriptor, ImageFormat.VMDK);
      boolean own = !facts.path().equals(found) && ownFiles(facts).contains(found);
      return own ? Optional.of(descriptor) : Optional.empty();
    } catch (ImageRefusedException e) {
      return Optional.empty(); // What is wrong is said when the descriptor itself is named.
    }
  }

  /** Without the files of its parents. */
  private static Set<Path> ownFiles(ImageFacts facts) {
    Set<Path> own = new LinkedHashSet<>(facts.files());
    facts.parent().ifPresent(parent -> own.removeAll(parent.files()));
    return own;
  }

  /** As {@link #sniff(Path)}, of a part of a file; both numbers in bytes. */
  public ImageFormat sniff(Path container, long offset, long size) {
    try (ImageBytes bytes = ImageBytes.slice(RegularFile.source(container), offset, size)) {
      return FormatSniffer.sniff(bytes);
    }
  }

  /**
   * Reads and checks an image that lies within another file, such as a disk within an OVA. It must
   * be complete in itself: descriptors with extents beside them are refused.
   *
   * @param offset where the image starts in the container, in bytes
   * @param size the image's length in the container, in bytes
   */
  public ImageFacts probe(Path container, long offset, long size, ImageFormat declared) {
    Objects.requireNonNull(declared, "declared");
    try (ImageBytes bytes = ImageBytes.slice(RegularFile.source(container), offset, size)) {
      return read(bytes, checked(bytes, declared), false);
    }
  }

  private static ImageFormat checked(ImageBytes bytes, ImageFormat declared) {
    ImageFormat found = FormatSniffer.sniff(bytes);
    if (found != declared) {
      throw ImageRefusedException.mismatch(
          bytes.path(), declared, found, FormatHint.mismatch(bytes.path(), declared, found));
    }
    return found;
  }

  private static ImageFacts read(ImageBytes bytes, ImageFormat format, boolean extentsAllowed) {
    Layout layout = Headers.read(bytes, format, extentsAllowed);
    if (!extentsAllowed && layout.lineage().parent().isPresent()) {
      throw format == ImageFormat.VMDK
          ? ImageRefusedException.hasParent(
              bytes.path(), 0, "a snapshot, whose parent is another file")
          : ImageRefusedException.differencing(bytes.path(), "within an archive");
    }
    Optional<ImageFacts> parent = new ParentChain(bytes.path(), format).parentOf(bytes, layout);
    return ImageFacts.of(bytes, format, layout, parent);
  }
}
