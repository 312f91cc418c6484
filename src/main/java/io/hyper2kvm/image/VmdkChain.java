package io.hyper2kvm.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows a snapshot to the disk that it is a difference to, and on to the last one. Each parent is
 * a regular file in the child's folder or below it, reached through no link, and has the content
 * that its child was made on.
 */
final class VmdkChain {

  /** As VMware: 31 snapshots on top of a disk. */
  private static final int MOST_FILES = 32;

  private final List<Path> chain = new ArrayList<>();

  VmdkChain(Path leaf) {
    chain.add(leaf);
  }

  /** The parent with its own parents; empty when the child is complete in itself. */
  Optional<ImageFacts> parentOf(Path child, Layout layout) {
    Optional<VmdkLineage.Parent> named = layout.lineage().parent();
    if (named.isEmpty()) {
      return Optional.empty();
    }
    Path file = ParentFile.of(child, VmdkExtentName.decoded(child, named.get().hint()));
    if (chain.contains(file)) {
      throw ImageRefusedException.parent(
          ImageRefusedException.Code.PARENT_CYCLE, child, file, "which is on top of it in turn");
    }
    if (chain.size() == MOST_FILES) {
      throw ImageRefusedException.parent(
          ImageRefusedException.Code.PARENT_CHAIN_TOO_LONG,
          child,
          file,
          "and that chain has more than %d files".formatted(MOST_FILES));
    }
    chain.add(file);
    try (ImageBytes bytes = ImageBytes.open(file)) {
      Layout parent = layout(child, bytes);
      checkContent(child, file, named.get().contentId(), parent);
      if (parent.virtualSize() != layout.virtualSize()) {
        throw ImageRefusedException.parent(
            ImageRefusedException.Code.PARENT_MISMATCH,
            child,
            file,
            "which has %d bytes where it has %d"
                .formatted(parent.virtualSize(), layout.virtualSize()));
      }
      return Optional.of(ImageProbe.facts(bytes, ImageFormat.VMDK, parent, parentOf(file, parent)));
    }
  }

  private static Layout layout(Path child, ImageBytes bytes) {
    ImageFormat found = FormatSniffer.sniff(bytes);
    if (found != ImageFormat.VMDK) {
      throw ImageRefusedException.parent(
          ImageRefusedException.Code.PARENT_MISMATCH,
          child,
          bytes.path(),
          "which is " + found.description());
    }
    return VmdkReader.read(bytes, true);
  }

  private static void checkContent(Path child, Path file, long wanted, Layout parent) {
    if (parent.lineage().contentId().orElse(-1) != wanted) {
      String found =
          parent.lineage().contentId().isPresent()
              ? VmdkLineage.text(parent.lineage().contentId().getAsLong())
              : "none";
      throw ImageRefusedException.parent(
          ImageRefusedException.Code.PARENT_MISMATCH,
          child,
          file,
          "which had the content id (CID) %s then and has %s now: it was written to since, or is"
                  .formatted(VmdkLineage.text(wanted), found)
              + " of another disk or moment");
    }
  }
}
