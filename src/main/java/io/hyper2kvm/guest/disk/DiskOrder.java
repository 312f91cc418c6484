package io.hyper2kvm.guest.disk;

import io.hyper2kvm.guest.disk.DiskSeat.Bus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Which of a VM's disks an unstable device name meant. Linux numbers the disks of each family of
 * names for itself: {@code sd} for all that speak SCSI or ATA, {@code hd}, {@code nvme}, {@code
 * vd}, {@code xvd}. Where a description of the VM has the disks' controllers, they decide; else the
 * disks count as they were given.
 */
public final class DiskOrder {

  /** Positions of IDE, two on each of two channels. */
  private static final int IDE_PLACES = 4;

  private final int count;

  /** In the machine's order; empty when the disks count as they were given. */
  private final List<DiskSeat> seats;

  /** Disks by the number of their letter below {@code sd}, as far as the guest shows it. */
  private final Map<Integer, Integer> known;

  /** Whether the guest has the old driver for IDE, whose disks have names of their own. */
  private final boolean oldIde;

  private DiskOrder(int count, List<DiskSeat> seats) {
    this(count, seats, Map.of(), false);
  }

  private DiskOrder(int count, List<DiskSeat> seats, Map<Integer, Integer> known, boolean oldIde) {
    this.count = count;
    this.seats = seats;
    this.known = known;
    this.oldIde = oldIde;
  }

  /** Of a VM whose disks somebody put in the guest's order. */
  public static DiskOrder asGiven(int count) {
    return new DiskOrder(count, List.of());
  }

  /**
   * Of a VM with a description.
   *
   * @param seats of all its disks, in the machine's order
   */
  public static DiskOrder described(List<DiskSeat> seats) {
    // One disk is every name's.
    return new DiskOrder(seats.size(), seats.size() > 1 ? List.copyOf(seats) : List.of());
  }

  /**
   * The same order, with what the guest itself shows of some names. Where drivers may have found
   * their disks in any order, the names that are left belong to the disks that are left.
   *
   * @param diskByName the disks, from 0, that names are known to mean
   */
  public DiskOrder knowing(Map<String, Integer> diskByName) {
    if (seats.isEmpty()) {
      return this;
    }
    boolean old =
        oldIde
            || diskByName.entrySet().stream()
                .anyMatch(e -> isOf("hd", e.getKey()) && seats.get(e.getValue()).bus() == Bus.IDE);
    DiskOrder order = new DiskOrder(count, seats, Map.of(), old);
    List<Integer> members = order.members("sd");
    Map<Integer, Integer> letters = new TreeMap<>(known);
    diskByName.forEach(
        (name, disk) -> {
          if (isOf("sd", name)) {
            letters.putIfAbsent(DevicePlace.letterNumber(name).orElseThrow(), disk);
          }
        });
    boolean fits =
        letters.keySet().stream().allMatch(letter -> letter < members.size())
            && members.containsAll(letters.values())
            && Set.copyOf(letters.values()).size() == letters.size();
    return fits ? new DiskOrder(count, seats, Map.copyOf(letters), old) : order;
  }

  private static boolean isOf(String family, String name) {
    return DevicePlace.familyOf(name).filter(family::equals).isPresent();
  }

  /** The disk and partition that a name means; empty when that cannot be said. */
  public Optional<DevicePlace> place(String name) {
    Optional<String> family = DevicePlace.familyOf(name);
    if (seats.isEmpty() || family.isEmpty()) {
      return DevicePlace.of(name, count);
    }
    if (judge(name).obstacle().isPresent()) {
      return Optional.empty();
    }
    int partition = DevicePlace.partitionOf(name);
    return disk(name, family.get()).map(disk -> new DevicePlace(family.get(), disk, partition));
  }

  /**
   * Why the order of the disks does not tell what a name means, as a sentence; empty if it does.
   */
  public Optional<String> obstacle(String name) {
    return judge(name).obstacle();
  }

  /** What was assumed to find the disk of a name, as a sentence; empty when it is known. */
  Optional<String> caution(String name) {
    return judge(name).caution();
  }

  /** Whether the description has disks with such names, which count for themselves then. */
  public boolean counts(String name) {
    return DeviceNames.isByPath(name)
        ? atPath(name).isPresent()
        : DevicePlace.familyOf(name).filter(family -> !members(family).isEmpty()).isPresent();
  }

  private Optional<Integer> atPath(String name) {
    return PathUnit.of(name).flatMap(unit -> unit.disk(seats));
  }

  /** Whether each disk has a controller and a place there. */
  private boolean isComplete() {
    return seats.stream().allMatch(s -> s.bus() != Bus.UNKNOWN && s.unit().isPresent());
  }

  private OrderJudgement judge(String name) {
    Optional<String> family = DevicePlace.familyOf(name);
    if (seats.isEmpty() || family.isEmpty()) {
      return OrderJudgement.SURE;
    }
    if (DeviceNames.isByPath(name)) {
      // The path has the place itself, whatever else there is.
      return isComplete() || atPath(name).isPresent() ? OrderJudgement.SURE : judge(all());
    }
    if (family.get().equals("hd") && idePositions().isPresent()
        || family.get().equals("xvd") && xenPositions().isPresent()) {
      return OrderJudgement.SURE;
    }
    List<Integer> members = members(family.get());
    if (isByElimination(family.get(), members)) {
      return DevicePlace.letterNumber(name).filter(known::containsKey).isPresent()
          ? OrderJudgement.SURE
          : judge(open(members));
    }
    if (!members.isEmpty()) {
      return judge(members);
    }
    OrderJudgement whole = judge(all());
    return whole.obstacle().isPresent() ? whole : OrderJudgement.FOREIGN;
  }

