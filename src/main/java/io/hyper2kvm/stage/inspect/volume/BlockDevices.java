package io.hyper2kvm.stage.inspect.volume;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.disk.VolumeNames;
import io.hyper2kvm.guest.luks.LuksMapping;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.ApplianceLog;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.load.SectorSizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The block devices that the appliance shows: disks and their partitions, and what is put together
 * of them. Asking for them starts the appliance's kernel.
 */
public final class BlockDevices {

  /** More than any real guest has, and bounded. */
  private static final int MOST = 600;

  /** Lists the arrays that lack a member; the appliance leaves them stopped. */
  private static final String STOPPED_ARRAYS =
      "grep -lx inactive /sys/block/md*/md/array_state 2>/dev/null || true";

  private static final Pattern STOPPED_ARRAY =
      Pattern.compile("/sys/block/(md[0-9]{1,4})/md/array_state");
  private static final Pattern DEVICE = Pattern.compile("/dev/[A-Za-z0-9+_.:/-]{1,200}");

  /**
   * Of a drive; udev in the appliance makes links of it, by which a disk is itself in any order.
   */
  private static final String LABEL = "guestdisk";

  private final VmJob job;
  private final List<VmDisk> sources;
  private final long memoryMib;
  private final Set<String> all = new LinkedHashSet<>();
  private final List<String> disks = new ArrayList<>();
  private final Set<String> arrays = new LinkedHashSet<>();
  private final Set<String> stoppedArrays = new LinkedHashSet<>();
  private final Map<String, String> refusals = new LinkedHashMap<>();
  private final Set<String> logicalVolumes = new LinkedHashSet<>();
  private final List<LuksMapping> mappings = new ArrayList<>();

  /**
   * The devices of a job's disks.
   *
   * @param memoryMib the appliance's memory, in MiB
   */
  public BlockDevices(VmJob job, long memoryMib) {
    this.job = job;
    this.sources = LoadResult.of(job).disks();
    this.memoryMib = memoryMib;
  }

  /** Starts the appliance's kernel with all disks; it finds arrays and volumes by itself. */
  public GuestfishScript ask() {
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
                  "cachemode:unsafe",
                  "label:" + LABEL + letters(disk.index())));
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
        .ask("md", "list-md-devices")
        .ask("stopped", "debug", "sh", STOPPED_ARRAYS);
  }

  /** Takes the devices. */
  public void take(GuestfishAnswers answers) {
    if (answers.lines("devices").size() != sources.size()) {
      throw StageFailedException.because(
          FailureCode.APPLIANCE_FAILED,
          "the appliance shows %d of %d disks; its log: %s"
              .formatted(answers.lines("devices").size(), sources.size(), ApplianceLog.tail(job)));
    }
    disks.addAll(answers.lines("devices"));
    stoppedArrays.addAll(stopped(answers));
    keep(answers, "devices", "partitions", "lvs", "md");
  }

  private static List<String> stopped(GuestfishAnswers answers) {
    return answers.lines("stopped").stream()
        .map(STOPPED_ARRAY::matcher)
        .filter(Matcher::matches)
        .map(array -> "/dev/" + array.group(1))
        .toList();
  }

  /**
   * Starts the arrays that lack a member, as the guest itself does, and activates the logical
   * volumes on arrays, and those that are whole in groups that are not. Only the overlays change.
   * Empty when there are neither arrays nor volumes.
   */
  public GuestfishScript askStacked() {
    GuestfishScript script = new GuestfishScript();
    if (arrays.isEmpty() && stoppedArrays.isEmpty() && logicalVolumes.isEmpty()) {
      return script;
    }
    stoppedArrays.forEach(
        array -> script.ask(array + "/run", "debug", "sh", "mdadm --run " + array + " 2>&1"));
    if (!stoppedArrays.isEmpty()) {
      script.ask("stopped", "debug", "sh", STOPPED_ARRAYS);
    }
    return script
        .run("vg-activate-all", "true")
        .ask("partitions", "list-partitions")
        .ask("lvs", "lvs")
        .ask("md", "list-md-devices");
  }

  /** Takes the volumes that were found then. What mdadm does not start counts as not there. */
  public void takeStacked(GuestfishAnswers answers) {
    keep(answers, "partitions", "lvs", "md");
    for (String array : stopped(answers)) {
      refusals.put(array, answers.text(array + "/run").strip());
    }
    arrays.removeAll(refusals.keySet());
    all.removeAll(refusals.keySet());
  }

  /** What mdadm said of the arrays that it could not start. */
  List<String> refusals() {
    return List.copyOf(refusals.values());
  }

  /** Adds what is in an encrypted container that was opened. */
  public void opened(LuksMapping mapping) {
    mappings.add(mapping);
    all.add(mapping.device());
  }

  /** The encrypted containers that are open. */
  public List<LuksMapping> mappings() {
    return mappings;
  }

  /**
   * The name of a device for a program in the appliance, which does not see libguestfs's names: the
   * kernel there may have found the disks in another order.
   */
  public String inAppliance(String device) {
    int disk = diskIndex(device.replaceFirst("[0-9]{1,3}$", ""));
    return disk < 0 ? device : "/dev/disk/guestfs/" + LABEL + device.substring("/dev/sd".length());
  }

  /** The letters of a disk's name, from its index: a, b, to zz. */
  private static String letters(int index) {
    String last = String.valueOf((char) ('a' + index % 26));
    return index < 26 ? last : letters(index / 26 - 1) + last;
  }

  private void keep(GuestfishAnswers answers, String... keys) {
    for (String key : keys) {
      answers.lines(key).stream().filter(line -> DEVICE.matcher(line).matches()).forEach(all::add);
    }
    answers.lines("md").stream()
        .filter(line -> DEVICE.matcher(line).matches())
        .forEach(arrays::add);
    answers.lines("lvs").stream()
        .filter(line -> !VolumeNames.groupOf(line).isEmpty())
        .forEach(logicalVolumes::add);
    if (all.size() > MOST) {
      throw StageFailedException.because(
          FailureCode.GUEST_UNSUPPORTED, "the guest has %d block devices".formatted(all.size()));
    }
  }

  /** All of them, in the order in which they were found. */
  public Set<String> all() {
    return all;
  }

  /** The whole disks, as {@code /dev/sda}. */
  List<String> disks() {
    return disks;
  }

  /** The md arrays, as {@code /dev/md127}. */
  public Set<String> arrays() {
    return arrays;
  }

  /** The logical volumes, as {@code /dev/GROUP/VOLUME}. */
  Set<String> logicalVolumes() {
    return logicalVolumes;
  }

  /** The place of {@code /dev/sda} among the VM's disks, from 0; -1 for a volume. */
  public int diskIndex(String device) {
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
}
