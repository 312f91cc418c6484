package io.hyper2kvm.stage.domain;

import java.nio.file.Path;
import java.util.Objects;

/**
 * One disk of a domain.
 *
 * @param path where its image is; absolute
 * @param format the image's format as libvirt calls it: {@code qcow2}, {@code raw} or {@code vdi}
 */
public record DomainDisk(Path path, String format) {
  public DomainDisk {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("path is not absolute: " + path);
    }
    Objects.requireNonNull(format, "format");
  }
}
