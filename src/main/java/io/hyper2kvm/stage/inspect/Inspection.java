package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.boot.BootSector;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.disk.VolumeNames;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.network.NetworkFix;
import io.hyper2kvm.guest.network.survey.GuestTraits;
import io.hyper2kvm.guest.network.survey.Level;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.Printable;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.TextTail;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The questions of stage INSPECT, from the disks to the guest's configuration files. It asks for
 * what it needs by cheap commands (10 to 20 ms each); libguestfs's own inspection takes 10 s under
 * emulation and knows less of what the fixes need.
 */
public final class Inspection {

  private static final Set<String> ROOT_TYPES =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "jfs", "reiserfs");
  private static final Set<String> ESP_TYPES =
      Set.of("c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "0xef");
  private static final Pattern DEVICE = Pattern.compile("/dev/[A-Za-z0-9+_.:/-]{1,200}");
  private static final Pattern PARTITION = Pattern.compile("/dev/(sd[a-z]{1,2})([0-9]{1,3})");
  private static final Set<String> EXTRA_MOUNTS =
      Set.of("/boot", "/boot/efi", "/usr", "/var", "/boot/firmware");

  private final VmJob job;
  private final StageSettings settings;
  private final GuestfishSession dialogue = new GuestfishSession();
  private final boolean writable;

  private final Set<String> devices = new LinkedHashSet<>();
  private final List<String> disks = new ArrayList<>();
  private final Set<String> arrays = new LinkedHashSet<>();
  private final List<BootSector> bootSectors = new ArrayList<>();
  private final List<GuestPartition> partitions = new ArrayList<>();
  private final Map<String, String> partitionTypes = new LinkedHashMap<>();
  private final Map<String, String> mounts = new LinkedHashMap<>();
  private final SortedMap<String, String> texts = new TreeMap<>();
  private List<GuestPartition> candidates = List.of();
  private Optional<GuestPartition> root = Optional.empty();
  private String osRelease = "";
  private boolean windows;

  public Inspection(VmJob job, StageSettings settings) {
    this.job = job;
    this.settings = settings;
    this.writable = job.spec().pipeline().fix().any();
  }

  public GuestfishSession dialogue() {
    return dialogue
        .then(this::askLaunch, this::takeDevices)
        .then(this::askFileSystems, this::takeFileSystems)
        .then(this::askRoots, this::takeRoots)
        .then(this::askMounts, this::takeMounts)
        .then(this::askContents, this::takeContents);
  }

  private GuestfishScript askLaunch() {
    GuestfishScript script = new GuestfishScript();
    script.run("set-memsize", String.valueOf(settings.applianceMemoryMib()));
    for (VmDisk disk : job.disks()) {
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

  private void takeDevices(GuestfishAnswers answers) {
    if (answers.lines("devices").size() != job.disks().size()) {
      throw StageFailedException.because(
          FailureCode.APPLIANCE_FAILED,
          "the appliance shows %d of %d disks; its log: %s"
              .formatted(
                  answers.lines("devices").size(),
                  job.disks().size(),
                  TextTail.of(InspectStage.applianceLog(job))));
    }
    disks.addAll(answers.lines("devices"));
    answers.lines("md").stream()
        .filter(line -> DEVICE.matcher(line).matches())
        .forEach(arrays::add);
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

  private GuestfishScript askFileSystems() {
    GuestfishScript script = new GuestfishScript();
    devices.forEach(device -> script.ask(device, "blkid", device));
    arrays.forEach(array -> script.ask(array + "/array", "md-detail", array));
    disks.forEach(
        disk ->
            script.ask(
                disk + "/sector", "pread-device", disk, String.valueOf(BootSector.BYTES), "0"));
    return script;
  }

  private void takeFileSystems(GuestfishAnswers answers) {
    for (String device : devices) {
      Map<String, String> tags = answers.pairs(device);
      var matcher = PARTITION.matcher(device);
      boolean isPartition = matcher.matches();
      String disk = isPartition ? "/dev/" + matcher.group(1) : device;
      int diskIndex = diskIndex(disk);
      String type = tags.getOrDefault("TYPE", "");
      partitions.add(
          new GuestPartition(
              device,
              diskIndex,
              isPartition && diskIndex >= 0 ? Integer.parseInt(matcher.group(2)) : 0,
              tags.getOrDefault("UUID", ""),
              tags.getOrDefault("PART_ENTRY_UUID", ""),
              tags.getOrDefault("LABEL", ""),
              type,
              names(device, answers)));
      partitionTypes.put(device, tags.getOrDefault("PART_ENTRY_TYPE", "").toLowerCase(Locale.ROOT));
    }
    disks.forEach(disk -> bootSectors.add(BootSector.of(answers.bytes(disk + "/sector"))));
    candidates = partitions.stream().filter(p -> ROOT_TYPES.contains(p.fsType())).toList();
  }

  /** A guest's own tables seldom name a volume as the appliance does. */
  private Set<String> names(String device, GuestfishAnswers answers) {
    if (!arrays.contains(device)) {
      return VolumeNames.ofLogicalVolume(device);
    }
    Map<String, String> array = answers.pairs(device + "/array");
    return VolumeNames.ofArray(array.getOrDefault("name", ""), array.getOrDefault("uuid", ""));
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
    return index - 1 < job.disks().size() ? index - 1 : -1;
  }

  private GuestfishScript askRoots() {
    GuestfishScript script = new GuestfishScript();
    for (GuestPartition candidate : candidates) {
      String key = candidate.device();
      script
          .run("mount-ro", candidate.device(), "/")
          .ask(key + "/mounted", "mountpoints")
          .ask(key + "/etc", "is-dir", "/etc")
          .read(key + "/fstab", "/etc/fstab", GuestFilesOfInterest.MAX_TEXT_BYTES);
      for (String file : GuestFilesOfInterest.OS_RELEASE) {
        script.read(key + file, file, 64 << 10);
      }
      script.run("umount-all");
    }
    for (GuestPartition partition : partitions) {
      if (partition.fsType().equals("ntfs")) {
        script
            .run("mount-ro", partition.device(), "/")
            .ask(partition.device() + "/windows", "is-dir", "/Windows/System32")
            .run("umount-all");
      }
    }
    return script;
  }

  private void takeRoots(GuestfishAnswers answers) {
    windows = partitions.stream().anyMatch(p -> answers.isTrue(p.device() + "/windows"));
    List<GuestPartition> roots = new ArrayList<>();
    for (GuestPartition candidate : candidates) {
      String key = candidate.device();
      boolean named =
          GuestFilesOfInterest.OS_RELEASE.stream().anyMatch(file -> answers.has(key + file));
      if (answers.isTrue(key + "/etc") && (named || answers.has(key + "/fstab"))) {
        roots.add(candidate);
      }
    }
    if (roots.isEmpty()) {
      List<String> unmounted =
          candidates.stream()
              .map(GuestPartition::device)
              .filter(device -> !answers.has(device + "/mounted"))
              .toList();
      boolean looksLinux = !candidates.isEmpty() && !windows;
      if (looksLinux && !unmounted.isEmpty() && writable) {
        throw StageFailedException.because(
            FailureCode.GUEST_MOUNT_FAILED,
            "the guest's file systems %s could not be mounted: %s"
                .formatted(unmounted, TextTail.of(InspectStage.applianceLog(job))));
      }
      return;
    }
    // Of several systems on one VM, the one whose own fstab calls this file system its root.
    roots.sort(Comparator.comparing(candidate -> !saysItIsRoot(candidate, answers)));
    GuestPartition chosen = roots.get(0);
    if (roots.size() > 1) {
      job.warn(
          "%d root file systems were found; %s was taken".formatted(roots.size(), chosen.device()));
    }
    root = Optional.of(chosen);
    keep(Fstab.FILE, answers.bytesAsText(chosen.device() + "/fstab"));
    osRelease =
        GuestFilesOfInterest.OS_RELEASE.stream()
            .map(file -> answers.text(chosen.device() + file))
            .filter(text -> !text.isBlank())
            .findFirst()
            .orElse("");
  }

  private boolean saysItIsRoot(GuestPartition candidate, GuestfishAnswers answers) {
    GuestDisks disks = new GuestDisks(partitions, job.disks().size());
    return Fstab.rows(answers.bytesAsText(candidate.device() + "/fstab")).stream()
        .filter(row -> row.mountPoint().equals("/"))
        .anyMatch(row -> disks.resolve(row.device()).equals(Optional.of(candidate)));
  }

  private GuestfishScript askMounts() {
    GuestfishScript script = new GuestfishScript();
    if (root.isEmpty()) {
      return script;
    }
    Map<String, String> wanted = new TreeMap<>(Comparator.comparing(String::length));
    GuestDisks disks = new GuestDisks(partitions, job.disks().size());
    for (Fstab.Row row : Fstab.rows(texts.get(Fstab.FILE))) {
      if (EXTRA_MOUNTS.contains(row.mountPoint())) {
        disks.resolve(row.device()).ifPresent(p -> wanted.put(row.mountPoint(), p.device()));
      }
    }
    String mount = writable ? "mount" : "mount-ro";
    script.run(mount, root.get().device(), "/");
    wanted.forEach((point, device) -> script.run(mount, device, point));
    return script.ask("mountpoints", "mountpoints");
  }

  private void takeMounts(GuestfishAnswers answers) {
    if (root.isEmpty()) {
      return;
    }
    for (String line : answers.lines("mountpoints")) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        mounts.put(line.substring(colon + 2).strip(), line.substring(0, colon));
      }
    }
    if (!mounts.containsKey("/")) {
      throw StageFailedException.because(
          FailureCode.GUEST_MOUNT_FAILED,
          "the root file system %s could not be mounted%s: %s"
              .formatted(
                  root.get().device(),
                  writable ? " for writing" : "",
                  TextTail.of(InspectStage.applianceLog(job))));
    }
  }

  private GuestfishScript askContents() {
    GuestfishScript script = new GuestfishScript();
    if (root.isEmpty()) {
      return script;
    }
    for (String file : GuestFilesOfInterest.FILES) {
      if (!file.equals(Fstab.FILE)) {
        script.read(file, file, GuestFilesOfInterest.MAX_TEXT_BYTES);
      }
    }
    GuestFilesOfInterest.FOLDERS.forEach(folder -> script.ask(folder, "find", folder));
    GuestFilesOfInterest.MARKERS.forEach(
        file -> script.ask("is:" + file, "is-file", file, "followsymlinks:true"));
    script
        .ask("modules", "ls", "/lib/modules")
        .ask("boot", "ls", "/boot")
        .ask("efi", "is-dir", "/boot/efi/EFI")
        .read("elf", "/bin/sh", 20);
    return script;
  }

  private void takeContents(GuestfishAnswers answers) {
    for (String file : GuestFilesOfInterest.FILES) {
      take(file, answers);
    }
    Set<String> found = new LinkedHashSet<>();
    for (String folder : GuestFilesOfInterest.FOLDERS) {
      for (String line : answers.text(folder).split("\n")) {
        if (!line.isEmpty()) {
          found.add(line.startsWith("/") ? folder + line : folder + "/" + line);
        }
      }
    }
    if (found.size() > GuestFilesOfInterest.MAX_FILES) {
      throw StageFailedException.because(
          FailureCode.GUEST_UNSUPPORTED,
          "the guest has %d network, udev and boot configuration files; at most %d are read"
              .formatted(found.size(), GuestFilesOfInterest.MAX_FILES));
    }
    dialogue.then(
        () -> {
          GuestfishScript script = new GuestfishScript();
          found.forEach(f -> script.read(f, f, GuestFilesOfInterest.MAX_TEXT_BYTES));
          return script;
        },
        more -> {
          found.forEach(file -> take(file, more));
          GuestFacts facts = facts(answers);
          job.guest(facts);
          job.network(
              new NetworkFix()
                  .plan(facts.texts(), Level.FULL, GuestTraits.of(facts.texts(), facts.systemd())));
        });
  }

  private void take(String file, GuestfishAnswers answers) {
    if (answers.has(file)) {
      keep(file, answers.bytesAsText(file));
    }
  }

  /** A text that was cut off must never be written back. */
  private void keep(String file, String text) {
    if (text.length() >= GuestFilesOfInterest.MAX_TEXT_BYTES) {
      throw StageFailedException.because(
          FailureCode.GUEST_FILE_TOO_LARGE,
          "the guest's %s has %d bytes or more"
              .formatted(Printable.line(file), GuestFilesOfInterest.MAX_TEXT_BYTES));
    }
    texts.put(file, text);
  }

  private GuestFacts facts(GuestfishAnswers answers) {
    GuestDisks disks = new GuestDisks(partitions, job.disks().size());
    List<GuestPartition> esps =
        partitions.stream()
            .filter(partition -> ESP_TYPES.contains(partitionTypes.get(partition.device())))
            .toList();
    return new GuestFacts(
        root.isPresent() ? "linux" : windows ? "windows" : "unknown",
        OsRelease.parse(osRelease),
        Printable.line(texts.getOrDefault("/etc/hostname", "").strip()),
        ElfMachine.name(answers.bytes("elf")),
        esps.isEmpty() ? "bios" : "uefi",
        bootDisk(esps),
        InstalledSoftware.bootLoader(texts.keySet()),
        InstalledSoftware.initramfsTool(answers),
        answers.isTrue("is:/lib/systemd/systemd") || answers.isTrue("is:/usr/lib/systemd/systemd"),
        root.map(disks::withRoot).orElse(disks),
        mounts,
        InstalledSoftware.kernels(answers),
        texts);
  }

  /** By its firmware's rule: where the loader's files are, or its first sector. */
  private int bootDisk(List<GuestPartition> esps) {
    if (!esps.isEmpty()) {
      return Math.max(0, esps.get(0).disk());
    }
    String boot = mounts.getOrDefault("/boot", mounts.getOrDefault("/", ""));
    OptionalInt known =
        partitions.stream()
            .filter(p -> p.device().equals(boot) && p.disk() >= 0)
            .mapToInt(GuestPartition::disk)
            .findFirst();
    return BootSector.bootDisk(bootSectors, known, root.isPresent());
  }
}
