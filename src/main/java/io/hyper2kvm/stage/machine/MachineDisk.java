package io.hyper2kvm.stage.machine;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One disk of a machine.
 *
 * @param sectorSize the logical sectors that the guest is shown, in bytes
 * @param id its name in the machine's description; may be empty
 * @param capacity the size that the description states, in bytes
 * @param controller what it is attached to
 * @param unit its place on the controller
 */
public record MachineDisk(
    int sectorSize,
    String id,
    OptionalLong capacity,
    Optional<DiskController> controller,
    OptionalInt unit) {

  /** The size of sectors that every hypervisor and every guest knows, in bytes. */
  public static final int USUAL_SECTOR = 512;

  public MachineDisk {
    if (sectorSize < USUAL_SECTOR || Integer.bitCount(sectorSize) != 1) {
      throw new IllegalArgumentException("no size of sectors: " + sectorSize);
    }
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(capacity, "capacity");
    Objects.requireNonNull(controller, "controller");
    Objects.requireNonNull(unit, "unit");
  }

  /** A disk whose place in its machine is not known. */
  public static MachineDisk anywhere(int sectorSize) {
    return new MachineDisk(
        sectorSize, "", OptionalLong.empty(), Optional.empty(), OptionalInt.empty());
  }
}
