package io.hyper2kvm.image.probe;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import io.hyper2kvm.image.Lineage;
import io.hyper2kvm.image.vmdk.VmdkExtentName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows a snapshot (VMDK) or a differencing disk (VHD, VHDX) to its parent, and on to the last
 * one. Each parent is a file as {@link ParentFile} allows it, of the same format and size, and has
 * the identifier that its child wants. A VHD's identifier stays when it is written to, so of VHDs
 * that cannot be seen.
 */
final class ParentChain {

  /** As VMware: 31 snapshots on top of a disk. */
  private static final int MOST_VMDKS = 32;

  /** As Hyper-V: 50 checkpoints of a machine. */
  private static final int MOST_VHDS = 51;

  private final ImageFormat format;
  private final List<Path> chain = new ArrayList<>();

  ParentChain(Path leaf, ImageFormat format) {
    this.format = format;
    chain.add(leaf);
  }

  /** The parent with its own parents; empty when the child is complete in itself. */
  Optional<ImageFacts> parentOf(ImageBytes child, Layout layout) {
    Optional<Lineage.Parent> named = layout.lineage().parent();
    if (named.isEmpty()) {
      return Optional.empty();
    }
    Path file = file(child, named.get());
    add(child.path(), file);
    try (ImageBytes bytes = ImageBytes.open(file)) {
      Layout parent = layout(child.path(), bytes);
      checkMatch(child.path(), file, named.get(), parent);
      if (parent.virtualSize() != layout.virtualSize()) {
        throw ImageRefusedException.parent(
            FailureCode.PARENT_MISMATCH,
            child.path(),
            file,
            "which has %d bytes where it has %d"
                .formatted(parent.virtualSize(), layout.virtualSize()));
      }
      if (!isVmdk() && parent.lineage().parent().isEmpty()) {
        MergedImage.layer(bytes, format);
      }
      return Optional.of(ImageFacts.of(bytes, format, parent, parentOf(bytes, parent)));
    }
  }

  private boolean isVmdk() {
    return format == ImageFormat.VMDK;
  }

  private Path file(ImageBytes child, Lineage.Parent named) {
    if (isVmdk()) {
      return ParentFile.of(
          child.path(), VmdkExtentName.decoded(child.path(), named.names().get(0)));
    }
    if (named.names().isEmpty() || named.ids().isEmpty()) {
      throw ImageRefusedException.differencing(child.path(), "that does not name its parent");
    }
    MergedImage.layer(child, format);
    return ParentFile.ofWindows(child.path(), named.names());
  }

  private void add(Path child, Path file) {
    int most = isVmdk() ? MOST_VMDKS : MOST_VHDS;
    if (chain.contains(file)) {
      throw ImageRefusedException.parent(
          FailureCode.PARENT_CYCLE, child, file, "which is on top of it in turn");
    }
    if (chain.size() == most) {
      throw ImageRefusedException.parent(
          FailureCode.PARENT_CHAIN_TOO_LONG,
          child,
          file,
          "and that chain has more than %d files".formatted(most));
    }
    chain.add(file);
  }

  private Layout layout(Path child, ImageBytes bytes) {
    ImageFormat found = FormatSniffer.sniff(bytes);
    if (found != format) {
      throw ImageRefusedException.parent(
          FailureCode.PARENT_MISMATCH, child, bytes.path(), "which is " + found.description());
    }
    return Headers.read(bytes, format, true);
  }

  private void checkMatch(Path child, Path file, Lineage.Parent wanted, Layout parent) {
    Optional<String> found = parent.lineage().id();
    if (found.filter(wanted.ids()::contains).isEmpty()) {
      throw ImageRefusedException.parent(
          FailureCode.PARENT_MISMATCH,
          child,
          file,
          "which had the %s %s then and has %s now: it was written to since, or is of"
                  .formatted(
                      isVmdk() ? "content id (CID)" : "identifier",
                      wanted.ids().get(0),
                      found.orElse("none"))
              + " another disk or moment");
    }
  }
}
