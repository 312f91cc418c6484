package io.hyper2kvm.image.hardware;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A disk of the virtual hardware.
 *
 * @param id its name in the description
 * @param file where its content is; empty for a new, blank disk
 * @param capacity the size that the description states, in bytes
 * @param format the format's URI as the description states it; may be empty
 * @param controller what it was attached to, when that is said
 * @param unit its place on the controller, when that is said
 */
public record HardwareDisk(
    String id,
    Optional<DiskFile> file,
    OptionalLong capacity,
    String format,
    Optional<HardwareController> controller,
    OptionalInt unit) {

  public HardwareDisk {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(capacity, "capacity");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(controller, "controller");
    Objects.requireNonNull(unit, "unit");
  }
}
