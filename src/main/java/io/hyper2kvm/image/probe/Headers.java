package io.hyper2kvm.image.probe;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import io.hyper2kvm.image.qcow2.Qcow2Reader;
import io.hyper2kvm.image.raw.RawReader;
import io.hyper2kvm.image.vdi.VdiReader;
import io.hyper2kvm.image.vhd.VhdReader;
import io.hyper2kvm.image.vhdx.VhdxReader;
import io.hyper2kvm.image.vmdk.VmdkReader;

/** Reads the headers of an image by its format's reader. */
final class Headers {

  private Headers() {}

  /**
   * What the headers say.
   *
   * @param format what the image was found to be
   * @param extentsAllowed whether a VMDK may be a descriptor with extents beside it
   */
  static Layout read(ImageBytes image, ImageFormat format, boolean extentsAllowed) {
    return switch (format) {
      case RAW -> RawReader.read(image);
      case VMDK -> VmdkReader.read(image, extentsAllowed);
      case VPC -> VhdReader.read(image);
      case VHDX -> VhdxReader.read(image);
      case QCOW2 -> Qcow2Reader.read(image);
      case VDI -> VdiReader.read(image);
      default ->
          throw ImageRefusedException.unsupported(
              image.path(), "it is " + format.description(), FormatHint.of(format));
    };
  }
}
