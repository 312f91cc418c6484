package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.boot.BootSector;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.disk.VolumeNames;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.load.SectorSizes;
import io.hyper2kvm.text.TextTail;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The guest's disks, partitions, logical volumes and arrays, with the file systems on them; asking
 * for them starts the appliance's kernel.
 */
final class GuestVolumes {

  private static final Set<String> ESP_TYPES =
      Set.of("c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "0xef");

  /** The boot loader specification's, which systemd mounts at an empty {@code /boot}. */
  private static final String EXTENDED_BOOT = "bc13c2ff-59e6-4262-a352-b275fd6f7172";

  private static final Pattern DEVICE = Pattern.compile("/dev/[A-Za-z0-9+_.:/-]{1,200}");
  private static final Pattern ARRAY_PARTITION =
      Pattern.compile("(/dev/md[0-9]{1,4})p([0-9]{1,3})");
  private static final Pattern PARTITION = Pattern.compile("/dev/(sd[a-z]{1,2})([0-9]{1,3})");

  private final VmJob job;
  private final List<VmDisk> sources;
  private final long memoryMib;
  private final Set<String> devices = new LinkedHashSet<>();
  private final List<String> disks = new ArrayList<>();
  private final Set<String> arrays = new LinkedHashSet<>();
  private final Set<String> logicalVolumes = new LinkedHashSet<>();
  private final List<BootSector> bootSectors = new ArrayList<>();
  private final List<GuestPartition> partitions = new ArrayList<>();
  private final Map<String, String> partitionTypes = new LinkedHashMap<>();
  private Optional<GuestDisks> known = Optional.empty();

  /**
   * The volumes of a job's disks.
   *
   * @param memoryMib the appliance's memory, in MiB
   */
  GuestVolumes(VmJob job, long memoryMib) {
    this.job = job;
    this.sources = LoadResult.of(job).disks();
    this.memoryMib = memoryMib;
  }

  /** Starts the appliance's kernel with all disks. */
  GuestfishScript askDevices() {
    GuestfishScript script = new GuestfishScript();
    script.run("set-memsize", String.valueOf(memoryMib));
    for (VmDisk disk : sources) {
      // The overlay is thrown away when the machine dies: its cache needs no flush on the way.
      List<String> drive =
          new ArrayList<>(
              List.of(
                  disk.overlay().toString(),
                  "format:qcow2",
                  "discard:besteffort",
                  "cachemode:unsafe"));
      if (SectorSizes.areUnusual(disk)) {
        drive.add("blocksize:" + disk.source().logicalSectorSize());
      }
      script.run("add-drive", drive.toArray(String[]::new));
    }
    return script
        .run("run")
        .ask("devices", "list-devices")
        .ask("partitions", "list-partitions")
        .ask("lvs", "lvs")
        .ask("md", "list-md-devices");
  }

  void takeDevices(GuestfishAnswers answers) {
    if (answers.lines("devices").size() != sources.size()) {
      throw StageFailedException.because(
          FailureCode.APPLIANCE_FAILED,
          "the appliance shows %d of %d disks; its log: %s"
              .formatted(
                  answers.lines("devices").size(),
                  sources.size(),
                  TextTail.of(InspectStage.applianceLog(job))));
    }
    disks.addAll(answers.lines("devices"));
    answers.lines("md").stream()
        .filter(line -> DEVICE.matcher(line).matches())
        .forEach(arrays::add);
    answers.lines("lvs").stream()
        .filter(line -> !VolumeNames.groupOf(line).isEmpty())
        .forEach(logicalVolumes::add);
    for (String key : List.of("devices", "partitions", "lvs", "md")) {
      answers.lines(key).stream()
          .filter(line -> DEVICE.matcher(line).matches())
          .forEach(devices::add);
    }
    if (devices.size() > GuestFilesOfInterest.MAX_FILES) {
      throw StageFailedException.because(
          FailureCode.GUEST_UNSUPPORTED,
          "the guest has %d block devices".formatted(devices.size()));
    }
  }

  GuestfishScript askFileSystems() {
    GuestfishScript script = new GuestfishScript();
    devices.forEach(device -> script.ask(device, "blkid", device));
    arrays.forEach(array -> script.ask(array + "/array", "md-detail", array));
    LvmIds.ask(script, logicalVolumes);
    disks.forEach(
        disk ->
            script.ask(
                disk + "/sector", "pread-device", disk, String.valueOf(BootSector.BYTES), "0"));
    return script;
  }

  void takeFileSystems(GuestfishAnswers answers) {
    for (String device : devices) {
      Map<String, String> tags = answers.pairs(device);
      var matcher = PARTITION.matcher(device);
      boolean isPartition = matcher.matches();
      String disk = isPartition ? "/dev/" + matcher.group(1) : device;
      int diskIndex = diskIndex(disk);
      partitions.add(
          new GuestPartition(
              device,
              diskIndex,
              isPartition && diskIndex >= 0 ? Integer.parseInt(matcher.group(2)) : 0,
              tags.getOrDefault("UUID", ""),
              tags.getOrDefault("PART_ENTRY_UUID", ""),
              tags.getOrDefault("LABEL", ""),
              tags.getOrDefault("TYPE", ""),
              names(device, tags, answers)));
      partitionTypes.put(device, tags.getOrDefault("PART_ENTRY_TYPE", "").toLowerCase(Locale.ROOT));
    }
    disks.forEach(disk -> bootSectors.add(BootSector.of(answers.bytes(disk + "/sector"))));
  }

  /** A guest's own tables seldom name a volume as the appliance does. */
  private Set<String> names(String device, Map<String, String> tags, GuestfishAnswers answers) {
    Set<String> names = new LinkedHashSet<>();
    String partitionName = tags.getOrDefault("PART_ENTRY_NAME", "");
    if (!partitionName.isEmpty()) {
      names.add(GuestPartition.PARTLABEL + partitionName);
    }
    if (arrays.contains(device)) {
      names.addAll(arrayNames(device, answers));
    } else if (logicalVolumes.contains(device)) {
      names.addAll(LvmIds.names(device, logicalVolumes, answers));
    } else {
      var part = ARRAY_PARTITION.matcher(device);
      if (part.matches() && arrays.contains(part.group(1))) {
        names.addAll(
            VolumeNames.ofArrayPartition(
                arrayNames(part.group(1), answers), Integer.parseInt(part.group(2))));
      }
    }
    return names;
  }

  private Set<String> arrayNames(String device, GuestfishAnswers answers) {
    Map<String, String> array = answers.pairs(device + "/array");
    Set<String> names =
        new LinkedHashSet<>(
            VolumeNames.ofArray(array.getOrDefault("name", ""), array.getOrDefault("uuid", "")));
    // Of several, the appliance's numbers are not the guest's.
    if (arrays.size() == 1) {
      names.add(device);
    }
    return names;
  }

  /** The place of {@code /dev/sda} among the VM's disks; -1 for a volume. */
  private int diskIndex(String device) {
    String name = device.startsWith("/dev/sd") ? device.substring(7) : "";
    if (name.isEmpty() || !name.chars().allMatch(c -> c >= 'a' && c <= 'z') || name.length() > 2) {
      return -1;
    }
    int index = 0;
    for (char c : name.toCharArray()) {
      index = index * 26 + (c - 'a' + 1);
    }
    return index - 1 < sources.size() ? index - 1 : -1;
  }

  /** Every block device, with what is on it. */
  List<GuestPartition> partitions() {
    return partitions;
  }

  /** The same as the fixes look things up in them, with what is known of the guest's names. */
  GuestDisks guestDisks() {
    return known.orElseGet(
        () ->
            new GuestDisks(partitions, sources.size())
                .withOrder(DescribedSeats.order(LoadResult.of(job).machine())));
  }

  /**
   * Takes what the guest's own tables tell of the names of its devices.
   *
   * @param root the file system that they were read from
   * @param fstab the text of its fstab
   * @param arrays the names that its mdadm.conf gives arrays, by their UUIDs
   */
  void learn(GuestPartition root, String fstab, Map<String, String> arrays) {
    GuestDisks named = guestDisks().withRoot(root).withArrayNames(arrays);
    partitions.clear();
    partitions.addAll(named.partitions());
    known = Optional.of(Fstab.learned(fstab, named));
  }

  /** The EFI system partitions. */
  List<GuestPartition> efiSystemPartitions() {
    return partitions.stream()
        .filter(partition -> ESP_TYPES.contains(partitionTypes.get(partition.device())))
        .toList();
  }

  /** The file systems on them; where they are members of an array, those on arrays. */
  List<GuestPartition> efiFileSystems() {
    List<GuestPartition> esps = efiSystemPartitions();
    boolean mirrored =
        esps.stream().anyMatch(partition -> partition.fsType().equals("linux_raid_member"));
    return partitions.stream()
        .filter(partition -> partition.fsType().equals("vfat"))
        .filter(it -> esps.contains(it) || (mirrored && arrays.contains(it.device())))
        .toList();
  }

  /** The extended boot partition of the root's disk, or else the first. */
  Optional<GuestPartition> extendedBoot(int rootDisk) {
    return partitions.stream()
        .filter(partition -> EXTENDED_BOOT.equals(partitionTypes.get(partition.device())))
        .min(Comparator.comparing(partition -> partition.disk() != rootDisk));
  }

  /** Whether there is a volume that cannot be looked into. */
  boolean hasEncrypted() {
    return partitions.stream().anyMatch(partition -> partition.fsType().equals("crypto_LUKS"));
  }

  /** What a guest's table means. */
  Optional<GuestPartition> resolve(String guestDeviceName) {
    return guestDisks().resolve(guestDeviceName);
  }

  /** The first sector of each disk. */
  List<BootSector> bootSectors() {
    return bootSectors;
  }
}
