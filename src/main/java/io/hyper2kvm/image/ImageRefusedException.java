package io.hyper2kvm.image;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.text.Printable;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * An image that must not reach any tool. The message names the file, the place in it and what was
 * found there; {@link #hint()} says what to do.
 */
public final class ImageRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final FailureCode code;
  private final String hint;

  private ImageRefusedException(FailureCode code, String message, String hint, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.hint = hint;
  }

  /** The stable reason. */
  public FailureCode code() {
    return code;
  }

  /** What the operator can do, as one sentence. */
  public String hint() {
    return hint;
  }

  /**
   * A refusal by a package that has factories of its own; the hint is the code's.
   *
   * @param message names file, place and what was found; printable
   */
  public static ImageRefusedException because(FailureCode code, String message) {
    return because(code, message, code.hint());
  }

  /**
   * As {@link #because(FailureCode, String)}, with a hint that says more than the code's.
   *
   * @param hint what the operator can do, as one sentence
   */
  public static ImageRefusedException because(FailureCode code, String message, String hint) {
    return new ImageRefusedException(code, message, hint, null);
  }

  /** As {@link #because(FailureCode, String, String)}, with what went wrong below. */
  public static ImageRefusedException causedBy(
      FailureCode code, String message, String hint, Throwable cause) {
    return new ImageRefusedException(code, message, hint, cause);
  }

  static ImageRefusedException notFound(Path path) {
    return because(
        FailureCode.SOURCE_NOT_FOUND,
        "%s does not exist".formatted(Printable.of(path)),
        "Check the path and that its file system is mounted.");
  }

  static ImageRefusedException notRegular(Path path, String kind) {
    return because(
        FailureCode.SOURCE_NOT_REGULAR,
        "%s is %s, not a regular file".formatted(Printable.of(path), kind),
        kind.endsWith("device")
            ? "Copy the device to a file first (qemu-img convert -f raw -O raw), and name that; block"
                + " devices are read where allowed_devices names them."
            : "Name the image file itself; links and devices are not followed.");
  }

  /** The file, or one of its folders, gives an error when it is read. */
  public static ImageRefusedException unreadable(Path path, Exception cause) {
    // These exceptions' messages repeat the path; only their reasons say something new.
    String reason =
        cause instanceof AccessDeniedException
            ? "permission denied"
            : cause instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : String.valueOf(cause.getMessage());
    return new ImageRefusedException(
        FailureCode.SOURCE_UNREADABLE,
        "%s cannot be read: %s".formatted(Printable.of(path), Printable.of(reason)),
        "Give the service's user the right to read the file and to enter its directories.",
        cause);
  }

  public static ImageRefusedException mismatch(
      Path path, ImageFormat declared, ImageFormat found, String hint) {
    return because(
        FailureCode.FORMAT_MISMATCH,
        "%s is declared as %s, but it is %s"
            .formatted(Printable.of(path), declared.description(), found.description()),
        hint);
  }

  public static ImageRefusedException unsupported(Path path, String found, String hint) {
    return because(
        FailureCode.FORMAT_UNSUPPORTED, "%s: %s".formatted(Printable.of(path), found), hint);
  }

  /** {@code offset} is the byte in the file where {@code found} stands. */
  public static ImageRefusedException corrupt(Path path, long offset, String found) {
    return because(
        FailureCode.IMAGE_CORRUPT,
        "%s, offset %d: %s".formatted(Printable.of(path), offset, found),
        "Copy or export the image again and compare checksums.");
  }

  /** {@code needed} and {@code size} are in bytes. */
  public static ImageRefusedException truncated(Path path, String what, long needed, long size) {
    return because(
        FailureCode.IMAGE_TRUNCATED,
        "%s ends at byte %d, but %s needs %d bytes"
            .formatted(Printable.of(path), size, what, needed),
        "The copy is incomplete: copy or export the image again and compare checksums.");
  }

  public static ImageRefusedException oddSize(Path path, long size, int sector) {
    return because(
        FailureCode.IMAGE_TRUNCATED,
        "%s has %d bytes, which is not a whole number of %d-byte sectors"
            .formatted(Printable.of(path), size, sector),
        "Copy the image again; if it is complete, pad a copy of it with truncate --size=%%%d."
            .formatted(sector));
  }

  public static ImageRefusedException backingFile(Path path, long offset, String name) {
    return because(
        FailureCode.IMAGE_HAS_BACKING_FILE,
        "%s, offset %d: refers to the backing file \"%s\""
            .formatted(Printable.of(path), offset, Printable.of(name)),
        "Flatten it where it came from, for example with qemu-img convert, and use the result.");
  }

  public static ImageRefusedException externalData(Path path, long offset) {
    return because(
        FailureCode.IMAGE_HAS_EXTERNAL_DATA,
        "%s, offset %d: keeps its data in an external file".formatted(Printable.of(path), offset),
        "Flatten it where it came from, for example with qemu-img convert, and use the result.");
  }

  public static ImageRefusedException extentOutside(Path path, String extent) {
    return because(
        FailureCode.EXTENT_OUTSIDE,
        "%s names the extent \"%s\", which is not a plain file name"
            .formatted(Printable.of(path), Printable.of(extent)),
        "Extents must lie beside their descriptor and be named without any directory.");
  }

  public static ImageRefusedException extentMissing(Path path, String extent) {
    return because(
        FailureCode.EXTENT_MISSING,
        "%s names the extent \"%s\", which does not exist beside it"
            .formatted(Printable.of(path), Printable.of(extent)),
        "Copy every file of the disk, not the descriptor alone.");
  }

  public static ImageRefusedException extentNotRegular(Path path, String extent, String kind) {
    return because(
        FailureCode.EXTENT_NOT_REGULAR,
        "%s names the extent \"%s\", which is %s, not a regular file"
            .formatted(Printable.of(path), Printable.of(extent), kind),
        "Clone the disk to a VMDK of its own; links and devices are not followed.");
  }

  public static ImageRefusedException hasParent(Path path, long offset, String found) {
    return because(
        FailureCode.PARENT_UNSUPPORTED,
        "%s, offset %d: %s".formatted(Printable.of(path), offset, found),
        "Delete (consolidate) the VM's snapshots, or clone the disk to a full one, and use that.");
  }

  /** {@code found} goes on after "a differencing disk". */
  public static ImageRefusedException differencing(Path path, String found) {
    return because(
        FailureCode.PARENT_UNSUPPORTED,
        "%s: a differencing disk %s".formatted(Printable.of(path), Printable.of(found)),
        "Merge it into its parent (Hyper-V: delete the checkpoint, or Merge-VHD; VirtualBox:"
            + " VBoxManage clonemedium), and name the merged disk.");
  }

  public static ImageRefusedException unreplayed(Path path) {
    return unsupported(
        path,
        "it was not closed cleanly, and the log of a differencing disk or of its parent is not"
            + " replayed",
        "Shut the VM down and copy all files of the disk again; a copy of a crashed host's disk is"
            + " closed by Mount-VHD and Dismount-VHD in Hyper-V.");
  }

  /** {@code found} ends the sentence "child is on top of parent, …". */
  public static ImageRefusedException parent(
      FailureCode code, Path child, Path parent, String found) {
    return because(
        code,
        "%s is a snapshot on top of %s, %s"
            .formatted(Printable.of(child), Printable.of(parent.getFileName().toString()), found),
        code == FailureCode.PARENT_MISMATCH
            ? code.hint()
            : "Consolidate the VM's snapshots, or clone the disk to a full one, and use that.");
  }

  public static ImageRefusedException parentOutside(Path child, String name) {
    return because(
        FailureCode.PARENT_OUTSIDE,
        "%s is a snapshot on top of \"%s\", which is not in its folder or below it"
            .formatted(Printable.of(child), Printable.of(name)),
        "Put the parent beside it, under its own name; of a VMDK, write that name without a folder"
            + " into parentFileNameHint of a copy. Or clone the disk to a full one.");
  }

  public static ImageRefusedException parentMissing(Path child, String name) {
    return because(
        FailureCode.PARENT_MISSING,
        "%s is a snapshot on top of \"%s\", which does not exist beside it"
            .formatted(Printable.of(child), Printable.of(name)));
  }

  public static ImageRefusedException tooLarge(Path path, long offset, String found) {
    return because(
        FailureCode.IMAGE_TOO_LARGE,
        "%s, offset %d: %s".formatted(Printable.of(path), offset, found),
        "Check the image with the tool that made it.");
  }
}
