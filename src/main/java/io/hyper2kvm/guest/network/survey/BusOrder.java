package io.hyper2kvm.guest.network.survey;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** The places of the old machine's cards on its bus, and the order that follows from them. */
public final class BusOrder {
  private static final int MAX_PLACES = 1024;
  private static final OptionalInt SAME = OptionalInt.of(0);

  /**
   * What the places say of the cards' order.
   *
   * @param sorted the names in that order; empty when the places do not tell it
   * @param problem why the order must not be taken from anything else; empty when it may
   * @param assumed what the order rests on and an operator should check; empty when it is sure
   */
  record Order(Optional<List<String>> sorted, Optional<String> problem, Optional<String> assumed) {

    private static final Order NONE =
        new Order(Optional.empty(), Optional.empty(), Optional.empty());

    private static Order problem(String why) {
      return new Order(Optional.empty(), Optional.of(why), Optional.empty());
    }
  }

  /** A pin that gives a name to the card at a place. */
  private record Pin(BusPlace place, String file, int line) {
    @Override
    public String toString() {
      return "%s (%s line %d)".formatted(place, file, line);
    }
  }

  private final Map<String, Pin> pins = new LinkedHashMap<>();
  private final Map<String, String> contradictions = new TreeMap<>();
  private final Set<BusPlace> matched = new LinkedHashSet<>();
  private boolean vmware;

  /**
   * A pin gives this name to the card at a place.
   *
   * @param line from 1
   */
  public void add(String name, BusPlace place, String file, int line) {
    Pin pin = new Pin(place, file, line);
    Pin before = pins.get(name);
    if (before == null) {
      if (pins.size() < MAX_PLACES) {
        pins.put(name, pin);
      }
    } else if (!before.place().equals(place)) {
      contradictions.putIfAbsent(name, "%s is at %s and at %s".formatted(name, before, pin));
    }
  }

  /** A pin shows that the old machine was VMware's, whose slots have a known order. */
  public void onVmware() {
    vmware = true;
  }

  /** The configuration binds something to the card at this place, and gives it no name. */
  public void matched(BusPlace place) {
    if (matched.size() < MAX_PLACES) {
      matched.add(place);
    }
  }

  /** How many cards the configuration knows by a place that is that of none of these names. */
  int nameless(Collection<String> names) {
    return (int) matched.stream().filter(place -> nameAt(place, names).isEmpty()).count();
  }

  /** The one name whose card was at this place; empty when there is none, or several. */
  Optional<String> nameAt(BusPlace place, Collection<String> names) {
    List<String> found =
        names.stream().filter(name -> place(name).filter(place::isSame).isPresent()).toList();
    return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
  }

  /** Where the card with this name was; empty when that is not known, or said in two ways. */
  Optional<BusPlace> placeOf(String name) {
    return contradictions.containsKey(name) ? Optional.empty() : place(name);
  }

  /** By its pin, or by the name itself when udev made it of the place. */
  private Optional<BusPlace> place(String name) {
    Pin pin = pins.get(name);
    return pin != null ? Optional.of(pin.place()) : BusPlace.ofName(name);
  }

  /**
   * The order of the cards with these names.
   *
   * @param otherwise the order that the names tell by themselves; empty when they tell none
   */
  Order order(List<String> names, Optional<List<String>> otherwise) {
    List<String> pinned = names.stream().filter(pins::containsKey).toList();
    if (pinned.isEmpty() || names.size() < 2) {
      return Order.NONE;
    }
    for (String name : pinned) {
      if (contradictions.containsKey(name)) {
        return Order.problem(contradictions.get(name));
      }
    }
    List<String> placed = names.stream().filter(name -> place(name).isPresent()).toList();
    if (placed.size() == names.size()) {
      return sorted(names);
    }
    Order part = sorted(placed);
    if (part.problem().isPresent()) {
      return part;
    }
    String unplaced =
        String.join(", ", names.stream().filter(name -> !placed.contains(name)).toList());
    if (otherwise.isEmpty()) {
      return Order.problem(
          "the old place of %s is known (%s), that of %s is not"
              .formatted(pinned.get(0), pins.get(pinned.get(0)), unplaced));
    }
    List<String> told = otherwise.get().stream().filter(placed::contains).toList();
    if (part.sorted().isPresent() && !part.sorted().get().equals(told)) {
      return Order.problem(
          "the names say %s, the old places say %s, and that of %s is not known"
              .formatted(
                  String.join(" before ", told),
                  String.join(" before ", part.sorted().get()),
                  unplaced));
    }
    return Order.NONE;
  }

  private Order sorted(List<String> names) {
    if (names.size() < 2) {
      return new Order(Optional.of(names), Optional.empty(), Optional.empty());
    }
    Map<String, BusPlace> places = new TreeMap<>();
    names.forEach(name -> places.put(name, place(name).orElseThrow()));
    Optional<String> problem = comparable(names, places);
    if (problem.isPresent()) {
      return Order.problem(problem.get());
    }
    List<String> byBus = new ArrayList<>(names);
    byBus.sort((a, b) -> places.get(a).compare(places.get(b)).orElseThrow());
    if (!places.values().stream().allMatch(BusPlace::behindBridge)) {
      return mixed(places)
          ? Order.problem(
              "VMware numbers the cards at %s and at %s each by itself"
                  .formatted(places.get(byBus.get(0)), places.get(byBus.get(byBus.size() - 1))))
          : new Order(Optional.of(byBus), Optional.empty(), Optional.empty());
    }
    List<String> byRound = new ArrayList<>(byBus);
    byRound.sort((a, b) -> Integer.compare(places.get(a).round(), places.get(b).round()));
    if (byRound.equals(byBus)) {
      return new Order(Optional.of(byBus), Optional.empty(), Optional.empty());
    }
    if (!vmware) {
      return Order.problem(
          "the old places say %s on the bus, and %s if the old machine was VMware's"
              .formatted(String.join(", ", byBus), String.join(", ", byRound)));
    }
    return new Order(
        Optional.of(byRound),
        Optional.empty(),
        Optional.of(
            "the network cards are taken in the order %s: VMware gives out the places %s in this"
                    .formatted(
                        String.join(", ", byRound),
                        String.join(
                            ", ", byRound.stream().map(n -> places.get(n).toString()).toList()))
                + " order, which is not that of the bus; compare with the addresses of the old"
                + " machine's cards"));
  }

  private boolean mixed(Map<String, BusPlace> places) {
    return vmware
        && places.values().stream().anyMatch(BusPlace::behindBridge)
        && places.values().stream().anyMatch(BusPlace::onOldBus);
  }

  /** Each two of them must have an order; the first two that have none are the problem. */
  private static Optional<String> comparable(List<String> names, Map<String, BusPlace> places) {
    for (int i = 0; i < names.size(); i++) {
      for (int j = i + 1; j < names.size(); j++) {
        BusPlace left = places.get(names.get(i));
        BusPlace right = places.get(names.get(j));
        OptionalInt order = left.compare(right);
        if (order.isEmpty() || order.equals(SAME)) {
          return Optional.of(
              "%s at %s and %s at %s have no order on the bus"
                  .formatted(names.get(i), left, names.get(j), right));
        }
      }
    }
    return Optional.empty();
  }
}
