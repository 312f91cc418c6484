package io.hyper2kvm.guest.network.survey;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Gives the names that a guest uses to the known cards of its machine: as the operator says, else
 * by hardware address, else as an earlier run of this program did, else by their order. A name for
 * which no card is left gets none.
 */
final class CardMatch {
  private final Survey survey;
  private final MachineCards machine;
  private final AddressEvidence addresses;
  private final CardPlaces cards;

  CardMatch(Survey survey, MachineCards machine) {
    this.survey = survey;
    this.machine = machine;
    this.addresses = survey.addresses();
    this.cards = new CardPlaces(machine, addresses);
  }

  CardOrder order(List<String> names) {
    Optional<String> failure = decide(names);
    if (failure.isPresent()) {
      return CardOrder.unknown(names, failure.get());
    }
    if (survey.namesAreKept()) {
      cards.assumed().forEach(survey.findings()::warning);
    }
    List<String> ordered = CardOrder.byPosition(cards.places());
    return new CardOrder(
        ordered,
        machine.cards().size() == 1 ? Map.of() : cards.places(),
        cards.absentCards(survey),
        Optional.empty());
  }

  private Optional<String> decide(List<String> names) {
    PlacedNames placed = new PlacedNames(survey, machine, cards);
    stated();
    Optional<String> conflict = byAddress(names);
    if (conflict.isEmpty()) {
      conflict = placed.byEarlierRun(names);
    }
    if (conflict.isEmpty()) {
      conflict = placed.byPlace(names);
    }
    if (conflict.isPresent()) {
      return conflict;
    }
    absentByAddress(cards.open(names));
    byLease(names);
    List<String> open = cards.open(names);
    List<Integer> free = cards.free(card -> true);
    if (open.size() > free.size()) {
      Optional<List<String>> chosen =
          free.isEmpty() ? Optional.of(List.of()) : live(open, free.size());
      if (chosen.isEmpty()) {
        return Optional.of(tooMany(names));
      }
      open.removeAll(chosen.get());
      open.forEach(name -> cards.leave(name, "no card of the machine is left for it"));
      open = chosen.get();
    }
    return open.isEmpty() ? Optional.empty() : byOrder(names, open, free);
  }

  private void stated() {
    for (int i = 0; i < machine.cards().size(); i++) {
      int place = i;
      machine.cards().get(i).name().ifPresent(name -> cards.place(name, place));
    }
    for (String name : cards.places().keySet()) {
      Optional<String> mac = machine.cards().get(cards.places().get(name)).mac();
      Set<String> bound = addresses.macs(name);
      if (mac.isPresent() && !bound.isEmpty() && !bound.contains(mac.get())) {
        cards.assume(
            "the guest binds %s to %s, and it is given to the card %s as load.network_cards says"
                .formatted(name, String.join(", ", bound), mac.get()));
      }
    }
  }

