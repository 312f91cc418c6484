package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.text.TextTail;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Mounts the guest's root, and those of its other file systems that hold what is read here. */
final class GuestMounts {

  private static final Set<String> EXTRA_MOUNTS =
      Set.of("/boot", "/boot/efi", "/efi", "/usr", "/var", "/boot/firmware");

  private final VmJob job;
  private final GuestVolumes volumes;
  private final RootSearch roots;
  private final GuestTexts texts;
  private final boolean writable;
  private final Map<String, String> deviceByPoint = new LinkedHashMap<>();
  private Optional<EfiMount> efi = Optional.empty();

  /**
   * The mounts of a guest.
   *
   * @param texts have the guest's fstab, when the root is known
   * @param writable whether the guest is to be fixed
   */
  GuestMounts(
      VmJob job, GuestVolumes volumes, RootSearch roots, GuestTexts texts, boolean writable) {
    this.job = job;
    this.volumes = volumes;
    this.roots = roots;
    this.texts = texts;
    this.writable = writable;
  }

  GuestfishScript ask() {
    GuestfishScript script = new GuestfishScript();
    if (roots.root().isEmpty()) {
      return script;
    }
    Map<String, String> wanted = new TreeMap<>();
    for (Fstab.Row row : Fstab.rows(texts.text(Fstab.FILE))) {
      if (EXTRA_MOUNTS.contains(row.mountPoint())) {
        volumes
            .guestDisks()
            .resolve(row.device())
            .ifPresent(partition -> wanted.put(row.mountPoint(), partition.device()));
      }
    }
    script.run(mount(), roots.root().get().device(), "/");
    // In the order of their paths a point comes before those below it.
    wanted.forEach((point, device) -> script.run(mount(), device, point));
    return EfiMount.ask(script.ask("mountpoints", "mountpoints"));
  }

  void take(GuestfishAnswers answers) {
    if (roots.root().isEmpty()) {
      return;
    }
    takeMounted(answers);
    if (!deviceByPoint.containsKey("/")) {
      throw StageFailedException.because(
          FailureCode.GUEST_MOUNT_FAILED,
          "the root file system %s could not be mounted%s: %s"
              .formatted(
                  roots.root().get().device(),
                  writable ? " for writing" : "",
                  TextTail.of(InspectStage.applianceLog(job))));
    }
    efi = EfiMount.of(volumes.efiSystemPartitions(), deviceByPoint, bootDisk(), answers);
  }

  private void takeMounted(GuestfishAnswers answers) {
    for (String line : answers.lines("mountpoints")) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        deviceByPoint.put(line.substring(colon + 2).strip(), line.substring(0, colon));
      }
    }
  }

  /** Mounts the EFI system partition that no row of fstab mounts. */
  GuestfishScript askEfi() {
    GuestfishScript script = new GuestfishScript();
    efi.ifPresent(
        esp ->
            script
                .run(mount(), esp.partition().device(), esp.point())
                .ask("mountpoints", "mountpoints"));
    return script;
  }

  void takeEfi(GuestfishAnswers answers) {
    takeMounted(answers);
    efi.filter(esp -> !deviceByPoint.containsKey(esp.point()))
        .ifPresent(
            esp ->
                job.warn(
                    "the EFI system partition %s could not be mounted: nothing on it was looked at"
                        .formatted(esp.partition().device())));
  }

  private String mount() {
    return writable ? "mount" : "mount-ro";
  }

  /**
   * Where the EFI system partition is mounted, with a row of fstab or without; empty when it is
   * not.
   */
  Optional<String> efiPoint() {
    List<String> esps = volumes.efiSystemPartitions().stream().map(GuestPartition::device).toList();
    return deviceByPoint.entrySet().stream()
        .filter(mount -> esps.contains(mount.getValue()) || mount.getKey().endsWith("/efi"))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The EFI system partition that is mounted; empty when none is. */
  String efiDevice() {
    return efiPoint().map(deviceByPoint::get).orElse("");
  }

  /** The devices by their mount points. */
  Map<String, String> deviceByPoint() {
    return deviceByPoint;
  }

  /** The index of the disk that holds {@code /boot}; -1 for a volume. */
  private int bootDisk() {
    return volumes.partitions().stream()
        .filter(partition -> partition.device().equals(bootDevice()))
        .mapToInt(GuestPartition::disk)
        .findFirst()
        .orElse(-1);
  }

  /** The device that holds {@code /boot}; empty when nothing is mounted. */
  String bootDevice() {
    return deviceByPoint.getOrDefault("/boot", deviceByPoint.getOrDefault("/", ""));
  }
}
