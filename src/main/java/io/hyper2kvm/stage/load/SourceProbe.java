package io.hyper2kvm.stage.load;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ova.OvaPackage;
import io.hyper2kvm.image.ova.OvaReader;
import io.hyper2kvm.image.ova.VmxReader;
import io.hyper2kvm.image.probe.ImageProbe;
import io.hyper2kvm.manifest.model.SourceType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds out what one source is, and whether it is what the manifest declares it as: a disk image,
 * or an archive or a folder that brings its disks itself.
 */
final class SourceProbe {

  private final ImageProbe images;

  SourceProbe(ImageProbe images) {
    this.images = images;
  }

  /**
   * The archive or folder that brings its disks; empty for a disk image.
   *
   * @param type what the manifest declares it as
   */
  Optional<OvaPackage> ova(Path source, SourceType type) throws IOException {
    boolean folder = Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS);
    return switch (type) {
      case OVA, OVF -> {
        if (!folder) {
          requireSuitable(source, type);
        }
        yield Optional.of(OvaReader.openOvf(source));
      }
      case VMX -> {
        if (!folder) {
          requireSuitable(source, type);
        }
        yield Optional.of(VmxReader.open(source));
      }
      case AMI -> {
        OvaReader.refuseEc2Bundle(source);
        yield !folder && OvaReader.isArchive(images.sniff(source))
            ? Optional.of(OvaReader.openDiskArchive(source))
            : Optional.empty();
      }
      case AUTO -> {
        ImageFormat found = folder ? ofFolder(source) : images.sniff(source);
        if (found == ImageFormat.VMX || found == ImageFormat.RAW && isVmxByName(source)) {
          yield Optional.of(VmxReader.open(source));
        }
        if (OvaReader.isArchive(found)) {
          yield Optional.of(OvaReader.openArchive(source));
        }
        yield found == ImageFormat.OVF ? Optional.of(OvaReader.openOvf(source)) : Optional.empty();
      }
      case VMDK, VHD, VHDX, RAW -> Optional.empty();
    };
  }

  /** With both descriptions it is an export, and the OVF counts. */
  private static ImageFormat ofFolder(Path folder) throws IOException {
    return !OvaReader.isIn(folder) && VmxReader.isIn(folder) ? ImageFormat.VMX : ImageFormat.OVF;
  }

  /** No disk is called so: a text that nobody can read must be told as that, not as a disk. */
  private static boolean isVmxByName(Path source) {
    return VmxReader.isName(source.getFileName().toString());
  }

  /** An archive is an OVA, a description is an OVF or VMX; a folder may be called any of them. */
  private void requireSuitable(Path source, SourceType type) {
    ImageFormat found = images.sniff(source);
    boolean archive = OvaReader.isArchive(found);
    SourceType right =
        switch (found) {
          case OVF -> SourceType.OVF;
          case VMX -> SourceType.VMX;
          case VMDK -> type == SourceType.VMX ? SourceType.VMDK : type;
          default -> archive ? SourceType.OVA : type;
        };
    if (right != type) {
      throw StageFailedException.because(
          FailureCode.FORMAT_MISMATCH,
          "%s is declared as %s, but it is %s: set source_type to %s"
              .formatted(source, type.text(), found.description(), right.text()));
    }
  }

  /** The disk image, by its headers. */
  ImageFacts image(Path source, SourceType type) {
    return declaredFormat(type)
        .map(format -> images.probe(source, format))
        .orElseGet(() -> images.probe(source));
  }

  private static Optional<ImageFormat> declaredFormat(SourceType type) {
    return switch (type) {
      case VMDK -> Optional.of(ImageFormat.VMDK);
      case VHD -> Optional.of(ImageFormat.VPC);
      case VHDX -> Optional.of(ImageFormat.VHDX);
      case RAW, AMI -> Optional.of(ImageFormat.RAW);
      case AUTO, OVA, OVF, VMX -> Optional.empty();
    };
  }
}
