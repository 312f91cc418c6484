package io.hyper2kvm.stage.inspect.mount;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.btrfs.Subvolume;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.ApplianceLog;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.read.GuestTexts;
import io.hyper2kvm.stage.inspect.volume.GuestVolumes;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The search for the root file system of a Linux guest: each one that may be it is looked into. */
public final class RootSearch {

  private static final Set<String> WHOLE_TYPES =
      Set.of("ext2", "ext3", "ext4", "xfs", "f2fs", "jfs", "reiserfs", "nilfs2");

  /** What guests have their roots on, too, and the appliance does not mount. */
  private static final Set<String> UNKNOWN_TYPES =
      Set.of(
          "zfs_member",
          "bcachefs",
          "apfs",
          "hfsplus",
          "ufs",
          "reiser4",
          "VMFS",
          "ReFS",
          "erofs",
          "squashfs",
          "stratis",
          "DM_verity_hash",
          "LDM_member",
          "ocfs2",
          "gfs2");

  /** The kernel's log. */
  private static final String LOG = "dmesg";

  private final VmJob job;
  private final GuestVolumes volumes;
  private final GuestTexts texts;
  private final boolean writable;
  private final BtrfsSearch btrfs;
  private final BootFlags flags = new BootFlags();
  private final ImageSystem image;
  private final List<RootCandidate> found = new ArrayList<>();
  private Optional<RootCandidate> root = Optional.empty();
  private final List<GuestPartition> unreadable = new ArrayList<>();
  private final Set<String> unknownTypes = new LinkedHashSet<>();
  private boolean windows;
  private String why = "";

  /**
   * A search.
   *
   * @param texts gets the guest's fstab
   * @param writable whether the guest is to be fixed, and so must be found
   */
  public RootSearch(VmJob job, GuestVolumes volumes, GuestTexts texts, boolean writable) {
    this.job = job;
    this.volumes = volumes;
    this.texts = texts;
    this.writable = writable;
    this.btrfs = new BtrfsSearch(volumes);
    this.image = new ImageSystem(volumes);
  }

  /** Adds the questions; nothing may be mounted then. */
  public void ask(GuestfishSession session) {
    session
        .then(this::askFileSystems, this::takeFileSystems)
        .then(this::askWhy, answers -> why = MountErrors.in(answers.text(LOG)))
        .then(flags::askEntries, flags::takeEntries)
        .then(
            () -> btrfs.askSystems(flags.found()),
            answers -> btrfs.takeSystems(flags.found(), answers))
        .then(GuestfishScript::new, nothing -> choose());
  }

  private GuestfishScript askWhy() {
    GuestfishScript script = new GuestfishScript();
    return unreadable.isEmpty() ? script : script.ask(LOG, LOG);
  }

  private List<GuestPartition> ofTypes(Set<String> types) {
    return volumes.partitions().stream().filter(p -> types.contains(p.fsType())).toList();
  }

  private GuestfishScript askFileSystems() {
    GuestfishScript script = new GuestfishScript();
    btrfs.ask(script);
    boolean hasBtrfs = !script.isEmpty();
    for (GuestPartition candidate : ofTypes(WHOLE_TYPES)) {
      String key = candidate.device();
      script.run("mount-ro", key, "/").ask(key + "/mounted", "mountpoints");
      RootCandidate.ask(script, key, "");
      if (hasBtrfs) {
        flags.ask(script, key);
      }
      script.run("umount-all");
    }
    for (GuestPartition partition : ofTypes(Set.of("ntfs", "vfat"))) {
      String key = partition.device();
      script.run("mount-ro", key, "/").ask(key + "/mounted", "mountpoints");
      if (partition.fsType().equals("ntfs")) {
        script.ask(key + "/windows", "is-dir", "/Windows/System32");
      } else if (hasBtrfs) {
        flags.ask(script, key);
      }
      script.run("umount-all");
    }
    image.ask(script);
    ofTypes(WHOLE_TYPES).stream()
        .map(GuestPartition::fsType)
        .distinct()
        .forEach(type -> script.ask("type/" + type, "filesystem-available", type));
    return script;
  }

