package io.hyper2kvm.stage.inspect.mount;

import io.hyper2kvm.guest.boot.GrubConfig;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.distribution.OsRelease;
import io.hyper2kvm.guest.distribution.Release;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.inspect.read.GuestFilesOfInterest;
import io.hyper2kvm.stage.inspect.volume.GuestVolumes;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A system that comes in images, as Flatcar's does: {@code /usr} is one of two partitions that are
 * never written, the root may have neither an fstab nor an os-release, and a third partition has
 * what GRUB adds on one platform. They are told by their names in the partition table; a checksum
 * guards {@code /usr}, so that it is mounted for reading alone.
 */
final class ImageSystem {

  private static final List<String> USR = List.of("USR-A", "USR-B");
  private static final String OEM = "OEM";
  private static final String ROOT = "ROOT";
  private static final String RELEASE = "/lib/os-release";
  private static final String GRUB = "/grub.cfg";
  private static final int MAX_RELEASE_BYTES = 64 << 10;

  /** The platform whose services the system asks for its settings. */
  private static final Pattern PLATFORM =
      Pattern.compile("^[ \\t]{0,40}set oem_id=[\"']?([A-Za-z0-9_-]{1,40})");

  /** The platforms on which the system finds its settings under KVM. */
  private static final List<String> FOR_KVM = List.of("qemu", "kubevirt", "proxmoxve");

  private final GuestVolumes volumes;
  private final Map<GuestPartition, String> menus = new LinkedHashMap<>();
  private String osRelease = "";

  ImageSystem(GuestVolumes volumes) {
    this.volumes = volumes;
  }

  private static boolean isNamed(GuestPartition partition, String name) {
    return partition.names().contains(GuestPartition.PARTLABEL + name);
  }

  private static boolean isUsr(GuestPartition partition) {
    return USR.stream().anyMatch(name -> isNamed(partition, name));
  }

  private List<GuestPartition> parts() {
    List<GuestPartition> partitions = volumes.partitions();
    return partitions.stream().noneMatch(ImageSystem::isUsr)
        ? List.of()
        : partitions.stream()
            .filter(partition -> isUsr(partition) || isNamed(partition, OEM))
            .filter(partition -> !partition.fsType().isEmpty())
            .toList();
  }

  /** Adds the questions; nothing may be mounted then. */
  void ask(GuestfishScript script) {
    for (GuestPartition partition : parts()) {
      String key = partition.device() + "/image";
      String file = isUsr(partition) ? RELEASE : GRUB;
      int most = isUsr(partition) ? MAX_RELEASE_BYTES : GuestFilesOfInterest.MAX_TEXT_BYTES;
      script.run("mount-ro", partition.device(), "/").read(key, file, most).run("umount-all");
    }
  }

  void take(GuestfishAnswers answers) {
    for (GuestPartition partition : parts()) {
      String text = answers.bytesAsText(partition.device() + "/image");
      if (!isUsr(partition)) {
        menus.put(partition, text);
      } else if (osRelease.isEmpty()
          && Release.of(OsRelease.parse(text)).family().comesInImages()) {
        osRelease = text;
      }
    }
  }

  /** The text of its os-release; empty when there is no such system. */
  String osRelease() {
    return osRelease;
  }

  /** The system's root, which need not tell that it is one. */
  Optional<RootCandidate> root(GuestPartition partition, GuestfishAnswers answers) {
    boolean root =
        !osRelease.isEmpty()
            && isNamed(partition, ROOT)
            && answers.isTrue(partition.device() + "/etc");
    return root
        ? Optional.of(new RootCandidate(partition, Optional.empty(), "", osRelease, Map.of()))
        : Optional.empty();
  }

  /** What of the platform's additions to GRUB's menu does not hold on KVM. */
  List<String> warnings(GuestDisks disks) {
    List<String> warnings = new ArrayList<>();
    if (osRelease.isEmpty()) {
      return warnings;
    }
    menus.forEach(
        (partition, text) -> {
          String file = "grub.cfg on " + partition.place() + ", which GRUB reads from there";
          GrubConfig.unresolvedRoots(text, disks).stream()
              .filter(problem -> problem.line() > 0)
              .forEach(
                  problem ->
                      warnings.add(
                          "%s, line %d: root=%s: %s; nothing is changed there: write root=LABEL=ROOT"
                              .formatted(file, problem.line(), problem.text(), problem.reason())));
          platform(file, text, warnings);
        });
    return warnings.stream().map(Printable::guestBytes).toList();
  }

  private static void platform(String file, String text, List<String> warnings) {
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      Matcher platform = PLATFORM.matcher(line);
      if (platform.find() && !FOR_KVM.contains(platform.group(1))) {
        warnings.add(
            "%s, line %d: oem_id is %s: the system asks that platform for its settings and finds none on KVM; nothing is changed there: set it to qemu"
                .formatted(file, number, platform.group(1)));
      }
    }
  }
}
