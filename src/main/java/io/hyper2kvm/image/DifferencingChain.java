package io.hyper2kvm.image;

import io.hyper2kvm.image.ImageRefusedException.Code;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows a differencing VHD or VHDX to its parent, and on to the last one. Each parent is a file
 * as {@link ParentFile} allows it, and has the identifier and the size that its child wants. A
 * VHD's identifier stays when it is written to, so of VHDs that cannot be seen; of VHDXs it can.
 */
final class DifferencingChain {

  /** As Hyper-V: 50 checkpoints of a machine. */
  private static final int MOST_FILES = 51;

  private final List<Path> chain = new ArrayList<>();

  DifferencingChain(Path leaf) {
    chain.add(leaf);
  }

  /** The parent with its own parents; empty when the child is complete in itself. */
  Optional<ImageFacts> parentOf(ImageBytes child, ImageFormat format, Layout layout) {
    Optional<DiskLineage.Parent> named = layout.diskLineage().parent();
    if (named.isEmpty()) {
      return Optional.empty();
    }
    if (named.get().names().isEmpty() || named.get().ids().isEmpty()) {
      throw ImageRefusedException.differencing(child.path(), "that does not name its parent");
    }
    DiskLayer.checked(child, format);
    Path file = ParentFile.ofWindows(child.path(), named.get().names());
    if (chain.contains(file)) {
      throw ImageRefusedException.parent(
          Code.PARENT_CYCLE, child.path(), file, "which is on top of it in turn");
    }
    if (chain.size() == MOST_FILES) {
      throw ImageRefusedException.parent(
          Code.PARENT_CHAIN_TOO_LONG,
          child.path(),
          file,
          "and that chain has more than %d files".formatted(MOST_FILES));
    }
    chain.add(file);
    try (ImageBytes bytes = ImageBytes.open(file)) {
      Layout parent = layout(child.path(), bytes, format);
      checkMatch(child.path(), file, named.get(), parent);
      if (parent.virtualSize() != layout.virtualSize()) {
        throw ImageRefusedException.parent(
            Code.PARENT_MISMATCH,
            child.path(),
            file,
            "which has %d bytes where it has %d"
                .formatted(parent.virtualSize(), layout.virtualSize()));
      }
      if (parent.diskLineage().parent().isEmpty()) {
        DiskLayer.checked(bytes, format);
      }
      return Optional.of(ImageProbe.facts(bytes, format, parent, parentOf(bytes, format, parent)));
    }
  }

  private static Layout layout(Path child, ImageBytes bytes, ImageFormat format) {
    ImageFormat found = FormatSniffer.sniff(bytes);
    if (found != format) {
      throw ImageRefusedException.parent(
          Code.PARENT_MISMATCH, child, bytes.path(), "which is " + found.description());
    }
    return format == ImageFormat.VPC ? VhdReader.read(bytes) : VhdxReader.read(bytes);
  }

  private static void checkMatch(Path child, Path file, DiskLineage.Parent wanted, Layout parent) {
    if (parent.diskLineage().id().filter(wanted.ids()::contains).isEmpty()) {
      throw ImageRefusedException.parent(
          Code.PARENT_MISMATCH,
          child,
          file,
          "which had the identifier %s then and has %s now: it was written to since, or is of"
                  .formatted(
                      wanted.ids().iterator().next(), parent.diskLineage().id().orElseThrow())
              + " another disk or moment");
    }
  }
}
