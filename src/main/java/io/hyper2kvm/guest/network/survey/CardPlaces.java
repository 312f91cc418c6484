package io.hyper2kvm.guest.network.survey;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The cards of a machine that have got a name so far, and the names that get no card. */
final class CardPlaces {
  private final MachineCards machine;
  private final AddressEvidence addresses;
  private final Map<String, Integer> places = new LinkedHashMap<>();
  private final Set<String> absent = new LinkedHashSet<>();
  private final Set<String> assumed = new LinkedHashSet<>();

  CardPlaces(MachineCards machine, AddressEvidence addresses) {
    this.machine = machine;
    this.addresses = addresses;
  }

  Map<String, Integer> places() {
    return places;
  }

  void place(String name, int place) {
    places.put(name, place);
  }

  boolean taken(int place) {
    return places.containsValue(place);
  }

  /** What had to be assumed, for the operator. */
  Set<String> assumed() {
    return assumed;
  }

  void assume(String text) {
    assumed.add(text);
  }

  List<String> open(List<String> names) {
    List<String> open = new ArrayList<>(names);
    open.removeAll(places.keySet());
    open.removeAll(absent);
    return open;
  }

  List<Integer> free(Predicate<MachineCards.Card> wanted) {
    List<Integer> free = new ArrayList<>();
    for (int i = 0; i < machine.cards().size(); i++) {
      if (!places.containsValue(i) && wanted.test(machine.cards().get(i))) {
        free.add(i);
      }
    }
    return free;
  }

  Set<String> absent() {
    return absent;
  }

  void leave(String name, String why) {
    absent.add(name);
    assumed.add("%s gets no card: %s; its configuration stays unused".formatted(name, why));
  }

  /** Addresses that only what is absent has. */
  AbsentCards absentCards(Survey survey) {
    Set<String> macs = new LinkedHashSet<>();
    if (machine.everyAddressKnown()) {
      absent.forEach(name -> macs.addAll(addresses.macs(name)));
      List<String> nameless = survey.namelessAddresses();
      boolean taken =
          !places.isEmpty()
              || survey.catchAll().isPresent()
              || nameless.stream().anyMatch(mac -> machine.placeOf(mac).isPresent());
      if (taken) {
        macs.addAll(nameless);
      }
    }
    macs.removeIf(mac -> machine.placeOf(mac).isPresent());
    places.keySet().forEach(name -> macs.removeAll(addresses.macs(name)));
    places.keySet().forEach(name -> macs.addAll(idle(name)));
    return new AbsentCards(absent, macs);
  }

  /** Addresses of other machines to which files for a live name are bound, beside the live file. */
  Set<String> idle(String name) {
    Set<String> macs = addresses.conditions(name);
    boolean live =
        addresses.isUnbound(name)
            || macs.stream().anyMatch(mac -> machine.placeOf(mac).isPresent());
    if (!live || !machine.everyAddressKnown()) {
      return Set.of();
    }
    macs.removeIf(mac -> machine.placeOf(mac).isPresent());
    return macs;
  }

  /**
   * Why files that know their cards by an address only cannot all have one; empty when they can, or
   * when it is told which of them are for cards that the machine does not have.
   */
  Optional<String> nameless(Survey survey) {
    List<String> nameless = survey.namelessAddresses();
    boolean told =
        machine.everyAddressKnown()
            && (!places.isEmpty()
                || survey.catchAll().isPresent()
                || nameless.stream().anyMatch(mac -> machine.placeOf(mac).isPresent()));
    if (nameless.isEmpty() || told) {
      return Optional.empty();
    }
    List<Integer> free = free(card -> true);
    if (nameless.size() > free.size()) {
      return Optional.of(
          "the machine has %d network card(s), and the configuration is for %s"
              .formatted(
                  machine.cards().size(),
                  String.join(
                      ", ", Stream.concat(places.keySet().stream(), nameless.stream()).toList())));
    }
    if (machine.everyAddressKnown() && machine.cards().size() == 1) {
      assume(
          "the configuration is for the card %s, which the machine does not have: taken for %s"
              .formatted(nameless.get(0), words(free)));
    }
    return Optional.empty();
  }

  String words(List<Integer> cards) {
    return String.join(
        ", ",
        cards.stream()
            .map(place -> machine.cards().get(place).mac().orElseGet(() -> "number " + (place + 1)))
            .toList());
  }

  String bound(String name) {
    Set<String> macs = addresses.macs(name);
    return macs.isEmpty() ? name : "%s (%s)".formatted(name, String.join(", ", macs));
  }
}
