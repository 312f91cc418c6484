package io.hyper2kvm.stage.inspect.luks;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.disk.VolumeNames;
import io.hyper2kvm.guest.fstab.Crypttab;
import io.hyper2kvm.guest.luks.LuksHeader;
import io.hyper2kvm.guest.luks.LuksMapping;
import io.hyper2kvm.guest.luks.MappedNames;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.read.GuestFilesOfInterest;
import io.hyper2kvm.stage.inspect.volume.BlockDevices;
import io.hyper2kvm.stage.inspect.volume.GuestVolumes;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The encrypted containers among a guest's devices, those on logical volumes and arrays and those
 * in other containers too. What no key opens stays closed; whether that is a failure depends on
 * what else is found.
 */
public final class EncryptedVolumes {

  /** How much of a device shows whether it is one, in bytes. */
  private static final int PROBE = 592;

  /** Containers in containers in containers; nobody has more. */
  private static final int MOST_ROUNDS = 3;

  private static final int MOST_CONTAINERS = 32;
  private static final Pattern PARTITION = Pattern.compile("(/dev/sd[a-z]{1,2})([0-9]{1,3})");
  private static final List<String> SUBVOLUMES = List.of("@", "@rootfs", "root");
  private static final Set<String> HAVE_TABLES =
      Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs");

  private final VmJob job;
  private final BlockDevices devices;
  private final GuestVolumes volumes;
  private final StageSettings settings;
  private final boolean writable;
  private final GuestfishSession session;
  private final Set<String> seen = new LinkedHashSet<>();
  private final List<Opening> openings = new ArrayList<>();
  private final List<String> keyFiles = new ArrayList<>();
  private int rounds;
  private int skipped;

  /**
   * The containers of a job.
   *
   * @param writable whether the guest is to be fixed, and so must be found
   * @param session takes the turns
   */
  public EncryptedVolumes(
      VmJob job,
      BlockDevices devices,
      GuestVolumes volumes,
      StageSettings settings,
      boolean writable,
      GuestfishSession session) {
    this.job = job;
    this.devices = devices;
    this.volumes = volumes;
    this.settings = settings;
    this.writable = writable;
    this.session = session;
  }

  /** Adds the turns that find and open them, when all other devices are known. */
  public void open() {
    session.then(this::askHeaders, this::takeHeaders);
  }

  private GuestfishScript askHeaders() {
    GuestfishScript script = new GuestfishScript();
    for (String device : unseen()) {
      script.ask(device, "pread-device", device, String.valueOf(PROBE), "0");
    }
    return script;
  }

  private List<String> unseen() {
    return devices.all().stream().filter(device -> !seen.contains(device)).toList();
  }

  private void takeHeaders(GuestfishAnswers answers) {
    List<String> found = new ArrayList<>();
    for (String device : unseen()) {
      seen.add(device);
      if (LuksHeader.of(answers.bytes(device)).isPresent()) {
        found.add(device);
      }
    }
    rounds++;
    int before = devices.mappings().size();
    for (String device : found) {
      if (openings.size() < MOST_CONTAINERS) {
        session.then(() -> askContainer(device), header -> takeContainer(device, header));
      } else {
        skipped++;
      }
    }
    if (!found.isEmpty()) {
      session.then(() -> askInside(before), inside -> takeInside(before, inside));
    }
  }

  private GuestfishScript askContainer(String device) {
    GuestfishScript script =
        new GuestfishScript()
            .ask(device, "pread-device", device, String.valueOf(LuksHeader.BYTES), "0");
    return devices.arrays().contains(device) ? script.ask("array", "md-detail", device) : script;
  }

  private void takeContainer(String device, GuestfishAnswers answers) {
    // A device of less than so many bytes answers nothing; its beginning was read before.
    LuksHeader header =
        LuksHeader.of(answers.bytes(device))
            .orElseGet(() -> new LuksHeader(1, "", "", -1, 0, false, false));
    Map<String, String> array = answers.pairs("array");
    Matcher partition = PARTITION.matcher(device);
    boolean isPartition = partition.matches();
    int disk = devices.diskIndex(isPartition ? partition.group(1) : device);
    Container container =
        new Container(
            device,
            disk,
            isPartition && disk >= 0 ? Integer.parseInt(partition.group(2)) : 0,
            header,
            VolumeNames.ofArray(array.getOrDefault("name", ""), array.getOrDefault("uuid", "")));
    Opening opening =
        new Opening(
            job,
            devices,
            settings.luksKeys(),
            container,
            freeName(header),
            settings.applianceMemoryMib());
    openings.add(opening);
    opening.ask(session);
  }

  /** As dracut and systemd call it; of a copied container another name. */
  private String freeName(LuksHeader header) {
    String name = header.uuid().isEmpty() ? "luks" : "luks-" + header.uuid();
    Set<String> taken =
        devices.mappings().stream().map(LuksMapping::device).collect(Collectors.toSet());
    return taken.contains(LuksMapping.deviceOf(name)) ? name + "-" + openings.size() : name;
  }

