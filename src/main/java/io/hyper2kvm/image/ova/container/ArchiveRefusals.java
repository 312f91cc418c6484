package io.hyper2kvm.image.ova.container;

import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.ImageRefusedException.Code;
import io.hyper2kvm.image.Printable;
import java.nio.file.Path;

/** One factory for each reason to refuse what holds the files. */
public final class ArchiveRefusals {

  private static final String EXPORT_AGAIN =
      "Copy or export the appliance again and compare checksums.";

  private ArchiveRefusals() {}

  /** {@code what} is what the entry does, such as "is a symbolic link". */
  static ImageRefusedException unsafe(Path archive, String entry, String what) {
    return ImageRefusedException.because(
        Code.ARCHIVE_UNSAFE,
        "%s: the entry \"%s\" %s".formatted(Printable.of(archive), Printable.of(entry), what),
        "An appliance is plain files only: pack it again with tar, or export it again.");
  }

  /** {@code offset} is the byte in the (unpacked) archive where {@code found} stands. */
  static ImageRefusedException corrupt(Path archive, long offset, String found) {
    return ImageRefusedException.because(
        Code.ARCHIVE_CORRUPT,
        "%s, offset %d: %s".formatted(Printable.of(archive), offset, found),
        EXPORT_AGAIN);
  }

  static ImageRefusedException undecodable(Path archive, String what, Exception cause) {
    return ImageRefusedException.causedBy(
        Code.ARCHIVE_CORRUPT,
        "%s: %s cannot be unpacked: %s"
            .formatted(
                Printable.of(archive),
                Printable.of(what),
                Printable.of(String.valueOf(cause.getMessage()))),
        EXPORT_AGAIN,
        cause);
  }

  public static ImageRefusedException tooLarge(Path archive, String found) {
    return ImageRefusedException.because(
        Code.ARCHIVE_TOO_LARGE,
        "%s: %s".formatted(Printable.of(archive), found),
        "Unpack it by hand where you trust it, and name the folder or the disk.");
  }

  public static ImageRefusedException unsupported(Path source, String found, String hint) {
    return ImageRefusedException.because(
        Code.FORMAT_UNSUPPORTED, "%s: %s".formatted(Printable.of(source), found), hint);
  }
}
