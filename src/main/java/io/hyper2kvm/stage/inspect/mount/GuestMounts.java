package io.hyper2kvm.stage.inspect.mount;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.btrfs.Subvolume;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.ApplianceLog;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.read.GuestFilesOfInterest;
import io.hyper2kvm.stage.inspect.read.GuestTexts;
import io.hyper2kvm.stage.inspect.volume.GuestVolumes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Mounts the guest's root, and those of its other file systems that hold what is read here. A guest
 * that is to be fixed fails when one of them cannot be mounted; what else cannot be is a warning.
 */
public final class GuestMounts {

  private static final String MOUNTED = "mountpoints";
  private static final String BOOT = "/boot";
  private static final String MOUNT_ERROR = "libguestfs: error: mount";

  private final VmJob job;
  private final GuestVolumes volumes;
  private final RootSearch roots;
  private final GuestTexts texts;
  private final boolean writable;
  private final Map<String, String> deviceByPoint = new LinkedHashMap<>();
  private final Map<String, String> subvolumeByPoint = new LinkedHashMap<>();
  private Optional<MountTable> table = Optional.empty();
  private AutoMounts auto = AutoMounts.NONE;
  private Optional<EfiMount> efi = Optional.empty();

  /**
   * The mounts of a guest.
   *
   * @param texts have the guest's fstab, when the root is known
   * @param writable whether the guest is to be fixed
   */
  public GuestMounts(
      VmJob job, GuestVolumes volumes, RootSearch roots, GuestTexts texts, boolean writable) {
    this.job = job;
    this.volumes = volumes;
    this.roots = roots;
    this.texts = texts;
    this.writable = writable;
  }

  public GuestfishScript askRoot() {
    GuestfishScript script = new GuestfishScript();
    if (roots.root().isEmpty()) {
      return script;
    }
    mount(script, "/", roots.root().get(), roots.subvolume());
    script.ask(MOUNTED, MOUNTED);
    MountUnit.FILES.forEach(file -> script.read(file, file, GuestFilesOfInterest.MAX_TEXT_BYTES));
    AutoMounts.ask(script);
    return script;
  }

  public void takeRoot(GuestfishAnswers answers) {
    if (roots.root().isEmpty()) {
      return;
    }
    takeMounted(answers);
    if (!deviceByPoint.containsKey("/")) {
      throw StageFailedException.because(
          FailureCode.GUEST_MOUNT_FAILED,
          "the root file system %s could not be mounted%s: %s"
              .formatted(
                  roots.root().get().device(), writable ? " for writing" : "", applianceLog()));
    }
    roots.subvolume().ifPresent(it -> subvolumeByPoint.put("/", it.path()));
    List<MountTable.Source> sources = new ArrayList<>();
    Fstab.rows(texts.text(Fstab.FILE))
        .forEach(row -> sources.add(new MountTable.Source(Fstab.FILE, row)));
    MountUnit.FILES.forEach(
        file -> MountUnit.of(file, answers.bytesAsText(file)).ifPresent(sources::add));
    MountTable found = new MountTable(volumes, sources);
    table = Optional.of(found);
    auto = AutoMounts.of(roots.root().get(), found.points(), volumes, answers);
    auto.warnings().forEach(job::warn);
  }

  public GuestfishScript ask() {
    GuestfishScript script = new GuestfishScript();
    if (table.isEmpty()) {
      return script;
    }
    auto.byPoint().forEach((point, partition) -> mount(script, point, partition, Optional.empty()));
    table
        .get()
        .wanted()
        .forEach((point, wanted) -> mount(script, point, wanted.partition(), wanted.subvolume()));
    return EfiMount.ask(script.ask(MOUNTED, MOUNTED));
  }

  private void mount(
      GuestfishScript script,
      String point,
      GuestPartition partition,
      Optional<Subvolume> subvolume) {
    if (subvolume.isPresent()) {
      String option = "subvolid=" + subvolume.get().id();
      script.run("mount-options", writable ? option : "ro," + option, partition.device(), point);
    } else {
      script.run(mount(), partition.device(), point);
    }
  }

