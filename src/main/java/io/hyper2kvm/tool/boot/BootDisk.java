package io.hyper2kvm.tool.boot;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/**
 * A disk image to boot from. It is opened with QEMU's {@code snapshot=on}: the guest's writes go to
 * a temporary file, the image stays as it is.
 *
 * @param path the image; absolute
 * @param format its QEMU format name, never guessed
 * @param sectorSize the sectors that the guest is shown, 512 or 4096 bytes
 */
public record BootDisk(Path path, String format, int sectorSize) {

  private static final Set<String> FORMATS =
      Set.of("raw", "qcow2", "qcow", "vmdk", "vdi", "vpc", "vhdx");

  public BootDisk {
    Objects.requireNonNull(path, "path");
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("path is not absolute: " + path);
    }
    if (!FORMATS.contains(format)) {
      throw new IllegalArgumentException("format is not one of " + FORMATS + ": " + format);
    }
    if (sectorSize != 512 && sectorSize != 4096) {
      throw new IllegalArgumentException("sectorSize is not 512 or 4096: " + sectorSize);
    }
  }

  /** A disk with sectors of 512 bytes. */
  public BootDisk(Path path, String format) {
    this(path, format, 512);
  }
}
