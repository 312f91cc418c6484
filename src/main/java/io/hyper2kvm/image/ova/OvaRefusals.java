package io.hyper2kvm.image.ova;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.text.Printable;
import java.nio.file.Path;
import java.util.Collection;

/** One factory for each reason to refuse an OVA as a whole. */
final class OvaRefusals {

  private OvaRefusals() {}

  static ImageRefusedException noArchive(Path source, ImageFormat found) {
    return ImageRefusedException.because(
        FailureCode.FORMAT_MISMATCH,
        "%s is no archive, but %s".formatted(Printable.of(source), found.description()),
        "Correct source_type, or leave it out.");
  }

  static ImageRefusedException noDescription(Path source, Collection<String> names) {
    return ImageRefusedException.because(
        FailureCode.OVF_MISSING,
        "%s holds no .ovf file; it holds %s"
            .formatted(Printable.of(source), Printable.names(names)),
        names.stream().anyMatch(VmxReader::isName)
            ? "Set source_type to vmx, or leave it out."
            : "Export the VM again as OVF; of an archive with only a disk, name the disk or use"
                + " ami.");
  }

  static ImageRefusedException severalDescriptions(Path source, Collection<String> names) {
    return ImageRefusedException.because(
        FailureCode.OVF_SEVERAL,
        "%s holds several .ovf files: %s".formatted(Printable.of(source), Printable.names(names)));
  }

  static ImageRefusedException noVmx(Path source, ImageFormat found) {
    return ImageRefusedException.because(
        FailureCode.FORMAT_MISMATCH,
        "%s is no VMX text, but %s".formatted(Printable.of(source), found.description()),
        "Correct source_type, or leave it out.");
  }

  static ImageRefusedException noVmxIn(Path folder, Collection<String> names) {
    return ImageRefusedException.because(
        FailureCode.OVF_MISSING,
        "%s holds no .vmx or .vmtx file; it holds %s"
            .formatted(Printable.of(folder), Printable.names(names)),
        "Name the folder of the VM as the datastore has it, or its disk as vmdk.");
  }

  static ImageRefusedException severalVmx(Path folder, Collection<String> names) {
    return ImageRefusedException.because(
        FailureCode.OVF_SEVERAL,
        "%s holds several .vmx or .vmtx files: %s"
            .formatted(Printable.of(folder), Printable.names(names)),
        "Name the one that is meant.");
  }

  static ImageRefusedException diskMissing(String where, String href, Collection<String> names) {
    return ImageRefusedException.because(
        FailureCode.OVF_DISK_MISSING,
        "%s names the file \"%s\", which is not there; there are %s"
            .formatted(where, Printable.of(href), Printable.names(names)));
  }

  static ImageRefusedException diskOutside(String where, String href, String why) {
    return ImageRefusedException.because(
        FailureCode.OVF_DISK_OUTSIDE,
        "%s names the file \"%s\", which %s".formatted(where, Printable.of(href), why),
        "Put the disks beside the description, or below it, and name them relative to it.");
  }

  static ImageRefusedException differencing(Path disk) {
    return ImageRefusedException.because(
        FailureCode.PARENT_UNSUPPORTED,
        "%s: a differencing disk in an OVA".formatted(Printable.of(disk)),
        "Delete the VM's checkpoints, then export it again; or name the disk itself.");
  }

  static ImageRefusedException wrongSum(
      Path source, String member, String algorithm, String found, String expected) {
    return ImageRefusedException.because(
        FailureCode.SOURCE_CHECKSUM_MISMATCH,
        "%s: %s has the %s %s, its manifest says %s"
            .formatted(Printable.of(source), Printable.of(member), algorithm, found, expected),
        "The copy is damaged or was changed: copy or export the OVA again.");
  }

  static ImageRefusedException contradiction(
      Path source, String where, String member, String algorithm, String one, String other) {
    return ImageRefusedException.because(
        FailureCode.SOURCE_CHECKSUM_MISMATCH,
        "%s: %s gives %s the %s %s, and another line gives it %s"
            .formatted(Printable.of(source), where, Printable.of(member), algorithm, other, one),
        "One of the two is wrong: copy or export the OVA again, or correct the .mf file.");
  }

  /** Both numbers in bytes. */
  static ImageRefusedException noSpace(Path folder, String what, long needed, long usable) {
    return ImageRefusedException.because(
        FailureCode.NO_SPACE,
        "%s must be unpacked and needs %d bytes in %s, where %d are left"
            .formatted(Printable.of(what), needed, Printable.of(folder), usable),
        "Make room in work_dir, or unpack the OVA yourself and name the folder.");
  }
}
