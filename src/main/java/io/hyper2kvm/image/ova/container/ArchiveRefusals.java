package io.hyper2kvm.image.ova.container;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.text.Printable;
import java.nio.file.Path;

/** One factory for each reason to refuse what holds the files. */
public final class ArchiveRefusals {

  private ArchiveRefusals() {}

  /** {@code what} is what the entry does, such as "is a symbolic link". */
  static ImageRefusedException unsafe(Path archive, String entry, String what) {
    return ImageRefusedException.because(
        FailureCode.ARCHIVE_UNSAFE,
        "%s: the entry \"%s\" %s".formatted(Printable.of(archive), Printable.of(entry), what),
        "An OVA is plain files only: pack it again with tar, or export it again.");
  }

  /** {@code offset} is the byte in the (unpacked) archive where {@code found} stands. */
  static ImageRefusedException corrupt(Path archive, long offset, String found) {
    return ImageRefusedException.because(
        FailureCode.ARCHIVE_CORRUPT,
        "%s, offset %d: %s".formatted(Printable.of(archive), offset, found));
  }

  static ImageRefusedException undecodable(Path archive, String what, Exception cause) {
    return ImageRefusedException.causedBy(
        FailureCode.ARCHIVE_CORRUPT,
        "%s: %s cannot be unpacked: %s"
            .formatted(
                Printable.of(archive),
                Printable.of(what),
                Printable.of(String.valueOf(cause.getMessage()))),
        FailureCode.ARCHIVE_CORRUPT.hint(),
        cause);
  }

  public static ImageRefusedException tooLarge(Path archive, String found) {
    return ImageRefusedException.because(
        FailureCode.ARCHIVE_TOO_LARGE, "%s: %s".formatted(Printable.of(archive), found));
  }

  public static ImageRefusedException unsupported(Path source, String found, String hint) {
    return ImageRefusedException.because(
        FailureCode.FORMAT_UNSUPPORTED, "%s: %s".formatted(Printable.of(source), found), hint);
  }
}
