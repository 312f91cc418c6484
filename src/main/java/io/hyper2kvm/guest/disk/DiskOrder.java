package io.hyper2kvm.guest.disk;

import io.hyper2kvm.guest.disk.DiskSeat.Bus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Which of a VM's disks an unstable device name meant. Linux numbers the disks of each family of
 * names for itself: {@code sd} for all that speak SCSI or ATA, {@code hd}, {@code nvme}, {@code
 * vd}, {@code xvd}. Where a description of the VM has the disks' controllers, they decide; else the
 * disks count as they were given.
 */
public final class DiskOrder {

  /** What is known of one family's order. */
  private record Judgement(Optional<String> obstacle, Optional<String> caution) {
    static final Judgement SURE = new Judgement(Optional.empty(), Optional.empty());

    static Judgement cannot(String obstacle) {
      return new Judgement(Optional.of(obstacle), Optional.empty());
    }

    static Judgement may(String caution) {
      return new Judgement(Optional.empty(), Optional.of(caution));
    }
  }

  private static final String NO_CONTROLLER =
      "the OVF description does not say which controller each disk is on, so their order in it is taken";
  private static final String NO_UNIT =
      "the OVF description gives several disks no place on their controller, or the same one, so the order of its lines is taken";
  private static final String NO_ADDRESS =
      "the OVF description gives several controllers no address, or the same one, so the order of its lines is taken";
  private static final String NO_SLOT =
      "the OVF description has several such controllers without their places on the PCI bus, so the order of their addresses is taken";
  private static final String FOREIGN =
      "no disk of the OVF description is on a controller whose disks have such names, so the order of all disks is taken";
  private static final String CROSSED =
      "the addresses and the PCI slots of the controllers in the OVF description are in different orders";

  /** Positions of IDE, two on each of two channels. */
  private static final int IDE_PLACES = 4;

  private final int count;

  /** In the machine's order; empty when the disks count as they were given. */
  private final List<DiskSeat> seats;

  private DiskOrder(int count, List<DiskSeat> seats) {
    this.count = count;
    this.seats = seats;
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

  private Judgement judge(String name) {
    Optional<String> family = DevicePlace.familyOf(name);
    if (seats.isEmpty() || family.isEmpty()) {
      return Judgement.SURE;
    }
    if (DeviceNames.isByPath(name)) {
      // The path has the place itself, whatever else there is.
      return isComplete() || atPath(name).isPresent() ? Judgement.SURE : judge(all());
    }
    if (family.get().equals("hd") && idePositions().isPresent()
        || family.get().equals("xvd") && xenPositions().isPresent()) {
      return Judgement.SURE;
    }
    List<Integer> members = members(family.get());
    if (!members.isEmpty()) {
      return judge(members);
    }
    Judgement whole = judge(all());
    return whole.obstacle().isPresent() ? whole : Judgement.may(FOREIGN);
  }

  private Judgement judge(List<Integer> members) {
    Set<String> drivers = new TreeSet<>();
    Map<String, List<DiskSeat>> controllers = new LinkedHashMap<>();
    for (int disk : members) {
      DiskSeat seat = seats.get(disk);
      drivers.add(seat.driver());
      controllers.computeIfAbsent(seat.controller(), c -> new ArrayList<>()).add(seat);
    }
    if (members.size() < 2) {
      return Judgement.SURE;
    }
    if (members.stream().anyMatch(disk -> seats.get(disk).bus() == Bus.UNKNOWN)) {
      return Judgement.may(NO_CONTROLLER);
    }
    if (drivers.size() > 1) {
      return Judgement.cannot(
          "the OVF description has disks on %s, and nothing in it tells which of them the guest numbered first"
              .formatted(String.join(" and ", drivers)));
    }
    List<DiskSeat> first = controllers.values().stream().map(own -> own.get(0)).toList();
    if (controllers.values().stream().anyMatch(own -> !areDistinct(own, DiskSeat::unit))) {
      return Judgement.may(NO_UNIT);
    }
    if (first.size() == 1) {
      return Judgement.SURE;
    }
    return judgeControllers(first);
  }

  private static Judgement judgeControllers(List<DiskSeat> controllers) {
    if (areDistinct(controllers, DiskSeat::busPlace)) {
      List<Integer> places = controllers.stream().map(c -> c.busPlace().getAsInt()).toList();
      return places.equals(places.stream().sorted().toList())
          ? Judgement.SURE
          : Judgement.cannot(CROSSED);
    }
    if (!areDistinct(controllers, DiskSeat::address)) {
      return Judgement.may(NO_ADDRESS);
    }
    // The channels of IDE are one device, which has them in this order.
    return controllers.get(0).bus() == Bus.IDE ? Judgement.SURE : Judgement.may(NO_SLOT);
  }

  private static boolean areDistinct(List<DiskSeat> seats, Function<DiskSeat, OptionalInt> number) {
    Set<Integer> seen = new HashSet<>();
    return seats.stream()
        .map(number)
        .allMatch(found -> found.isPresent() && seen.add(found.getAsInt()));
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
    return other instanceof DiskOrder order && order.count == count && order.seats.equals(seats);
  }

  @Override
  public int hashCode() {
    return Objects.hash(count, seats);
  }

  @Override
  public String toString() {
    return seats.isEmpty() ? count + " disks as given" : seats.toString();
  }
}
