package io.hyper2kvm.stage.inspect.mount;

import io.hyper2kvm.guest.disk.DiscoverablePartition;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.inspect.volume.GuestVolumes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What systemd mounts by the types of partitions, where neither a row of fstab nor a unit does, and
 * the folder is empty: the extended boot partition, and {@code /usr} and {@code /var} on the disk
 * of the root. Partitions that are marked not to be mounted so stay out.
 *
 * @param byPoint the partitions by their mount points
 * @param warnings what an operator should know of those that are not mounted
 */
record AutoMounts(Map<String, GuestPartition> byPoint, List<String> warnings) {

  /** Nothing is mounted so. */
  static final AutoMounts NONE = new AutoMounts(Map.of(), List.of());

  private static final String BOOT = "/boot";
  private static final String USR = "/usr";
  private static final String VAR = "/var";
  private static final String MACHINE_ID = "/etc/machine-id";
  private static final String SYSTEMD = "/etc/systemd";
  private static final int MAX_ID_BYTES = 64;

  /** Adds the questions about the root, which is mounted. */
  static void ask(GuestfishScript script) {
    for (String point : List.of(BOOT, USR, VAR)) {
      script.ask("dir:" + point, "is-dir", point).ask("ls:" + point, "ls", point);
    }
    script.ask("dir:" + SYSTEMD, "is-dir", SYSTEMD).read(MACHINE_ID, MACHINE_ID, MAX_ID_BYTES);
  }

  /**
   * What is to be mounted.
   *
   * @param known the mount points of rows and units
   */
  static AutoMounts of(
      GuestPartition root, Set<String> known, GuestVolumes volumes, GuestfishAnswers answers) {
    Map<String, GuestPartition> byPoint = new LinkedHashMap<>();
    List<String> warnings = new ArrayList<>();
    if (isFree(BOOT, known, answers)) {
      volumes.discoverable(DiscoverablePartition.EXTENDED_BOOT).stream()
          .min(Comparator.comparing(partition -> partition.disk() != root.disk()))
          .ifPresent(partition -> byPoint.put(BOOT, partition));
    }
    boolean startsSo =
        answers.isTrue("dir:" + SYSTEMD)
            && volumes.efiSystemPartitions().stream().anyMatch(esp -> esp.disk() == root.disk());
    if (startsSo && isFree(USR, known, answers)) {
      List<GuestPartition> usr = onDisk(root.disk(), DiscoverablePartition.USR, volumes);
      if (usr.size() == 1) {
        byPoint.put(USR, usr.get(0));
      } else if (usr.size() > 1) {
        warnings.add(
            "%d partitions have the type of /usr and nothing says which one the guest mounts: nothing in /usr was looked at"
                .formatted(usr.size()));
      }
    }
    Optional<String> uuid = DiscoverablePartition.varUuid(answers.text(MACHINE_ID));
    if (startsSo && isFree(VAR, known, answers) && uuid.isPresent()) {
      onDisk(root.disk(), DiscoverablePartition.VAR, volumes).stream()
          .filter(partition -> partition.partUuid().equalsIgnoreCase(uuid.get()))
          .findFirst()
          .ifPresent(partition -> byPoint.put(VAR, partition));
    }
    return new AutoMounts(byPoint, warnings);
  }

  private static boolean isFree(String point, Set<String> known, GuestfishAnswers answers) {
    return !known.contains(point)
        && answers.isTrue("dir:" + point)
        && answers.lines("ls:" + point).isEmpty();
  }

  private static List<GuestPartition> onDisk(
      int disk, DiscoverablePartition use, GuestVolumes volumes) {
    return volumes.discoverable(use).stream()
        .filter(partition -> partition.disk() == disk && disk >= 0)
        .toList();
  }
}
