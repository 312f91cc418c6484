package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.QemuFileName;
import io.hyper2kvm.image.ova.container.Member;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A disk of an OVA that QEMU can read: where it stands, or unpacked.
 *
 * @param image what its headers say
 * @param origin the file of the source that it comes from: the archive, its own, or the description
 * @param window the part of an archive that it is; empty when it is a file of its own
 * @param member its (first) file's name in the OVA; empty for a new, blank disk
 * @param unpacked whether the image was written by this program, below the folder for that
 */
public record ReadyDisk(
    ImageFacts image, Path origin, Optional<Member> window, String member, boolean unpacked) {

  public ReadyDisk {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(window, "window");
    Objects.requireNonNull(member, "member");
  }

  /** A disk image that is a source by itself. */
  public static ReadyDisk file(ImageFacts image) {
    return new ReadyDisk(image, image.path(), Optional.empty(), "", false);
  }

  /** The safe name of its file as it is, of no format. */
  public QemuFileName bytes() {
    return window
        .map(w -> QemuFileName.slice(ImageFormat.RAW, w.file(), w.offset(), w.size()))
        .orElseGet(() -> QemuFileName.image(ImageFormat.RAW, image.path()));
  }

  /** Its safe name for QEMU. */
  public QemuFileName name() {
    return window
        .map(w -> QemuFileName.slice(image.format(), w.file(), w.offset(), w.size()))
        .orElseGet(() -> QemuFileName.image(image));
  }
}
