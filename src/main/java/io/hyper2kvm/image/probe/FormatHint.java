package io.hyper2kvm.image.probe;

import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.vmdk.VmdkExtentName;
import java.nio.file.Path;

/** What an operator can do about a file that is not what was declared. */
final class FormatHint {

  private FormatHint() {}

  static String mismatch(Path path, ImageFormat declared, ImageFormat found) {
    boolean data = found == ImageFormat.RAW || found == ImageFormat.SESPARSE;
    return declared == ImageFormat.VMDK && data && VmdkExtentName.descriptor(path).isPresent()
        ? VmdkExtentName.hint(path)
        : of(found);
  }

  /** What to do with a file of this format. */
  static String of(ImageFormat found) {
    return switch (found) {
      case RAW -> "Set source_type to raw if this is a plain disk; else copy the image again.";
      case VMDK -> "Set source_type to vmdk.";
      case VPC -> "Set source_type to vhd.";
      case VHDX -> "Set source_type to vhdx.";
      case OVA -> "Set source_type to ova, or unpack the archive and name the disk in it.";
      case OVF -> "Set source_type to ovf if this describes a VM; else name its disk.";
      case VMX -> "Set source_type to vmx if this describes a VM; else name its disk.";
      case GZIP, XZ, ZSTD, BZIP2, LZ4, ZIP, SEVEN_ZIP -> "Unpack it first and name the disk in it.";
      case SESPARSE -> "Name the disk's descriptor, the small text file beside it.";
      case ISO, ELF -> "Name the disk image; this is something else.";
      case QCOW2, VDI, QCOW1, QED, PARALLELS, DMG, BOCHS, CLOOP ->
          "Convert it to a raw disk first, on a machine where it is trusted.";
    };
  }
}
