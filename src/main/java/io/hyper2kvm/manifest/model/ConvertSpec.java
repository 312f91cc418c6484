package io.hyper2kvm.manifest.model;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The output of one VM.
 *
 * @param format the format of every output disk
 * @param compress whether the output is compressed; only with a format that can be
 * @param compressionType how it is compressed, if it is
 * @param output where the first disk goes; absolute and normalized
 * @param overwrite whether a file that is there already may be replaced
 * @param target for what the VM is described beside the output
 * @param domain what is asked for in that description
 */
public record ConvertSpec(
    OutputFormat format,
    boolean compress,
    CompressionType compressionType,
    Path output,
    boolean overwrite,
    DomainTarget target,
    DomainSpec domain) {

  public ConvertSpec {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(compressionType, "compressionType");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(domain, "domain");
    if (compress && !format.compressible()) {
      throw new IllegalArgumentException(format.text() + " cannot be compressed");
    }
    if (!output.isAbsolute()
        || !output.equals(output.normalize())
        || output.getFileName() == null) {
      throw new IllegalArgumentException("output is not an absolute, normalized file: " + output);
    }
  }

  /**
   * Where a disk goes: {@code web.qcow2}, {@code web-disk2.qcow2}, {@code web-disk3.qcow2}, …
   *
   * @param diskIndex the disk's place in the VM, from 0
   */
  public Path output(int diskIndex) {
    return output.resolveSibling(nameOfDisk(output.getFileName().toString(), diskIndex));
  }

  /**
   * Where the VM is described for its target, beside its first disk.
   *
   * @param firstOutput where that disk goes
   * @param vm the VM's name
   * @return empty when nothing is written
   */
  public Optional<Path> description(Path firstOutput, String vm) {
    return target.fileName(vm).map(firstOutput::resolveSibling);
  }

  /** The file name of a disk's output, made from the first disk's. */
  public static String nameOfDisk(String firstName, int diskIndex) {
    if (diskIndex < 0) {
      throw new IllegalArgumentException("diskIndex is negative: " + diskIndex);
    }
    if (diskIndex == 0) {
      return firstName;
    }
    int dot = firstName.lastIndexOf('.');
    // A leading dot is a hidden file's, not an extension's.
    String stem = dot > 0 ? firstName.substring(0, dot) : firstName;
    String extension = dot > 0 ? firstName.substring(dot) : "";
    return stem + "-disk" + (diskIndex + 1) + extension;
  }
}
