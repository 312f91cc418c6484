package io.hyper2kvm.image.appliance;

import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.ImageRefusedException.Code;
import io.hyper2kvm.image.Printable;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;

/** One factory for each reason to refuse an appliance. */
final class Refusals {

  private static final int MOST_NAMES_SHOWN = 10;
  private static final String EXPORT_AGAIN =
      "Copy or export the appliance again and compare checksums.";

  private Refusals() {}

  /** {@code what} is what the entry does, such as "is a symbolic link". */
  static ImageRefusedException unsafe(Path archive, String entry, String what) {
    return ImageRefusedException.because(
        Code.ARCHIVE_UNSAFE,
        "%s: the entry \"%s\" %s".formatted(shown(archive), Printable.of(entry), what),
        "An appliance is plain files only: pack it again with tar, or export it again.");
  }

  /** {@code offset} is the byte in the (unpacked) archive where {@code found} stands. */
  static ImageRefusedException corrupt(Path archive, long offset, String found) {
    return ImageRefusedException.because(
        Code.ARCHIVE_CORRUPT,
        "%s, offset %d: %s".formatted(shown(archive), offset, found),
        EXPORT_AGAIN);
  }

  static ImageRefusedException undecodable(Path archive, String what, Exception cause) {
    return ImageRefusedException.causedBy(
        Code.ARCHIVE_CORRUPT,
        "%s: %s cannot be unpacked: %s"
            .formatted(
                shown(archive),
                Printable.of(what),
                Printable.of(String.valueOf(cause.getMessage()))),
        EXPORT_AGAIN,
        cause);
  }

  static ImageRefusedException tooLarge(Path archive, String found) {
    return ImageRefusedException.because(
        Code.ARCHIVE_TOO_LARGE,
        "%s: %s".formatted(shown(archive), found),
        "Unpack it by hand where you trust it, and name the folder or the disk.");
  }

  static ImageRefusedException unsupported(Path source, String found, String hint) {
    return ImageRefusedException.because(
        Code.FORMAT_UNSUPPORTED, "%s: %s".formatted(shown(source), found), hint);
  }

  static ImageRefusedException noDescription(Path source, Collection<String> names) {
    return ImageRefusedException.because(
        Code.OVF_MISSING,
        "%s holds no .ovf file; it holds %s".formatted(shown(source), list(names)),
        "Export the VM again as OVF; of an archive with only a disk, name the disk or use ami.");
  }

  static ImageRefusedException severalDescriptions(Path source, Collection<String> names) {
    return ImageRefusedException.because(
        Code.OVF_SEVERAL,
        "%s holds several .ovf files: %s".formatted(shown(source), list(names)),
        "Unpack it and name one .ovf file with source_type ovf.");
  }

  static ImageRefusedException severalMachines(String where, Collection<String> names) {
    return ImageRefusedException.because(
        Code.OVF_SEVERAL_VMS,
        "%s describes %d virtual machines: %s".formatted(where, names.size(), list(names)),
        "Export each virtual machine by itself.");
  }

  /** {@code where} names the description, and the line when it is known. */
  static ImageRefusedException invalid(String where, String found) {
    return ImageRefusedException.because(
        Code.OVF_INVALID,
        "%s: %s".formatted(where, found),
        "Export the VM again, or correct the description and remove its .mf file.");
  }

  static ImageRefusedException notXml(String where, Exception cause) {
    return ImageRefusedException.causedBy(
        Code.OVF_INVALID,
        "%s is not readable as XML: %s"
            .formatted(where, Printable.of(String.valueOf(cause.getMessage()))),
        EXPORT_AGAIN,
        cause);
  }

  static ImageRefusedException diskMissing(String where, String href, Collection<String> names) {
    return ImageRefusedException.because(
        Code.OVF_DISK_MISSING,
        "%s names the file \"%s\", which is not there; there are %s"
            .formatted(where, Printable.of(href), list(names)),
        "Copy every file of the appliance, not the description alone.");
  }

  static ImageRefusedException diskOutside(String where, String href, String why) {
    return ImageRefusedException.because(
        Code.OVF_DISK_OUTSIDE,
        "%s names the file \"%s\", which %s".formatted(where, Printable.of(href), why),
        "Put the disks beside the description, or below it, and name them relative to it.");
  }

  static ImageRefusedException compression(String where, String href, String found) {
    return ImageRefusedException.because(
        Code.FORMAT_UNSUPPORTED,
        "%s: the file \"%s\" is compressed by \"%s\""
            .formatted(where, Printable.of(href), Printable.of(found)),
        "Export the VM without compression, or with gzip.");
  }

  static ImageRefusedException parent(String where, String disk) {
    return ImageRefusedException.because(
        Code.PARENT_UNSUPPORTED,
        "%s: the disk \"%s\" is a difference to another one".formatted(where, Printable.of(disk)),
        "Delete (consolidate) the VM's snapshots, then export it again.");
  }

  static ImageRefusedException differencing(Path disk) {
    return ImageRefusedException.because(
        Code.PARENT_UNSUPPORTED,
        "%s: a differencing disk in an appliance".formatted(shown(disk)),
        "Delete the VM's checkpoints, then export it again; or name the disk itself.");
  }

  static ImageRefusedException wrongSum(
      Path source, String member, String algorithm, String found, String expected) {
    return ImageRefusedException.because(
        Code.SOURCE_CHECKSUM_MISMATCH,
        "%s: %s has the %s %s, its manifest says %s"
            .formatted(shown(source), Printable.of(member), algorithm, found, expected),
        "The copy is damaged or was changed: copy or export the appliance again.");
  }

  /** Both numbers in bytes. */
  static ImageRefusedException noSpace(Path folder, String what, long needed, long usable) {
    return ImageRefusedException.because(
        Code.NO_SPACE,
        "%s must be unpacked and needs %d bytes in %s, where %d are left"
            .formatted(Printable.of(what), needed, shown(folder), usable),
        "Make room in work_dir, or unpack the appliance yourself and name the folder.");
  }

  static String shown(Path path) {
    return Printable.of(path.toString());
  }

  private static String list(Collection<String> names) {
    if (names.isEmpty()) {
      return "nothing";
    }
    String first =
        names.stream().limit(MOST_NAMES_SHOWN).map(Printable::of).collect(Collectors.joining(", "));
    int more = names.size() - MOST_NAMES_SHOWN;
    return more > 0 ? "%s and %d more".formatted(first, more) : first;
  }
}
