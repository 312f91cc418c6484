package io.hyper2kvm.stage.domain;

import io.hyper2kvm.stage.machine.MachineDisk;
import java.nio.file.Path;
import java.util.Objects;

/**
 * One disk of a domain.
 *
 * @param path where its image is; absolute
 * @param format the image's format as libvirt calls it: {@code qcow2}, {@code raw} or {@code vdi}
 * @param sectorSize the sectors that the guest is shown, in bytes
 */
public record DomainDisk(Path path, String format, int sectorSize) {

  public DomainDisk {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("path is not absolute: " + path);
    }
    Objects.requireNonNull(format, "format");
    if (sectorSize < MachineDisk.USUAL_SECTOR || Integer.bitCount(sectorSize) != 1) {
      throw new IllegalArgumentException("no size of sectors: " + sectorSize);
    }
  }
}
