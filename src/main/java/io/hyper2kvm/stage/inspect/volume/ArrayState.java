package io.hyper2kvm.stage.inspect.volume;

import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.Excerpt;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether the guest's md arrays have all their disks, by what mdadm tells of each. */
final class ArrayState {

  private static final String MEMBER = "linux_raid_member";

  private ArrayState() {}

  /** Names the answer of {@code md-detail} about an array. */
  static String key(String array) {
    return array + "/array";
  }

  /**
   * The name in an array's superblock. The oldest format has a number only, which mdadm gives as
   * the name of the device.
   */
  static String name(Map<String, String> detail) {
    boolean old = detail.getOrDefault("metadata", "").startsWith("0.");
    return detail.getOrDefault("name", old ? detail.getOrDefault("devname", "") : "");
  }

  /** What an operator should know: arrays without all their disks, and those that do not run. */
  static List<String> warnings(
      List<GuestPartition> partitions, BlockDevices devices, GuestfishAnswers answers) {
    List<String> warnings = new ArrayList<>();
    Set<String> running = new LinkedHashSet<>();
    for (String array : devices.arrays()) {
      Map<String, String> detail = answers.pairs(key(array));
      String uuid = digits(detail.getOrDefault("uuid", ""));
      if (!detail.containsKey("level")) {
        continue;
      }
      running.add(uuid);
      long wanted = number(detail.getOrDefault("devices", ""));
      long there =
          detail.entrySet().stream()
              .filter(it -> it.getKey().startsWith("device_") && it.getKey().endsWith("_role"))
              .filter(it -> number(it.getValue()) >= 0)
              .count();
      if (wanted > there && there > 0) {
        warnings.add(
            Printable.guestLine(
                "the array %s (%s) has %d of its %d members and was started without the others; if a disk of the VM is missing here, name it in load.additional_disks, or else replace the member in the guest"
                    .formatted(
                        name(detail).isEmpty() ? array : name(detail),
                        detail.get("level"),
                        there,
                        wanted)));
      }
    }
    String refusals =
        devices.refusals().isEmpty()
            ? ""
            : ", or it was written to while one was missing and not stopped (mdadm: %s)"
                .formatted(Excerpt.of(String.join("; ", devices.refusals())));
    stopped(partitions, running)
        .forEach(
            (uuid, places) ->
                warnings.add(
                    Printable.guestLine(
                        "the array of %s could not be started, so nothing on it was looked at: too many members are missing or damaged%s; name all disks of the VM in load.additional_disks"
                            .formatted(String.join(" and ", places), refusals))));
    return warnings;
  }

  /** The places of the members of arrays that do not run, by the arrays' identifiers. */
  private static Map<String, List<String>> stopped(
      List<GuestPartition> partitions, Set<String> running) {
    Map<String, List<String>> stopped = new LinkedHashMap<>();
    for (GuestPartition partition : partitions) {
      String uuid = digits(partition.uuid());
      if (partition.fsType().equals(MEMBER) && !running.contains(uuid)) {
        stopped.computeIfAbsent(uuid, it -> new ArrayList<>()).add(partition.place());
      }
    }
    return stopped;
  }

  /** mdadm and blkid part the digits of an identifier in different ways. */
  private static String digits(String uuid) {
    return uuid.replaceAll("[^0-9a-fA-F]", "");
  }

  private static long number(String digits) {
    return digits.matches("[0-9]{1,9}") ? Long.parseLong(digits) : -1;
  }
}
