package io.hyper2kvm.image.ova.ovf;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.text.Printable;
import java.util.Collection;

/** One factory for each reason to refuse an OVF description. */
public final class OvfRefusals {

  private OvfRefusals() {}

  static ImageRefusedException severalMachines(String where, Collection<String> names) {
    return ImageRefusedException.because(
        FailureCode.OVF_SEVERAL_VMS,
        "%s describes %d virtual machines: %s"
            .formatted(where, names.size(), Printable.names(names)));
  }

  /** {@code where} names the description, and the line when it is known. */
  public static ImageRefusedException invalid(String where, String found) {
    return ImageRefusedException.because(FailureCode.OVF_INVALID, "%s: %s".formatted(where, found));
  }

  static ImageRefusedException notXml(String where, Exception cause) {
    return ImageRefusedException.causedBy(
        FailureCode.OVF_INVALID,
        "%s is not readable as XML: %s"
            .formatted(where, Printable.of(String.valueOf(cause.getMessage()))),
        FailureCode.ARCHIVE_CORRUPT.hint(),
        cause);
  }

  static ImageRefusedException compression(String where, String href, String found) {
    return ImageRefusedException.because(
        FailureCode.FORMAT_UNSUPPORTED,
        "%s: the file \"%s\" is compressed by \"%s\""
            .formatted(where, Printable.of(href), Printable.of(found)),
        "Export the VM without compression, or with gzip.");
  }

  static ImageRefusedException parent(String where, String disk) {
    return ImageRefusedException.because(
        FailureCode.PARENT_UNSUPPORTED,
        "%s: the disk \"%s\" is a difference to another one".formatted(where, Printable.of(disk)),
        "Delete (consolidate) the VM's snapshots, then export it again.");
  }
}
