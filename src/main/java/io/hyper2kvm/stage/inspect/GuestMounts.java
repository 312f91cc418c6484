package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.text.TextTail;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Mounts the guest's root, and those of its other file systems that hold what is read here. */
final class GuestMounts {

  private static final Set<String> EXTRA_MOUNTS =
      Set.of("/boot", "/boot/efi", "/usr", "/var", "/boot/firmware");

  private final VmJob job;
  private final GuestVolumes volumes;
  private final RootSearch roots;
  private final GuestTexts texts;
  private final boolean writable;
  private final Map<String, String> deviceByPoint = new LinkedHashMap<>();

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
    Map<String, String> wanted = new TreeMap<>(Comparator.comparing(String::length));
    for (Fstab.Row row : Fstab.rows(texts.text(Fstab.FILE))) {
      if (EXTRA_MOUNTS.contains(row.mountPoint())) {
        volumes
            .guestDisks()
            .resolve(row.device())
            .ifPresent(partition -> wanted.put(row.mountPoint(), partition.device()));
      }
    }
    String mount = writable ? "mount" : "mount-ro";
    script.run(mount, roots.root().get().device(), "/");
    wanted.forEach((point, device) -> script.run(mount, device, point));
    return script.ask("mountpoints", "mountpoints");
  }

  void take(GuestfishAnswers answers) {
    if (roots.root().isEmpty()) {
      return;
    }
    for (String line : answers.lines("mountpoints")) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        deviceByPoint.put(line.substring(colon + 2).strip(), line.substring(0, colon));
      }
    }
    if (!deviceByPoint.containsKey("/")) {
      throw StageFailedException.because(
          FailureCode.GUEST_MOUNT_FAILED,
          "the root file system %s could not be mounted%s: %s"
              .formatted(
                  roots.root().get().device(),
                  writable ? " for writing" : "",
                  TextTail.of(InspectStage.applianceLog(job))));
    }
  }

  /** The devices by their mount points. */
  Map<String, String> deviceByPoint() {
    return deviceByPoint;
  }

  /** The device that holds {@code /boot}; empty when nothing is mounted. */
  String bootDevice() {
    return deviceByPoint.getOrDefault("/boot", deviceByPoint.getOrDefault("/", ""));
  }
}
