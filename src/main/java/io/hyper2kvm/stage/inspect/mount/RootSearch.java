package io.hyper2kvm.stage.inspect.mount;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.distribution.ReleaseFiles;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.fstab.MdadmConf;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.ApplianceLog;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.read.GuestFilesOfInterest;
import io.hyper2kvm.stage.inspect.read.GuestTexts;
import io.hyper2kvm.stage.inspect.volume.GuestVolumes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The search for the root file system of a Linux guest: each one that may be it is looked into. */
public final class RootSearch {

  private static final Set<String> ROOT_TYPES =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "jfs", "reiserfs");

  private final VmJob job;
  private final GuestVolumes volumes;
  private final GuestTexts texts;
  private final boolean writable;
  private Optional<GuestPartition> root = Optional.empty();
  private String osRelease = "";
  private final List<GuestPartition> unreadable = new ArrayList<>();
  private boolean windows;

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
  }

  private static boolean isMountable(GuestPartition partition) {
    String type = partition.fsType();
    return ROOT_TYPES.contains(type) || type.equals("ntfs") || type.equals("vfat");
  }

  private List<GuestPartition> candidates() {
    return volumes.partitions().stream().filter(p -> ROOT_TYPES.contains(p.fsType())).toList();
  }

  public GuestfishScript ask() {
    GuestfishScript script = new GuestfishScript();
    for (GuestPartition candidate : candidates()) {
      String key = candidate.device();
      script
          .run("mount-ro", candidate.device(), "/")
          .ask(key + "/mounted", "mountpoints")
          .ask(key + "/etc", "is-dir", "/etc")
          .read(key + "/fstab", "/etc/fstab", GuestFilesOfInterest.MAX_TEXT_BYTES);
      for (String file : ReleaseFiles.OS_RELEASE) {
        script.read(key + file, file, 64 << 10);
      }
      // Where /usr is another file system, the link leads nowhere yet.
      script.ask(key + "/link", "is-symlink", "/etc/os-release");
      for (String file : MdadmConf.FILES) {
        script.read(key + file, file, GuestFilesOfInterest.MAX_TEXT_BYTES);
      }
      script.run("umount-all");
    }
    for (GuestPartition partition : volumes.partitions()) {
      if (partition.fsType().equals("ntfs")) {
        script
            .run("mount-ro", partition.device(), "/")
            .ask(partition.device() + "/mounted", "mountpoints")
            .ask(partition.device() + "/windows", "is-dir", "/Windows/System32")
            .run("umount-all");
      } else if (partition.fsType().equals("vfat")) {
        script
            .run("mount-ro", partition.device(), "/")
            .ask(partition.device() + "/mounted", "mountpoints")
            .run("umount-all");
      }
    }
    return script;
  }

  public void take(GuestfishAnswers answers) {
    for (GuestPartition partition : volumes.partitions()) {
      if (isMountable(partition) && !answers.has(partition.device() + "/mounted")) {
        unreadable.add(partition);
      }
    }
    windows = volumes.partitions().stream().anyMatch(p -> answers.isTrue(p.device() + "/windows"));
    List<GuestPartition> roots = new ArrayList<>();
    for (GuestPartition candidate : candidates()) {
      String key = candidate.device();
      boolean named =
          answers.isTrue(key + "/link")
              || ReleaseFiles.OS_RELEASE.stream().anyMatch(f -> answers.has(key + f));
      if (answers.isTrue(key + "/etc") && (named || answers.has(key + "/fstab"))) {
        roots.add(candidate);
      }
    }
    if (roots.isEmpty()) {
      requireMounted();
      return;
    }
    // Of several systems on one VM, the one whose own fstab calls this file system its root.
    roots.sort(Comparator.comparing(candidate -> !saysItIsRoot(candidate, answers)));
    GuestPartition chosen = roots.get(0);
    if (roots.size() > 1) {
      job.warn(
          "%d root file systems were found; %s was taken".formatted(roots.size(), chosen.device()));
    }
    texts.keep(Fstab.FILE, answers.bytesAsText(chosen.device() + "/fstab"));
    Map<String, String> arrays = new LinkedHashMap<>();
    MdadmConf.FILES.forEach(
        file -> arrays.putAll(MdadmConf.names(answers.bytesAsText(chosen.device() + file))));
    volumes.learn(chosen, texts.text(Fstab.FILE), arrays);
    root = volumes.guestDisks().root();
    osRelease =
        ReleaseFiles.OS_RELEASE.stream()
            .map(file -> answers.text(chosen.device() + file))
            .filter(text -> !text.isBlank())
            .findFirst()
            .orElse("");
  }

  /**
   * A guest that is to be fixed, and whose file systems cannot be read, is not unknown: it fails.
   */
  private void requireMounted() {
    List<String> unmounted =
        candidates().stream().filter(unreadable::contains).map(GuestPartition::device).toList();
    if (!windows && !unmounted.isEmpty() && writable) {
      throw StageFailedException.because(
          FailureCode.GUEST_MOUNT_FAILED,
          "the guest's file systems %s could not be mounted: %s"
              .formatted(unmounted, ApplianceLog.tail(job)));
    }
  }

  private boolean saysItIsRoot(GuestPartition candidate, GuestfishAnswers answers) {
    return Fstab.rows(answers.bytesAsText(candidate.device() + "/fstab")).stream()
        .filter(row -> row.mountPoint().equals("/"))
        .anyMatch(row -> volumes.guestDisks().resolve(row.device()).equals(Optional.of(candidate)));
  }

  /** The root file system; empty when no Linux was found. */
  public Optional<GuestPartition> root() {
    return root;
  }

  /** The file systems of usual types that could not be mounted. */
  List<GuestPartition> unreadable() {
    return unreadable;
  }

  /** {@code linux}, {@code windows} or {@code unknown}. */
  public String os() {
    return root.isPresent() ? "linux" : windows ? "windows" : "unknown";
  }

  /** The text of the os-release on the root file system itself; empty when it has none. */
  public String osRelease() {
    return osRelease;
  }
}
