package io.hyper2kvm.stage.inspect.volume;

import io.hyper2kvm.guest.boot.BootSector;
import io.hyper2kvm.guest.btrfs.Subvolumes;
import io.hyper2kvm.guest.disk.DiscoverablePartition;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.disk.VolumeNames;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.luks.LuksMapping;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.load.LoadResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the guest's disks, partitions, logical volumes and arrays hold, and how they are named. */
public final class GuestVolumes {

  private static final Pattern ARRAY_PARTITION =
      Pattern.compile("(/dev/md[0-9]{1,4})p([0-9]{1,3})");
  private static final Pattern PARTITION = Pattern.compile("/dev/(sd[a-z]{1,2})([0-9]{1,3})");

  private final VmJob job;
  private final BlockDevices devices;
  private final List<BootSector> bootSectors = new ArrayList<>();
  private final List<GuestPartition> partitions = new ArrayList<>();
  private final PartitionTable table = new PartitionTable();
  private final Map<String, Subvolumes> subvolumesByUuid = new LinkedHashMap<>();
  private Optional<GuestDisks> known = Optional.empty();

  /** What lies on the devices of a job, when they are known. */
  public GuestVolumes(VmJob job, BlockDevices devices) {
    this.job = job;
    this.devices = devices;
  }

  /** Asks what each device holds. */
  public GuestfishScript askFileSystems() {
    GuestfishScript script = new GuestfishScript();
    devices.all().forEach(device -> script.ask(device, "blkid", device));
    devices.arrays().forEach(array -> script.ask(ArrayState.key(array), "md-detail", array));
    LvmIds.ask(script, devices.logicalVolumes());
    devices
        .disks()
        .forEach(
            disk ->
                script.ask(
                    disk + "/sector", "pread-device", disk, String.valueOf(BootSector.BYTES), "0"));
    return script;
  }

  /** Takes it. */
  public void takeFileSystems(GuestfishAnswers answers) {
    for (String device : devices.all()) {
      Map<String, String> tags = answers.pairs(device);
      var matcher = PARTITION.matcher(device);
      boolean isPartition = matcher.matches();
      String disk = isPartition ? "/dev/" + matcher.group(1) : device;
      int diskIndex = devices.diskIndex(disk);
      partitions.add(
          new GuestPartition(
              device,
              diskIndex,
              isPartition && diskIndex >= 0 ? Integer.parseInt(matcher.group(2)) : 0,
              tags.getOrDefault("UUID", ""),
              tags.getOrDefault("PART_ENTRY_UUID", ""),
              BlkidText.decoded(tags.getOrDefault("LABEL", "")),
              tags.getOrDefault("TYPE", ""),
              names(device, tags, answers)));
      table.keep(device, tags);
    }
    ArrayState.warnings(partitions, devices, answers).forEach(job::warn);
    LvmIds.warnings(answers).forEach(job::warn);
    devices
        .disks()
        .forEach(disk -> bootSectors.add(BootSector.of(answers.bytes(disk + "/sector"))));
  }

  /** A guest's own tables seldom name a volume as the appliance does. */
  private Set<String> names(String device, Map<String, String> tags, GuestfishAnswers answers) {
    Set<String> names = new LinkedHashSet<>();
    String partitionName = BlkidText.decoded(tags.getOrDefault("PART_ENTRY_NAME", ""));
    if (!partitionName.isEmpty()) {
      names.add(GuestPartition.PARTLABEL + partitionName);
    }
    if (devices.arrays().contains(device)) {
      names.addAll(arrayNames(device, answers));
    } else if (devices.logicalVolumes().contains(device)) {
      names.addAll(LvmIds.names(device, devices.logicalVolumes(), answers));
    } else {
      var part = ARRAY_PARTITION.matcher(device);
      if (part.matches() && devices.arrays().contains(part.group(1))) {
        names.addAll(
            VolumeNames.ofArrayPartition(
                arrayNames(part.group(1), answers), Integer.parseInt(part.group(2))));
      }
    }
    return names;
  }

  private Set<String> arrayNames(String device, GuestfishAnswers answers) {
    Map<String, String> array = answers.pairs(ArrayState.key(device));
    Set<String> names =
        new LinkedHashSet<>(
            VolumeNames.ofArray(ArrayState.name(array), array.getOrDefault("uuid", "")));
    // Of several, the appliance's numbers are not the guest's.
    if (devices.arrays().size() == 1) {
      names.add(device);
    }
    return names;
  }