  private Optional<String> byAddress(List<String> names) {
    for (int i = 0; i < machine.cards().size(); i++) {
      Optional<String> mac = machine.cards().get(i).mac();
      if (mac.isEmpty() || cards.taken(i)) {
        continue;
      }
      List<String> bound =
          cards.open(names).stream()
              .filter(name -> addresses.macs(name).contains(mac.get()))
              .toList();
      if (bound.isEmpty()) {
        continue;
      }
      Optional<String> name = oneOf(bound, mac.get());
      if (name.isEmpty()) {
        return Optional.of(
            "the names %s are all bound to the card %s"
                .formatted(String.join(", ", bound), mac.get()));
      }
      OptionalInt other = otherPlace(name.get(), i);
      if (other.isPresent()) {
        return Optional.of(
            "%s is bound to the card %s and to the card %s"
                .formatted(
                    name.get(),
                    mac.get(),
                    machine.cards().get(other.getAsInt()).mac().orElseThrow()));
      }
      cards.place(name.get(), i);
      for (String loser : bound) {
        if (!loser.equals(name.get())) {
          cards.leave(
              loser, "it is bound to the card %s, which is %s".formatted(mac.get(), name.get()));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Of several names for one card, the one that a pin gives and a file asks for, or the live one.
   */
  private Optional<String> oneOf(List<String> bound, String mac) {
    if (bound.size() == 1) {
      return Optional.of(bound.get(0));
    }
    List<String> both =
        bound.stream()
            .filter(name -> addresses.pinned(name, mac) && addresses.conditioned(name, mac))
            .toList();
    if (both.size() == 1) {
      return Optional.of(both.get(0));
    }
    return live(bound, 1).map(names -> names.get(0));
  }

  private OptionalInt otherPlace(String name, int place) {
    return addresses.macs(name).stream()
        .map(machine::placeOf)
        .filter(other -> other.isPresent() && other.getAsInt() != place)
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  /** What is bound to another machine's cards, when this machine's are told by address or taken. */
  private void absentByAddress(List<String> open) {
    if (!machine.everyAddressKnown()) {
      return;
    }
    List<String> foreign = open.stream().filter(this::foreign).toList();
    boolean others = foreign.size() < open.size() && open.size() > cards.free(card -> true).size();
    if (!cards.places().isEmpty() || others) {
      foreign.forEach(
          name ->
              cards.leave(
                  name,
                  "it is bound to %s, which no card of the machine has"
                      .formatted(String.join(", ", addresses.macs(name)))));
    }
  }

  /** Names that no file binds to an address, by what DHCP clients remember. */
  private void byLease(List<String> names) {
    for (int place : cards.free(card -> card.mac().isPresent())) {
      String mac = machine.cards().get(place).mac().orElseThrow();
      List<String> leased =
          cards.open(names).stream()
              .filter(name -> addresses.macs(name).isEmpty() && addresses.leased(name, mac))
              .toList();
      boolean only =
          leased.size() == 1
              && machine.cards().stream()
                      .flatMap(card -> card.mac().stream())
                      .filter(other -> addresses.leased(leased.get(0), other))
                      .count()
                  == 1;
      if (only) {
        cards.place(leased.get(0), place);
        cards.assume(
            "%s: taken for the card %s, because a DHCP lease in the guest says so"
                .formatted(leased.get(0), mac));
      }
    }
  }

  private boolean foreign(String name) {
    Set<String> macs = addresses.macs(name);
    return !macs.isEmpty() && macs.stream().noneMatch(mac -> machine.placeOf(mac).isPresent());
  }

  private Optional<String> byOrder(List<String> names, List<String> open, List<Integer> free) {
    List<Integer> fitting = free;
    if (open.size() < free.size()) {
      List<Integer> connected = cards.free(MachineCards.Card::connected);
      boolean numbers =
          open.stream().allMatch(NameScheme.KERNEL::matches)
              && open.stream().allMatch(name -> free.contains((int) NameScheme.lastNumber(name)));
      if (numbers) {
        NameOrder told = NameOrder.of(open, survey);
        if (!told.sorted().equals(NameScheme.sort(open))) {
          return Optional.of(
              told.sorted()
                  .map(
                      sorted ->
                          "the old places of the cards say %s, which is not the order of the names"
                              .formatted(String.join(" before ", sorted)))
                  .orElse(told.problem()));
        }
        open.forEach(name -> cards.place(name, (int) NameScheme.lastNumber(name)));
        return Optional.empty();
      }
      if (connected.size() != open.size()) {
        return Optional.of(
            "the machine has %d network cards, the configuration names only %s, and which of the cards that is cannot be told"
                .formatted(machine.cards().size(), String.join(", ", names)));
      }
      fitting = connected;
      cards.assume(
          "%s: taken for the card(s) %s, because no other is connected when the machine starts"
              .formatted(String.join(", ", open), cards.words(connected)));
    }
    if (open.size() > 1) {
      NameOrder told = NameOrder.of(open, survey);
      if (told.sorted().isEmpty()) {
        return Optional.of(told.problem());
      }
      open = told.sorted().get();
    }
    return place(open, fitting);
  }

  private Optional<String> place(List<String> open, List<Integer> fitting) {
    for (int i = 0; i < open.size(); i++) {
      String name = open.get(i);
      int place = fitting.get(i);
      cards.place(name, place);
      Set<String> bound = addresses.macs(name);
      Optional<String> mac = machine.cards().get(place).mac();
      if (!bound.isEmpty() && mac.isPresent()) {
        cards.assume(
            "%s was bound to %s, which no card of the machine has: taken for card %d, %s"
                .formatted(name, String.join(", ", bound), place + 1, mac.get()));
      }
    }
    List<String> placed = CardOrder.byPosition(cards.places());
    boolean crossed =
        NameOrder.told(placed, survey).filter(sorted -> !sorted.equals(placed)).isPresent();
    return open.size() > 1 && crossed
        ? Optional.of(
            "the hardware addresses and the names %s tell different orders of the cards"
                .formatted(String.join(", ", placed)))
        : Optional.empty();
  }

  private Optional<List<String>> live(List<String> names, int count) {
    List<String> up = names.stream().filter(survey::comesUp).toList();
    if (up.size() == count) {
      return Optional.of(up);
    }
    List<String> active = names.stream().filter(survey::active).toList();
    return active.size() == count ? Optional.of(active) : Optional.empty();
  }

  private String tooMany(List<String> names) {
    return "the machine has %d network card(s) (%s), the configuration names %s"
        .formatted(
            machine.cards().size(),
            cards.words(cards.free(card -> true)),
            String.join(", ", names.stream().map(cards::bound).toList()));
  }
}
