package io.hyper2kvm.stage.inspect.luks;

import io.hyper2kvm.guest.luks.LuksHeader;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An encrypted container on one of the guest's devices.
 *
 * @param device as the appliance calls it
 * @param disk the disk that it lies on, from 0; -1 for a volume
 * @param number the partition's number, from 1; 0 for a whole disk or a volume
 * @param header what its header says
 * @param aliases what else the device is called, such as {@code /dev/md/data}
 */
record Container(String device, int disk, int number, LuksHeader header, Set<String> aliases) {

  Container {
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(header, "header");
    aliases = Set.copyOf(aliases);
  }

  /** The names by which the configuration may mean it. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>(aliases);
    if (disk < 0) {
      names.add(device);
    } else {
      String whole = "disk" + (disk + 1);
      names.add(number == 0 ? whole : whole + "-partition" + number);
    }
    Optional.of(header.uuid()).filter(uuid -> !uuid.isEmpty()).ifPresent(names::add);
    Optional.of(header.label()).filter(label -> !label.isEmpty()).ifPresent(names::add);
    return names;
  }

  /** What it is, in an operator's words. */
  String words() {
    String place =
        disk < 0 ? device : "disk " + (disk + 1) + (number == 0 ? "" : ", partition " + number);
    return "%s (LUKS %d, UUID %s)"
        .formatted(place, header.version(), header.uuid().isEmpty() ? "unknown" : header.uuid());
  }
}