  private boolean isByElimination(String family, List<Integer> members) {
    return family.equals("sd") && !known.isEmpty() && judge(members).obstacle().isPresent();
  }

  /** The disks of which it is not known how the guest calls them. */
  private List<Integer> open(List<Integer> members) {
    return members.stream().filter(disk -> !known.containsValue(disk)).toList();
  }

  private OrderJudgement judge(List<Integer> members) {
    return OrderJudgement.of(members.stream().map(seats::get).toList());
  }

  private Optional<Integer> disk(String name, String family) {
    if (DeviceNames.isByPath(name)) {
      Optional<Integer> exact = atPath(name);
      // Without places, what holds for any VM is all there is.
      return exact.isPresent() || isComplete()
          ? exact
          : DevicePlace.of(name, count).map(DevicePlace::disk);
    }
    List<Integer> members = members(family);
    if (family.equals("nvme") && members.stream().anyMatch(d -> seats.get(d).bus() == Bus.NVME)) {
      return namespace(name, members);
    }
    Optional<Map<Integer, Integer>> positions =
        family.equals("hd")
            ? idePositions()
            : family.equals("xvd") ? xenPositions() : Optional.empty();
    if (positions.isPresent()) {
      return DevicePlace.letterNumber(name).map(positions.get()::get);
    }
    if (isByElimination(family, members)) {
      int letter = DevicePlace.letterNumber(name).orElseThrow();
      long before = known.keySet().stream().filter(other -> other < letter).count();
      return Optional.ofNullable(known.get(letter))
          .or(() -> open(members).stream().skip(letter - before).findFirst());
    }
    Optional<Integer> number = DevicePlace.of(name, count).map(DevicePlace::disk);
    return members.isEmpty() ? number : number.filter(n -> n < members.size()).map(members::get);
  }

  private List<Integer> all() {
    return IntStream.range(0, seats.size()).boxed().toList();
  }

  /** The disks that can have such names, in their order. */
  private List<Integer> members(String family) {
    if (seats.stream().anyMatch(seat -> seat.bus() == Bus.UNKNOWN)) {
      return all();
    }
    boolean ide = family.equals("hd");
    return all().stream()
        .filter(d -> ide ? seats.get(d).bus() == Bus.IDE : seats.get(d).family().equals(family))
        .filter(d -> ide || !oldIde || seats.get(d).bus() != Bus.IDE)
        .toList();
  }

  /** The controller's number is its place among those with disks; a namespace's is the disk's. */
  private Optional<Integer> namespace(String name, List<Integer> members) {
    Map<String, List<Integer>> controllers = new LinkedHashMap<>();
    for (int disk : members) {
      controllers.computeIfAbsent(seats.get(disk).controller(), c -> new ArrayList<>()).add(disk);
    }
    List<List<Integer>> own = List.copyOf(controllers.values());
    return DevicePlace.namespace(name)
        .filter(n -> n.controller() < own.size())
        .filter(n -> n.number() >= 1 && n.number() <= own.get(n.controller()).size())
        .map(n -> own.get(n.controller()).get(n.number() - 1));
  }

  /** Disk by position, as the old driver names them; empty when they do not have all a position. */
  private Optional<Map<Integer, Integer>> idePositions() {
    List<Integer> members = all().stream().filter(d -> seats.get(d).bus() == Bus.IDE).toList();
    boolean one = members.stream().map(d -> seats.get(d).controller()).distinct().count() == 1;
    Map<Integer, Integer> positions = new HashMap<>();
    for (int disk : members) {
      DiskSeat seat = seats.get(disk);
      int unit = seat.unit().orElse(IDE_PLACES);
      int channel = seat.address().orElse(one ? 0 : IDE_PLACES);
      int position = one && channel == 0 ? unit : unit < 2 ? 2 * channel + unit : IDE_PLACES;
      if (position >= IDE_PLACES || positions.put(position, disk) != null) {
        return Optional.empty();
      }
    }
    return members.isEmpty() ? Optional.empty() : Optional.of(positions);
  }

  /** Xen names its disks by the numbers of its devices, of which a drive may have one. */
  private Optional<Map<Integer, Integer>> xenPositions() {
    Map<Integer, Integer> positions = new HashMap<>();
    for (int disk : all()) {
      DiskSeat seat = seats.get(disk);
      boolean own = seat.bus() == Bus.UNKNOWN && seat.unit().isPresent();
      if (!own || positions.put(seat.unit().getAsInt(), disk) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(positions);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DiskOrder order
        && order.count == count
        && order.seats.equals(seats)
        && order.known.equals(known)
        && order.oldIde == oldIde;
  }

  @Override
  public int hashCode() {
    return Objects.hash(count, seats, known, oldIde);
  }

  @Override
  public String toString() {
    return seats.isEmpty() ? count + " disks as given" : seats.toString();
  }
}
