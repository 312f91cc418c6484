package io.hyper2kvm.image;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * An image that must not reach any tool. The message names the file, the place in it and what was
 * found there; {@link #hint()} says what to do.
 */
public final class ImageRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why an image is refused; the names are stable. */
  public enum Code {
    /** There is no such file. */
    SOURCE_NOT_FOUND,
    /** The source is a symbolic link, a directory, a device, a pipe or a socket. */
    SOURCE_NOT_REGULAR,
    /** The file cannot be read with the rights this process has. */
    SOURCE_UNREADABLE,
    /** The file is not of the declared format. */
    FORMAT_MISMATCH,
    /** The format, or this kind of it, is not converted here. */
    FORMAT_UNSUPPORTED,
    /** The headers contradict themselves. */
    IMAGE_CORRUPT,
    /** The file ends before what its headers promise. */
    IMAGE_TRUNCATED,
    /** A qcow2 that refers to a backing file. */
    IMAGE_HAS_BACKING_FILE,
    /** A qcow2 that keeps its data in another file. */
    IMAGE_HAS_EXTERNAL_DATA,
    /** A VMDK extent that is not a plain file name beside its descriptor. */
    EXTENT_OUTSIDE,
    /** A VMDK extent file that does not exist. */
    EXTENT_MISSING,
    /** A VMDK extent that is a symbolic link, a directory, a device or a raw device mapping. */
    EXTENT_NOT_REGULAR,
    /** A snapshot or differencing disk whose parent is not named, or not there for what it is. */
    PARENT_UNSUPPORTED,
    /** A snapshot's parent is named with another folder than its own or one below it. */
    PARENT_OUTSIDE,
    /** A snapshot's parent does not exist. */
    PARENT_MISSING,
    /** A snapshot's parent is a symbolic link, a directory or a device. */
    PARENT_NOT_REGULAR,
    /** A snapshot's parent has another content, size or format than it was made on. */
    PARENT_MISMATCH,
    /** A snapshot is, through its parents, on top of itself. */
    PARENT_CYCLE,
    /** More snapshots on top of each other than VMware, or Hyper-V, makes. */
    PARENT_CHAIN_TOO_LONG,
    /** Larger than the format, or this program, allows. */
    IMAGE_TOO_LARGE,
    /** An archive with an entry that climbs out, is a link or a device, or stands in it twice. */
    ARCHIVE_UNSAFE,
    /** An archive whose structure or compressed data is broken, or that ends too early. */
    ARCHIVE_CORRUPT,
    /** An archive with more entries, or more in them, than is read. */
    ARCHIVE_TOO_LARGE,
    /** An appliance without an OVF description. */
    OVF_MISSING,
    /** An appliance with several OVF descriptions. */
    OVF_SEVERAL,
    /** An OVF description that describes several virtual machines. */
    OVF_SEVERAL_VMS,
    /** An OVF description that is no XML, or contradicts itself. */
    OVF_INVALID,
    /** A disk that the OVF description names is not in the appliance. */
    OVF_DISK_MISSING,
    /** A disk's name in the OVF description leads out of the appliance. */
    OVF_DISK_OUTSIDE,
    /** A file has another checksum than the appliance's manifest says. */
    SOURCE_CHECKSUM_MISMATCH,
    /** The folder for unpacked disks has too little room. */
    NO_SPACE
  }

  private final Code code;
  private final String hint;

  private ImageRefusedException(Code code, String message, String hint, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.hint = hint;
  }

  /** The stable reason. */
  public Code code() {
    return code;
  }

  /** What the operator can do, as one sentence. */
  public String hint() {
    return hint;
  }

  /**
   * A refusal by a package below this one, which has its own factories.
   *
   * @param message names file, place and what was found; printable
   * @param hint what the operator can do, as one sentence
   */
  public static ImageRefusedException because(Code code, String message, String hint) {
    return new ImageRefusedException(code, message, hint, null);
  }

  /** As {@link #because}, with what went wrong below. */
  public static ImageRefusedException causedBy(
      Code code, String message, String hint, Throwable cause) {
    return new ImageRefusedException(code, message, hint, cause);
  }

  static ImageRefusedException notFound(Path path) {
    return new ImageRefusedException(
        Code.SOURCE_NOT_FOUND,
        "%s does not exist".formatted(Printable.of(path)),
        "Check the path and that its file system is mounted.",
        null);
  }

  static ImageRefusedException notRegular(Path path, String kind) {
    return new ImageRefusedException(
        Code.SOURCE_NOT_REGULAR,
        "%s is %s, not a regular file".formatted(Printable.of(path), kind),
        kind.endsWith("device")
            ? "Copy the device to a file first (qemu-img convert -f raw -O raw), and name that; block"
                + " devices are read where allowed_devices names them."
            : "Name the image file itself; links and devices are not followed.",
        null);
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
        Code.SOURCE_UNREADABLE,
        "%s cannot be read: %s".formatted(Printable.of(path), Printable.of(reason)),
        "Give the service's user the right to read the file and to enter its directories.",
        cause);
  }

  public static ImageRefusedException mismatch(
      Path path, ImageFormat declared, ImageFormat found, String hint) {
    return new ImageRefusedException(
        Code.FORMAT_MISMATCH,
        "%s is declared as %s, but it is %s"
            .formatted(Printable.of(path), declared.description(), found.description()),
        hint,
        null);
  }

  public static ImageRefusedException unsupported(Path path, String found, String hint) {
    return new ImageRefusedException(
        Code.FORMAT_UNSUPPORTED, "%s: %s".formatted(Printable.of(path), found), hint, null);
  }

  /** {@code offset} is the byte in the file where {@code found} stands. */
  public static ImageRefusedException corrupt(Path path, long offset, String found) {
    return new ImageRefusedException(
        Code.IMAGE_CORRUPT,
        "%s, offset %d: %s".formatted(Printable.of(path), offset, found),
        "Copy or export the image again and compare checksums.",
        null);
  }

  /** {@code needed} and {@code size} are in bytes. */
  public static ImageRefusedException truncated(Path path, String what, long needed, long size) {
    return new ImageRefusedException(
        Code.IMAGE_TRUNCATED,
        "%s ends at byte %d, but %s needs %d bytes"
            .formatted(Printable.of(path), size, what, needed),
        "The copy is incomplete: copy or export the image again and compare checksums.",
        null);
  }

  public static ImageRefusedException oddSize(Path path, long size, int sector) {
    return new ImageRefusedException(
        Code.IMAGE_TRUNCATED,
        "%s has %d bytes, which is not a whole number of %d-byte sectors"
            .formatted(Printable.of(path), size, sector),
        "Copy the image again; if it is complete, pad a copy of it with truncate --size=%%%d."
            .formatted(sector),
        null);
  }

  public static ImageRefusedException backingFile(Path path, long offset, String name) {
    return new ImageRefusedException(
        Code.IMAGE_HAS_BACKING_FILE,
        "%s, offset %d: refers to the backing file \"%s\""
            .formatted(Printable.of(path), offset, Printable.of(name)),
        "Flatten it where it came from, for example with qemu-img convert, and use the result.",
        null);
  }

  public static ImageRefusedException externalData(Path path, long offset) {
    return new ImageRefusedException(
        Code.IMAGE_HAS_EXTERNAL_DATA,
        "%s, offset %d: keeps its data in an external file".formatted(Printable.of(path), offset),
        "Flatten it where it came from, for example with qemu-img convert, and use the result.",
        null);
  }

  public static ImageRefusedException extentOutside(Path path, String extent) {
    return new ImageRefusedException(
        Code.EXTENT_OUTSIDE,
        "%s names the extent \"%s\", which is not a plain file name"
            .formatted(Printable.of(path), Printable.of(extent)),
        "Extents must lie beside their descriptor and be named without any directory.",
        null);
  }

  public static ImageRefusedException extentMissing(Path path, String extent) {
    return new ImageRefusedException(
        Code.EXTENT_MISSING,
        "%s names the extent \"%s\", which does not exist beside it"
            .formatted(Printable.of(path), Printable.of(extent)),
        "Copy every file of the disk, not the descriptor alone.",
        null);
  }

  public static ImageRefusedException extentNotRegular(Path path, String extent, String kind) {
    return new ImageRefusedException(
        Code.EXTENT_NOT_REGULAR,
        "%s names the extent \"%s\", which is %s, not a regular file"
            .formatted(Printable.of(path), Printable.of(extent), kind),
        "Clone the disk to a VMDK of its own; links and devices are not followed.",
        null);
  }

  public static ImageRefusedException hasParent(Path path, long offset, String found) {
    return new ImageRefusedException(
        Code.PARENT_UNSUPPORTED,
        "%s, offset %d: %s".formatted(Printable.of(path), offset, found),
        "Delete (consolidate) the VM's snapshots, or clone the disk to a full one, and use that.",
        null);
  }

  /** {@code found} goes on after "a differencing disk". */
  public static ImageRefusedException differencing(Path path, String found) {
    return new ImageRefusedException(
        Code.PARENT_UNSUPPORTED,
        "%s: a differencing disk %s".formatted(Printable.of(path), Printable.of(found)),
        "Merge it into its parent (Hyper-V: delete the checkpoint, or Merge-VHD; VirtualBox:"
            + " VBoxManage clonemedium), and name the merged disk.",
        null);
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
  public static ImageRefusedException parent(Code code, Path child, Path parent, String found) {
    return new ImageRefusedException(
        code,
        "%s is a snapshot on top of %s, %s"
            .formatted(Printable.of(child), Printable.of(parent.getFileName().toString()), found),
        code == Code.PARENT_MISMATCH
            ? "Copy all files of the disk again, of one moment, with the VM powered off."
            : "Consolidate the VM's snapshots, or clone the disk to a full one, and use that.",
        null);
  }

  public static ImageRefusedException parentOutside(Path child, String name) {
    return new ImageRefusedException(
        Code.PARENT_OUTSIDE,
        "%s is a snapshot on top of \"%s\", which is not in its folder or below it"
            .formatted(Printable.of(child), Printable.of(name)),
        "Put the parent beside it, under its own name; of a VMDK, write that name without a folder"
            + " into parentFileNameHint of a copy. Or clone the disk to a full one.",
        null);
  }

  public static ImageRefusedException parentMissing(Path child, String name) {
    return new ImageRefusedException(
        Code.PARENT_MISSING,
        "%s is a snapshot on top of \"%s\", which does not exist beside it"
            .formatted(Printable.of(child), Printable.of(name)),
        "Copy every file of the disk: the snapshot's, its parents' and their extents.",
        null);
  }

  public static ImageRefusedException tooLarge(Path path, long offset, String found) {
    return new ImageRefusedException(
        Code.IMAGE_TOO_LARGE,
        "%s, offset %d: %s".formatted(Printable.of(path), offset, found),
        "Check the image with the tool that made it.",
        null);
  }
}