  /** Every block device, with what is on it. */
  public List<GuestPartition> partitions() {
    return partitions;
  }

  /** The same as the fixes look things up in them, with what is known of the guest's names. */
  public GuestDisks guestDisks() {
    return known.orElseGet(
        () ->
            new GuestDisks(partitions, devices.disks().size())
                .withOrder(DescribedSeats.order(LoadResult.of(job).machine())));
  }

  /**
   * Takes what the guest's own tables tell of the names of its devices.
   *
   * @param root the file system that they were read from
   * @param fstab the text of its fstab
   * @param arrays the names that its mdadm.conf gives arrays, by their UUIDs
   */
  public void learn(GuestPartition root, String fstab, Map<String, String> arrays) {
    GuestDisks named = guestDisks().withRoot(root).withArrayNames(arrays);
    partitions.clear();
    partitions.addAll(named.partitions());
    known = Optional.of(Fstab.learned(fstab, named));
  }

  /** Keeps the subvolumes of a btrfs. */
  public void keep(GuestPartition btrfs, Subvolumes subvolumes) {
    subvolumesByUuid.put(btrfs.uuid(), subvolumes);
  }

  /** The subvolumes of the btrfs on a device; empty when it has no other file system or none. */
  public Optional<Subvolumes> subvolumes(GuestPartition partition) {
    return partition.fsType().equals("btrfs")
        ? Optional.ofNullable(subvolumesByUuid.get(partition.uuid()))
        : Optional.empty();
  }

  /** The EFI system partitions. */
  public List<GuestPartition> efiSystemPartitions() {
    return partitions.stream()
        .filter(partition -> is(partition, DiscoverablePartition.ESP))
        .toList();
  }

  /** The file systems on them; where they are members of an array, those on arrays. */
  public List<GuestPartition> efiFileSystems() {
    List<GuestPartition> esps = efiSystemPartitions();
    boolean mirrored =
        esps.stream().anyMatch(partition -> partition.fsType().equals("linux_raid_member"));
    return partitions.stream()
        .filter(partition -> partition.fsType().equals("vfat"))
        .filter(it -> esps.contains(it) || (mirrored && devices.arrays().contains(it.device())))
        .toList();
  }

  private boolean is(GuestPartition partition, DiscoverablePartition use) {
    return table.use(partition).equals(Optional.of(use));
  }

  /** The partitions of a type that systemd may mount by it. */
  public List<GuestPartition> discoverable(DiscoverablePartition use) {
    return partitions.stream()
        .filter(partition -> is(partition, use) && !table.isHidden(partition))
        .toList();
  }

  /** Whether the partition's attributes say that it is not to be found by its type. */
  public boolean isHidden(GuestPartition partition) {
    return table.isHidden(partition);
  }

  /** Whether there is a volume that cannot be looked into. */
  public boolean hasEncrypted() {
    return partitions.stream()
        .filter(partition -> partition.fsType().equals("crypto_LUKS"))
        .anyMatch(
            it -> devices.mappings().stream().noneMatch(m -> m.container().equals(it.device())));
  }

  /**
   * Takes the names under which the guest opens its encrypted containers.
   *
   * @param nameByContainer name by the device that is encrypted
   */
  public void nameMappings(Map<String, String> nameByContainer) {
    for (LuksMapping mapping : devices.mappings()) {
      String name = nameByContainer.get(mapping.container());
      if (name != null) {
        partitions.replaceAll(
            it -> it.device().equals(mapping.device()) ? named(it, mapping, name) : it);
      }
    }
  }

  private static GuestPartition named(GuestPartition opened, LuksMapping mapping, String name) {
    return new GuestPartition(
        LuksMapping.deviceOf(name),
        opened.disk(),
        opened.number(),
        opened.uuid(),
        opened.partUuid(),
        opened.label(),
        opened.fsType(),
        mapping.links(name));
  }

  /** What a guest's table means. */
  public Optional<GuestPartition> resolve(String guestDeviceName) {
    return guestDisks().resolve(guestDeviceName);
  }

  /** The first sector of each disk. */
  public List<BootSector> bootSectors() {
    return bootSectors;
  }
}
