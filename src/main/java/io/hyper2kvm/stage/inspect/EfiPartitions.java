package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.BootSector;
import io.hyper2kvm.guest.boot.uefi.EfiPartition;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.inspect.read.GuestTexts;
import io.hyper2kvm.stage.inspect.volume.GuestVolumes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The guest's EFI system partitions, and what they tell of the firmware that starts it. They are
 * told by their type in the partition table, and by fstab; where neither tells of one, any FAT may
 * be one, since firmware starts from any.
 */
final class EfiPartitions {

  private static final Set<String> POINTS = Set.of("/boot/efi", "/efi");
  private static final String FAT = "vfat";
  private static final String ARRAY_MEMBER = "linux_raid_member";

  private final GuestVolumes volumes;
  private final GuestTexts texts;
  private List<EfiPartition> found = List.of();
  private boolean named;

  /**
   * The partitions of a guest.
   *
   * @param texts have the guest's fstab when the partitions are asked for
   */
  EfiPartitions(GuestVolumes volumes, GuestTexts texts) {
    this.volumes = volumes;
    this.texts = texts;
  }

  /** Adds the questions; nothing may be mounted then. */
  void ask(GuestfishSession session) {
    new EfiListing(this::places).ask(session, partitions -> found = partitions);
  }

  private List<EfiListing.Place> places() {
    Map<String, EfiListing.Place> places = new LinkedHashMap<>();
    for (GuestPartition partition : volumes.efiSystemPartitions()) {
      add(partition, places);
    }
    for (Fstab.Row row : Fstab.rows(texts.text(Fstab.FILE))) {
      if (POINTS.contains(row.mountPoint())) {
        volumes
            .guestDisks()
            .resolve(row.device())
            .filter(partition -> partition.fsType().equals(FAT))
            .ifPresent(partition -> add(partition, places));
      }
    }
    if (places.isEmpty()) {
      volumes.partitions().stream()
          .filter(partition -> partition.fsType().equals(FAT))
          .forEach(partition -> add(partition, places));
    } else {
      named = true;
    }
    return List.copyOf(places.values());
  }

  /** Firmware reads the members of a mirror one by one; here only the array can be mounted. */
  private void add(GuestPartition partition, Map<String, EfiListing.Place> places) {
    GuestPartition mounted =
        partition.fsType().equals(ARRAY_MEMBER)
            ? volumes.partitions().stream()
                .filter(p -> p.disk() < 0 && p.fsType().equals(FAT))
                .findFirst()
                .orElse(partition)
            : partition;
    places.putIfAbsent(
        mounted.device(),
        new EfiListing.Place(
            mounted.device(), partition.place(), Math.max(0, partition.disk()), mounted.fsType()));
  }

  /**
   * What was found. The first is the one that the new machine shall start from: that of the guest
   * itself, else one that firmware starts, else one that holds anything.
   *
   * @param mounted the device of the partition that the guest mounts; empty when that is not known
   */
  List<EfiPartition> found(String mounted) {
    return found.stream()
        .sorted(
            Comparator.comparing(
                p -> {
                  boolean own = p.device().equals(mounted) && p.hasPrograms();
                  return own ? 0 : p.hasRemovableLoader() ? 1 : p.hasPrograms() ? 2 : 3;
                }))
        .toList();
  }

  /** The index of the disk that a UEFI machine starts from. */
  int bootDisk(String mounted) {
    return found(mounted).get(0).disk();
  }

  /**
   * {@code bios} or {@code uefi}. Installers make an EFI system partition on a BIOS machine, too,
   * and leave it empty.
   */
  String firmware() {
    boolean programs = found.stream().anyMatch(EfiPartition::hasPrograms);
    boolean biosLoader = volumes.bootSectors().stream().anyMatch(BootSector::hasLoader);
    if (programs) {
      return named || !biosLoader ? "uefi" : "bios";
    }
    boolean known = found.stream().allMatch(p -> p.read() || !p.fileSystem().equals(FAT));
    boolean startsByBios = known && biosLoader;
    return volumes.efiSystemPartitions().isEmpty() || startsByBios ? "bios" : "uefi";
  }

  /** What an operator should know of the choice. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (!volumes.efiSystemPartitions().isEmpty() && firmware().equals("bios")) {
      warnings.add(
          "%s: the EFI system partition holds no program, and a disk has a boot loader for a BIOS: the guest is taken for one that starts by BIOS"
              .formatted(found.get(0).place()));
    }
    return warnings;
  }
}
