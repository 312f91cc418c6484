package io.hyper2kvm.stage.inspect.mount;

import io.hyper2kvm.guest.btrfs.RootChoice;
import io.hyper2kvm.guest.btrfs.RootFlags;
import io.hyper2kvm.guest.btrfs.Subvolume;
import io.hyper2kvm.guest.btrfs.Subvolumes;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.inspect.volume.GuestVolumes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The search for systems in the subvolumes of btrfs file systems. Mounted at its top level, a file
 * system shows all its subvolumes as folders, so that it is mounted twice, however many there are.
 */
final class BtrfsSearch {

  private static final String BTRFS = "btrfs";
  private static final String TOP = "subvolid=" + Subvolume.TOP_ID;

  /** Where the superblock holds the number of devices, in bytes from the device's start. */
  private static final int DEVICE_COUNT_AT = (64 << 10) + 0x88;

  private static final List<String> BOOT_FILES =
      List.of("/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", "/boot/extlinux/extlinux.conf");
  private static final int MAX_BOOT_BYTES = 1 << 20;

  private final GuestVolumes volumes;
  private final Map<GuestPartition, Subvolumes> found = new LinkedHashMap<>();
  private final Map<GuestPartition, List<RootChoice.Candidate>> systems = new LinkedHashMap<>();
  private final List<RootCandidate> candidates = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  BtrfsSearch(GuestVolumes volumes) {
    this.volumes = volumes;
  }

  /** One device of each btrfs: any of several will do. */
  List<GuestPartition> fileSystems() {
    List<GuestPartition> one = new ArrayList<>();
    for (GuestPartition partition : volumes.partitions()) {
      boolean known = one.stream().anyMatch(partition::sharesFileSystem);
      if (partition.fsType().equals(BTRFS) && !known) {
        one.add(partition);
      }
    }
    return one;
  }

  void ask(GuestfishScript script) {
    for (GuestPartition partition : fileSystems()) {
      String key = partition.device();
      script
          .ask(key + "/devices", "pread-device", key, "8", String.valueOf(DEVICE_COUNT_AT))
          .run("mount-options", "ro," + TOP, key, "/")
          .ask(key + "/mounted", "mountpoints")
          .ask(key + "/subvolumes", "btrfs-subvolume-list", "/")
          .ask(key + "/default", "btrfs-subvolume-get-default", "/")
          .run("umount-all");
    }
  }

  void take(GuestfishAnswers answers) {
    for (GuestPartition partition : fileSystems()) {
      String key = partition.device();
      if (answers.has(key + "/mounted")) {
        Subvolumes subvolumes =
            Subvolumes.of(answers.lines(key + "/subvolumes"), answers.text(key + "/default"));
        found.put(partition, subvolumes);
        volumes.keep(partition, subvolumes);
      } else {
        incomplete(partition, answers.bytes(key + "/devices"));
      }
    }
  }

  /** The kernel does not mount a btrfs that lacks a device, and the guest's did not either. */
  private void incomplete(GuestPartition partition, byte[] deviceCount) {
    long devices =
        deviceCount.length == 8
            ? ByteBuffer.wrap(deviceCount).order(ByteOrder.LITTLE_ENDIAN).getLong()
            : 0;
    long known =
        volumes.partitions().stream()
            .filter(it -> it.equals(partition) || it.sharesFileSystem(partition))
            .count();
    if (devices > known) {
      warnings.add(
          "the btrfs on %s lies on %d devices, of which this VM has %d, and is not mounted so; name the VM's other disks in load.additional_disks"
              .formatted(partition.place(), devices, known));
    }
  }

  /** Asks what lies in the subvolumes, when it is known which ones boot loaders start. */
  GuestfishScript askSystems(List<RootFlags> flags) {
    GuestfishScript script = new GuestfishScript();
    found.forEach(
        (partition, subvolumes) -> {
          script.run("mount-options", "ro," + TOP, partition.device(), "/");
          for (Subvolume subvolume : subvolumes.lookedAt(started(partition, flags))) {
            String key = key(partition, subvolume);
            String top = subvolume.path().isEmpty() ? "" : "/" + subvolume.path();
            RootCandidate.ask(script, key, top);
            BOOT_FILES.forEach(file -> script.read(key + file, top + file, MAX_BOOT_BYTES));
            script.ask(key + "/show", "btrfs-subvolume-show", top.isEmpty() ? "/" : top);
          }
          script.run("umount-all");
        });
    return script;
  }

  /** Takes it, and chooses one system of each file system. */
  void takeSystems(List<RootFlags> flags, GuestfishAnswers answers) {
    found.forEach(
        (partition, subvolumes) -> {
          List<String> started = started(partition, flags);
          List<RootCandidate> here = new ArrayList<>();
          List<RootChoice.Candidate> choices = new ArrayList<>();
          for (Subvolume subvolume : subvolumes.lookedAt(started)) {
            String key = key(partition, subvolume);
            RootCandidate.of(partition, Optional.of(subvolume), key, answers)
                .ifPresent(
                    candidate -> {
                      here.add(candidate);
                      choices.add(choice(candidate, key, answers));
                    });
          }
          RootChoice.of(subvolumes, choices, started)
              .ifPresent(choice -> keep(partition, choice, here));
        });
  }

  private void keep(GuestPartition partition, RootChoice choice, List<RootCandidate> here) {
    warnings.addAll(choice.warnings());
    List<RootChoice.Candidate> all =
        Stream.concat(Stream.of(choice.chosen()), choice.others().stream()).toList();
    systems.put(partition, all);
    for (RootChoice.Candidate it : all) {
      here.stream()
          .filter(candidate -> candidate.subvolume().equals(Optional.of(it.subvolume())))
          .forEach(candidates::add);
    }
  }

  private RootChoice.Candidate choice(
      RootCandidate candidate, String key, GuestfishAnswers answers) {
    GuestPartition partition = candidate.partition();
    List<String> own = new ArrayList<>();
    for (String file : BOOT_FILES) {
      own.addAll(started(partition, RootFlags.in(answers.text(key + file))));
    }
    boolean readOnly =
        answers.lines(key + "/show").stream()
            .anyMatch(line -> line.startsWith("Flags:") && line.contains("readonly"));
    return new RootChoice.Candidate(
        candidate.subvolume().orElseThrow(),
        candidate.rootRow().filter(row -> isHere(row.device(), partition)),
        own,
        readOnly);
  }

  /** The options of those that start this file system. */
  private List<String> started(GuestPartition partition, List<RootFlags> flags) {
    return flags.stream()
        .filter(it -> it.root().isEmpty() || isHere(it.root(), partition))
        .map(RootFlags::options)
        .distinct()
        .toList();
  }

  /** Whether a name means this file system, or nothing that is known. */
  private boolean isHere(String device, GuestPartition partition) {
    return volumes
        .resolve(device)
        .filter(it -> !it.equals(partition) && !it.sharesFileSystem(partition))
        .isEmpty();
  }

  private static String key(GuestPartition partition, Subvolume subvolume) {
    return partition.device() + "/" + subvolume.id();
  }

  /** The systems that were found: of each file system its own root first. */
  List<RootCandidate> candidates() {
    return candidates;
  }

  /** Whether btrfs holds the subvolume of this system for read-only. */
  boolean isReadOnly(RootCandidate candidate) {
    return systems.getOrDefault(candidate.partition(), List.of()).stream()
        .filter(it -> candidate.subvolume().equals(Optional.of(it.subvolume())))
        .anyMatch(RootChoice.Candidate::readOnly);
  }

  /** What an operator should know of the choice. */
  List<String> warnings() {
    return warnings;
  }
}
