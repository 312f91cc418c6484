package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ova.container.Member;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A disk of an OVA before anything of it was unpacked.
 *
 * @param id its name in the description, or its file's
 * @param parts the members that hold it, in their order; none for a new, blank disk
 * @param gzip whether they are compressed with gzip, all together
 * @param capacity the size that the description states, in bytes
 * @param declared the format that the description states, when it is one that is known here
 * @param image what its headers say, when it can be read in its place; else it is unpacked first
 * @param window the part of the archive that QEMU reads then; empty when it is a file of its own
 */
record OvaDisk(
    String id,
    List<Member> parts,
    boolean gzip,
    OptionalLong capacity,
    Optional<ImageFormat> declared,
    Optional<ImageFacts> image,
    Optional<Member> window) {

  OvaDisk {
    parts = List.copyOf(parts);
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(capacity, "capacity");
    Objects.requireNonNull(declared, "declared");
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(window, "window");
  }

  /** Its first member's name; empty for a blank disk. */
  String member() {
    return parts.isEmpty() ? "" : parts.get(0).name();
  }
}
