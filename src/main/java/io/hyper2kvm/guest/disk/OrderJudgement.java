package io.hyper2kvm.guest.disk;

import io.hyper2kvm.guest.disk.DiskSeat.Bus;
import java.util.ArrayList;
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

/**
 * How far a description tells in which order Linux numbers disks whose names are of one family.
 *
 * @param obstacle why it does not, as a sentence; empty if it does
 * @param caution what is assumed, as a sentence; empty if nothing is
 */
record OrderJudgement(Optional<String> obstacle, Optional<String> caution) {

  static final OrderJudgement SURE = new OrderJudgement(Optional.empty(), Optional.empty());

  /** Of names that no disk of the description has. */
  static final OrderJudgement FOREIGN =
      may(
          "no disk of the VM's description is on a controller whose disks have such names, so the"
              + " order of all disks is taken");

  private static final String NO_CONTROLLER =
      "the VM's description does not say which controller each disk is on, so their order in it is"
          + " taken";
  private static final String NO_UNIT =
      "the VM's description gives several disks no place on their controller, or the same one, so"
          + " the order of its lines is taken";
  private static final String NO_ADDRESS =
      "the VM's description gives several controllers no address, or the same one, so the order of"
          + " its lines is taken";
  private static final String NO_SLOT =
      "the VM's description has several such controllers without their places on the PCI bus, so"
          + " the order of their addresses is taken";
  private static final String CROSSED =
      "the addresses and the PCI slots of the controllers in the VM's description are in different"
          + " orders";

  OrderJudgement {
    Objects.requireNonNull(obstacle, "obstacle");
    Objects.requireNonNull(caution, "caution");
  }

  private static OrderJudgement cannot(String obstacle) {
    return new OrderJudgement(Optional.of(obstacle), Optional.empty());
  }

  private static OrderJudgement may(String caution) {
    return new OrderJudgement(Optional.empty(), Optional.of(caution));
  }

  /** Judges disks that stand in the order that is to be judged. */
  static OrderJudgement of(List<DiskSeat> seats) {
    Set<String> drivers = new TreeSet<>();
    Map<String, List<DiskSeat>> controllers = new LinkedHashMap<>();
    for (DiskSeat seat : seats) {
      drivers.add(seat.driver());
      controllers.computeIfAbsent(seat.controller(), c -> new ArrayList<>()).add(seat);
    }
    if (seats.size() < 2) {
      return SURE;
    }
    if (seats.stream().anyMatch(seat -> seat.bus() == Bus.UNKNOWN)) {
      return may(NO_CONTROLLER);
    }
    if (drivers.size() > 1) {
      return cannot(
          "the VM's description has disks on %s, and nothing in it tells which of them the guest numbered first"
              .formatted(String.join(" and ", drivers)));
    }
    List<DiskSeat> first = controllers.values().stream().map(own -> own.get(0)).toList();
    if (controllers.values().stream().anyMatch(own -> !areDistinct(own, DiskSeat::unit))) {
      return may(NO_UNIT);
    }
    if (first.size() == 1) {
      return SURE;
    }
    return judgeControllers(first);
  }

  private static OrderJudgement judgeControllers(List<DiskSeat> controllers) {
    if (areDistinct(controllers, DiskSeat::busPlace)) {
      List<Integer> places = controllers.stream().map(c -> c.busPlace().getAsInt()).toList();
      return places.equals(places.stream().sorted().toList()) ? SURE : cannot(CROSSED);
    }
    if (!areDistinct(controllers, DiskSeat::address)) {
      return may(NO_ADDRESS);
    }
    // The channels of IDE are one device, which has them in this order.
    return controllers.get(0).bus() == Bus.IDE ? SURE : may(NO_SLOT);
  }

  private static boolean areDistinct(List<DiskSeat> seats, Function<DiskSeat, OptionalInt> number) {
    Set<Integer> seen = new HashSet<>();
    return seats.stream()
        .map(number)
        .allMatch(found -> found.isPresent() && seen.add(found.getAsInt()));
  }
}