  private void takeFileSystems(GuestfishAnswers answers) {
    for (GuestPartition partition : volumes.partitions()) {
      boolean tried =
          ofTypes(WHOLE_TYPES).contains(partition)
              || btrfs.fileSystems().contains(partition)
              || Set.of("ntfs", "vfat").contains(partition.fsType());
      if (tried && !answers.has(partition.device() + "/mounted")) {
        unreadable.add(partition);
      }
      if (answers.text("type/" + partition.fsType()).strip().equals("false")) {
        unknownTypes.add(partition.fsType());
      }
    }
    windows = volumes.partitions().stream().anyMatch(p -> answers.isTrue(p.device() + "/windows"));
    btrfs.take(answers);
    image.take(answers);
    for (GuestPartition partition : ofTypes(WHOLE_TYPES)) {
      RootCandidate.of(partition, Optional.empty(), partition.device(), answers)
          .or(() -> image.root(partition, answers))
          .ifPresent(found::add);
    }
    for (GuestPartition partition : volumes.partitions()) {
      flags.take(partition.device(), answers);
    }
  }

  private void choose() {
    btrfs.warnings().stream().map(Printable::guestLine).forEach(job::warn);
    found.addAll(btrfs.candidates());
    if (found.isEmpty()) {
      requireMounted();
      tellUnknown();
      return;
    }
    // Of several systems on one VM, the one whose own fstab calls this file system its root.
    found.sort(
        Comparator.comparing((RootCandidate candidate) -> !saysItIsRoot(candidate))
            .thenComparing(candidate -> volumes.isHidden(candidate.partition())));
    RootCandidate chosen = found.get(0);
    if (found.size() > 1) {
      job.warn(
          Printable.guestLine(
              "%d root file systems were found; %s was taken"
                  .formatted(found.size(), chosen.place())));
    }
    if (writable && btrfs.isReadOnly(chosen)) {
      throw StageFailedException.because(
          FailureCode.GUEST_UNSUPPORTED,
          Printable.guestLine(
              "the guest's root %s is a read-only subvolume, as transactional systems have it: nothing in it can be fixed from outside; make the changes in the guest, which starts a new snapshot for them"
                  .formatted(chosen.place())));
    }
    texts.keep(Fstab.FILE, chosen.fstab());
    volumes.learn(chosen.partition(), chosen.fstab(), chosen.arrays());
    root = Optional.of(chosen);
  }

  /**
   * A guest that is to be fixed, and whose file systems cannot be read, is not unknown: it fails.
   */
  private void requireMounted() {
    List<GuestPartition> unmounted =
        unreadable.stream()
            .filter(p -> WHOLE_TYPES.contains(p.fsType()) || btrfs.fileSystems().contains(p))
            .toList();
    if (windows || unmounted.isEmpty() || !writable) {
      return;
    }
    List<String> reasons = new ArrayList<>(btrfs.warnings());
    unknownTypes.forEach(type -> reasons.add("the appliance's kernel does not know " + type));
    reasons.add(ApplianceLog.tail(job));
    if (!why.isEmpty()) {
      reasons.add("the appliance's kernel says: " + why);
    }
    throw StageFailedException.because(
        FailureCode.GUEST_MOUNT_FAILED,
        "the guest's file systems %s could not be mounted: %s"
            .formatted(
                unmounted.stream().map(GuestPartition::device).toList(),
                String.join("; ", reasons)));
  }

  /** The file systems that may hold the system, and that nothing here reads. */
  private void tellUnknown() {
    volumes.partitions().stream()
        .filter(p -> UNKNOWN_TYPES.contains(p.fsType()))
        .forEach(
            p ->
                job.warn(
                    "%s: a file system of this kind is not read, and the system may lie on it"
                        .formatted(p.place())));
  }

  private boolean saysItIsRoot(RootCandidate candidate) {
    return candidate
        .rootRow()
        .flatMap(row -> volumes.resolve(row.device()))
        .filter(
            it -> it.equals(candidate.partition()) || it.sharesFileSystem(candidate.partition()))
        .isPresent();
  }

  /** The root file system; empty when no Linux was found. */
  public Optional<GuestPartition> root() {
    return root.flatMap(it -> volumes.guestDisks().root());
  }

  /** The subvolume of the root file system that is the root; empty on any other than btrfs. */
  Optional<Subvolume> subvolume() {
    return root.flatMap(RootCandidate::subvolume);
  }

  /** The file systems of usual types that could not be mounted. */
  List<GuestPartition> unreadable() {
    return unreadable;
  }

  /** What the appliance's kernel says of those; empty when it says nothing. */
  String why() {
    return why;
  }

  /** {@code linux}, {@code windows} or {@code unknown}. */
  public String os() {
    return root.isPresent() ? "linux" : windows ? "windows" : "unknown";
  }

  /** The text of the root's own os-release, or its image's; empty when it has none. */
  public String osRelease() {
    return root.map(RootCandidate::osRelease)
        .filter(text -> !text.isBlank())
        .orElse(image.osRelease());
  }

  /** What an operator should know of a system that comes in images. */
  public List<String> imageWarnings(GuestDisks disks) {
    return image.warnings(disks);
  }
}
