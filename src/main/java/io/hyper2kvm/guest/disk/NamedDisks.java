package io.hyper2kvm.guest.disk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which disk of the VM the guest's name for a disk means, where the guest itself settles it. The
 * root file system is known; so a row that names it as {@code /dev/xvde1} settles what {@code
 * /dev/xvde2} is, and, where the letters leave one answer, what {@code /dev/xvdf1} is.
 */
public final class NamedDisks {

  private static final Set<String> LETTER_FAMILIES = Set.of("sd", "hd", "xvd", "vd");
  private static final Set<String> FAMILIES =
      Set.of("sd", "hd", "xvd", "vd", "nvme", "mmcblk", "cciss", "ida", "rd");

  /** Nothing is settled: every name is read by the order of the disks. */
  public static final NamedDisks NONE =
      new NamedDisks(List.of(), Set.of(), DiskOrder.asGiven(0), 0);

  /**
   * A name that is known to mean a partition.
   *
   * @param device the name, as the guest wrote it
   * @param partition what it means
   */
  public record Anchor(String device, GuestPartition partition) {}

  private final List<Anchor> anchors;
  private final Set<String> names;
  private final Map<String, Integer> diskByName = new HashMap<>();
  private final Map<String, Integer> anchored = new HashMap<>();
  private final Set<String> certain = new HashSet<>();
  private final Set<String> outOfOrder = new HashSet<>();

  private NamedDisks(List<Anchor> anchors, Set<String> names, DiskOrder order, int diskCount) {
    this.anchors = anchors;
    this.names = names;
    anchors.forEach(this::anchor);
    diskByName.putAll(anchored);
    certain.addAll(anchored.keySet());
    for (DiskName name : named(anchored.keySet())) {
      int place = naturalPlace(name, order);
      boolean unordered = place < 0 && !FAMILIES.contains(name.family());
      if (place != anchored.get(name.disk()) && !unordered) {
        outOfOrder.add(name.family());
      }
    }
    FAMILIES.forEach(family -> settle(family, order, diskCount));
  }

  /**
   * The same with more that is known.
   *
   * @param more names that are known; an earlier one that contradicts holds
   * @param moreNames all names of disks that the guest's tables use
   * @param order what the names mean if nothing is known of them
   * @param diskCount how many disks the VM has
   */
  public NamedDisks with(
      Collection<Anchor> more, Collection<String> moreNames, DiskOrder order, int diskCount) {
    List<Anchor> all = new ArrayList<>(anchors);
    all.addAll(more);
    Set<String> allNames = new HashSet<>(names);
    moreNames.forEach(name -> DiskName.of(name).ifPresent(disk -> allNames.add(disk.disk())));
    return new NamedDisks(List.copyOf(all), Set.copyOf(allNames), order, diskCount);
  }

  /** Whether the guest's tables settle which disk the name means. */
  boolean settles(DiskName name) {
    return diskByName.containsKey(name.disk());
  }

  /** Whether the name is settled without the order of the disks. */
  boolean isCertain(DiskName name) {
    return certain.contains(name.disk());
  }

  /** The disk that the tables settle for the name, from 0; empty when they do not. */
  OptionalInt disk(DiskName name) {
    Integer disk = diskByName.get(name.disk());
    return disk == null ? OptionalInt.empty() : OptionalInt.of(disk);
  }

  /** Whether names of this family are known not to follow the order of the VM's disks. */
  boolean isOutOfOrder(String family) {
    return outOfOrder.contains(family);
  }

  private void anchor(Anchor anchor) {
    DiskName name = DiskName.of(anchor.device()).orElse(null);
    int disk = anchor.partition().disk();
    if (name == null || disk < 0 || name.partition() != anchor.partition().number()) {
      return;
    }
    boolean taken =
        FAMILIES.contains(name.family())
            && named(anchored.keySet()).stream()
                .anyMatch(
                    other ->
                        other.family().equals(name.family())
                            && !other.disk().equals(name.disk())
                            && anchored.get(other.disk()) == disk);
    if (!taken) {
      anchored.putIfAbsent(name.disk(), disk);
    }
  }

  private static List<DiskName> named(Collection<String> disks) {
    return disks.stream().flatMap(disk -> DiskName.of(disk).stream()).toList();
  }

  /** By the order of the disks; -1 when that does not say. */
  private static int naturalPlace(DiskName name, DiskOrder order) {
    return order.place(name.disk()).map(DevicePlace::disk).orElse(-1);
  }

  /** Settles the other names of a family of which one is known. */
  private void settle(String family, DiskOrder order, int diskCount) {
    Set<String> all = new HashSet<>(names);
    all.addAll(anchored.keySet());
    List<DiskName> members = named(all).stream().filter(n -> n.family().equals(family)).toList();
    if (members.stream().noneMatch(this::settles)) {
      return;
    }
    if (LETTER_FAMILIES.contains(family) && outOfOrder.contains(family)) {
      shift(members, diskCount);
    }
    List<DiskName> open = members.stream().filter(member -> !settles(member)).toList();
    // As many names as the VM has disks, and all but one are known: the last one is the last disk.
    if (open.size() == 1
        && members.size() == diskCount
        && (outOfOrder.contains(family) || naturalPlace(open.get(0), order) < 0)) {
      Set<Integer> used = new HashSet<>();
      members.stream().filter(this::settles).forEach(m -> used.add(diskByName.get(m.disk())));
      for (int disk = 0; disk < diskCount && used.size() == diskCount - 1; disk++) {
        if (!used.contains(disk)) {
          diskByName.put(open.get(0).disk(), disk);
          certain.add(open.get(0).disk());
          return;
        }
      }
    }
  }

  /**
   * Letters that begin later than at {@code a}: each letter next to a known one is the disk next to
   * it. A gap may be a drive that is no disk, so nothing is known behind it.
   */
  private void shift(List<DiskName> members, int diskCount) {
    TreeMap<Integer, DiskName> byLetter = new TreeMap<>();
    members.forEach(member -> byLetter.put(DevicePlace.letterIndex(member), member));
    Set<Integer> offsets = new HashSet<>();
    byLetter.forEach((letter, name) -> disk(name).ifPresent(disk -> offsets.add(letter - disk)));
    if (offsets.size() != 1) {
      return;
    }
    int offset = offsets.iterator().next();
    boolean fits =
        offset > 0 && byLetter.firstKey() >= offset && byLetter.lastKey() - offset < diskCount;
    if (!fits) {
      return;
    }
    for (boolean more = true; more; ) {
      more = false;
      for (Map.Entry<Integer, DiskName> entry : byLetter.entrySet()) {
        DiskName before = byLetter.get(entry.getKey() - 1);
        DiskName after = byLetter.get(entry.getKey() + 1);
        boolean neighbour =
            (before != null && settles(before)) || (after != null && settles(after));
        if (!settles(entry.getValue()) && neighbour) {
          diskByName.put(entry.getValue().disk(), entry.getKey() - offset);
          more = true;
        }
      }
    }
  }
}