  public void take(GuestfishAnswers answers) {
    if (table.isEmpty()) {
      return;
    }
    takeMounted(answers);
    List<String> refusals = new ArrayList<>(table.get().refusals());
    table
        .get()
        .wanted()
        .forEach(
            (point, wanted) -> {
              if (deviceByPoint.containsKey(point)) {
                wanted.subvolume().ifPresent(it -> subvolumeByPoint.put(point, it.path()));
              } else if (wanted.read()) {
                refusals.add(unmounted(wanted, lastMountError()));
              } else if (!wanted.source().mayBeMissing()) {
                job.warn(unmounted(wanted, "is its folder missing?"));
              }
            });
    if (writable && !refusals.isEmpty()) {
      throw StageFailedException.because(
          FailureCode.GUEST_MOUNT_FAILED, String.join("; ", refusals));
    }
    refusals.forEach(job::warn);
    table.get().warnings().forEach(job::warn);
    unreadable(table.get());
    List<GuestPartition> esps = new ArrayList<>(volumes.efiFileSystems());
    esps.removeAll(roots.unreadable());
    efi = EfiMount.of(esps, deviceByPoint, bootDisk(), answers);
  }

  private String unmounted(MountTable.Wanted wanted, String why) {
    return "%s (%s), which could not be mounted%s: %s"
        .formatted(
            wanted.source().words(),
            wanted.partition().place(),
            writable ? " for writing" : "",
            why);
  }

  /** The file systems that nobody reads here: the search for the root has tried to mount them. */
  private void unreadable(MountTable known) {
    for (GuestPartition partition : roots.unreadable()) {
      boolean told =
          known.wanted().values().stream().anyMatch(it -> it.partition().equals(partition));
      if (!told) {
        job.warn(
            known
                    .dataRow(partition)
                    .map(row -> row.words() + " (" + partition.place() + ")")
                    .orElse(partition.place())
                + ", which could not be mounted: the file system is damaged or of a kind that is"
                + " not known here; check it in the guest"
                + (roots.why().isEmpty()
                    ? ""
                    : " (the appliance's kernel says: " + roots.why() + ")"));
      }
    }
  }

  private void takeMounted(GuestfishAnswers answers) {
    for (String line : answers.lines(MOUNTED)) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        deviceByPoint.put(line.substring(colon + 2).strip(), line.substring(0, colon));
      }
    }
  }

  /** Mounts the EFI system partition that no row of fstab mounts. */
  public GuestfishScript askEfi() {
    GuestfishScript script = new GuestfishScript();
    efi.ifPresent(
        esp -> script.run(mount(), esp.partition().device(), esp.point()).ask(MOUNTED, MOUNTED));
    return script;
  }

  public void takeEfi(GuestfishAnswers answers) {
    takeMounted(answers);
    efi.filter(esp -> !deviceByPoint.containsKey(esp.point()))
        .ifPresent(
            esp ->
                job.warn(
                    "the EFI system partition %s could not be mounted: nothing on it was looked at"
                        .formatted(esp.partition().place())));
    String mounted = efiPoint().map(deviceByPoint::get).orElse("");
    for (GuestPartition esp :
        mounted.isEmpty() ? List.<GuestPartition>of() : volumes.efiFileSystems()) {
      if (!deviceByPoint.containsValue(esp.device()) && !roots.unreadable().contains(esp)) {
        job.warn(
            "%s is another EFI system partition than %s, which the guest uses: nothing on it was looked at or changed"
                .formatted(esp.place(), mounted));
      }
    }
  }

  private String mount() {
    return writable ? "mount" : "mount-ro";
  }

  /** The log from the last mount that failed on; the lines before it are of other questions. */
  private String lastMountError() {
    String log = applianceLog();
    return log.substring(Math.max(0, log.lastIndexOf(MOUNT_ERROR)));
  }

  private String applianceLog() {
    return ApplianceLog.tail(job);
  }

  /**
   * Where the EFI system partition is mounted, with a row of fstab or without; empty when it is
   * not.
   */
  public Optional<String> efiPoint() {
    List<String> esps = volumes.efiSystemPartitions().stream().map(GuestPartition::device).toList();
    return deviceByPoint.entrySet().stream()
        .filter(mount -> esps.contains(mount.getValue()) || mount.getKey().endsWith("/efi"))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The EFI system partition that is mounted; empty when none is. */
  public String efiDevice() {
    return efiPoint().map(deviceByPoint::get).orElse("");
  }

  /** The paths of subvolumes by their mount points. */
  public Map<String, String> subvolumeByPoint() {
    return subvolumeByPoint;
  }

  /** The devices by their mount points. */
  public Map<String, String> deviceByPoint() {
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
  public String bootDevice() {
    return deviceByPoint.getOrDefault(BOOT, deviceByPoint.getOrDefault("/", ""));
  }
}