  /** Looks for logical volumes in what was opened in this round. */
  private GuestfishScript askInside(int before) {
    return devices.mappings().size() == before
        ? new GuestfishScript()
        : new GuestfishScript().run("lvm-scan", "true").ask("lvs", "lvs");
  }

  private void takeInside(int before, GuestfishAnswers answers) {
    if (devices.mappings().size() > before) {
      devices.takeStacked(answers);
      if (rounds < MOST_ROUNDS) {
        open();
      }
    }
  }

  /**
   * Adds the turns that give what was opened the guest's own names, which its tools look for in its
   * tables. No file system may be mounted then.
   */
  public void name() {
    session.then(this::askTables, this::takeTables);
  }

  /** What is mounted to look for tables, and how: as usual, or one of the usual subvolumes. */
  private List<List<String>> withTables() {
    List<List<String>> mounts = new ArrayList<>();
    for (GuestPartition partition :
        openings.isEmpty() ? List.<GuestPartition>of() : volumes.partitions()) {
      if (HAVE_TABLES.contains(partition.fsType())) {
        mounts.add(List.of("ro", partition.device()));
      }
      if (partition.fsType().equals("btrfs")) {
        SUBVOLUMES.forEach(it -> mounts.add(List.of("ro,subvol=" + it, partition.device())));
      }
    }
    return mounts;
  }

  private GuestfishScript askTables() {
    GuestfishScript script = new GuestfishScript();
    for (List<String> mount : withTables()) {
      if (mount.get(0).equals("ro")) {
        script.run("mount-ro", mount.get(1), "/");
      } else {
        script.run("mount-options", mount.get(0), mount.get(1), "/");
      }
      for (String file : MappedNames.FILES) {
        script.read(mount + file, file, GuestFilesOfInterest.MAX_TEXT_BYTES);
      }
      script.run("umount-all");
    }
    return script;
  }

  private void takeTables(GuestfishAnswers answers) {
    Map<String, String> nameByContainer = new LinkedHashMap<>();
    for (List<String> mount : withTables()) {
      Map<String, String> files = new LinkedHashMap<>();
      MappedNames.FILES.forEach(file -> files.put(file, answers.bytesAsText(mount + file)));
      MappedNames.of(files, volumes.guestDisks())
          .forEach(
              (container, name) -> {
                if (isFree(name, container)) {
                  nameByContainer.putIfAbsent(container, name);
                }
              });
      Crypttab.rows(files.get(Crypttab.FILE)).stream()
          .filter(Crypttab.Row::hasKeyFile)
          .limit(MOST_CONTAINERS)
          .forEach(row -> keyFiles.add(keyFile(row)));
    }
    List<String> renames = new ArrayList<>();
    for (LuksMapping mapping : devices.mappings()) {
      String name = nameByContainer.getOrDefault(mapping.container(), "");
      if (!name.isEmpty() && !LuksMapping.deviceOf(name).equals(mapping.device())) {
        renames.add(
            "dmsetup rename %s %s"
                .formatted(mapping.device().substring("/dev/mapper/".length()), name));
      }
    }
    volumes.nameMappings(nameByContainer);
    if (!renames.isEmpty()) {
      session.then(
          () ->
              new GuestfishScript()
                  .run("debug", "sh", String.join("; ", renames) + "; udevadm settle"),
          done -> {});
    }
  }

  /** Whether no logical volume and no other container has the name. */
  private boolean isFree(String name, String container) {
    String wanted = LuksMapping.deviceOf(name);
    return volumes.resolve(wanted).isEmpty()
        || devices.mappings().stream()
            .anyMatch(it -> it.device().equals(wanted) && it.container().equals(container));
  }

  private static String keyFile(Crypttab.Row row) {
    return Printable.guestLine(
        "line %d of %s has a key for %s in the guest's own file %s, which is not used here"
            .formatted(row.line(), Crypttab.FILE, row.name(), row.key()));
  }

  /**
   * Judges what stayed closed.
   *
   * @param found whether the guest's system was found outside of it
   */
  public void judge(boolean found) {
    List<String> locked =
        openings.stream().flatMap(it -> it.locked().stream()).map(LockedContainer::words).toList();
    if (skipped > 0) {
      job.warn(
          "there are %d encrypted volumes more than the %d that are looked at"
              .formatted(skipped, MOST_CONTAINERS));
    }
    if (!found && writable && !locked.isEmpty()) {
      throw StageFailedException.because(
          FailureCode.GUEST_ENCRYPTED,
          "the guest's system was not found: " + String.join("; ", locked));
    }
    locked.forEach(words -> job.warn(words + ": nothing in it was looked at or changed"));
    if (!locked.isEmpty()) {
      keyFiles.stream().distinct().forEach(job::warn);
    }
  }
}
