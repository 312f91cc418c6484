package io.hyper2kvm.stage.inspect.mount;

import io.hyper2kvm.guest.fstab.Fstab;
import java.util.List;
import java.util.Optional;

/** A mount unit of systemd, which says what a row of fstab says. */
final class MountUnit {

  /** Those of the file systems that are read here; the name of a unit is its mount point's. */
  static final List<String> FILES =
      List.of(
          "/etc/systemd/system/boot.mount",
          "/etc/systemd/system/boot-efi.mount",
          "/etc/systemd/system/efi.mount",
          "/etc/systemd/system/boot-firmware.mount",
          "/etc/systemd/system/usr.mount",
          "/etc/systemd/system/var.mount",
          "/etc/systemd/system/var-lib.mount");

  private MountUnit() {}

  /**
   * The unit as a row, which may be missing: whether the unit is started is not known. Empty when
   * it names no device or no mount point.
   */
  static Optional<MountTable.Source> of(String file, String text) {
    String what = "";
    String where = "";
    String type = "";
    String options = "defaults";
    int whatLine = 0;
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      int equals = line.indexOf('=');
      if (equals < 0) {
        continue;
      }
      String value = line.substring(equals + 1).strip();
      switch (line.substring(0, equals).strip()) {
        case "What" -> {
          what = value;
          whatLine = number;
        }
        case "Where" -> where = value;
        case "Type" -> type = value;
        case "Options" -> options = value;
        default -> {}
      }
    }
    if (what.isEmpty() || where.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new MountTable.Source(
            file, new Fstab.Row(whatLine, what, where, type, options + ",nofail")));
  }
}
