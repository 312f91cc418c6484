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
  private final GuestTraits traits;
  private final CardPlaces cards;
  private final CardsByOrder byOrder;

  CardMatch(Survey survey, GuestTraits traits) {
    this.survey = survey;
    this.traits = traits;
    this.machine = traits.machine();
    this.addresses = survey.addresses();
    this.cards = new CardPlaces(machine, addresses);
    this.byOrder = new CardsByOrder(survey, machine, cards);
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
    conflict = byOrder.decide(names);
    if (conflict.isPresent()) {
      return conflict;
    }
    conflict = cards.nameless(survey);
    if (conflict.isPresent()) {
      return conflict;
    }
    byPin(names);
    return captured();
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
    return byOrder.live(bound, 1).map(names -> names.get(0));
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

  /** Cards that the configuration does not name keep the names that old pins give them. */
  private void byPin(List<String> names) {
    for (int place : cards.free(card -> card.mac().isPresent())) {
      String mac = machine.cards().get(place).mac().orElseThrow();
      List<String> pinned =
          survey.pinnedNames().stream()
              .filter(name -> !names.contains(name) && addresses.pinned(name, mac))
              .toList();
      if (pinned.size() == 1) {
        cards.place(pinned.get(0), place);
      }
    }
  }

  /** A card without a name must not get, from the kernel, a name whose card is gone. */
  private Optional<String> captured() {
    if (traits.systemdLink() && traits.predictableNames()) {
      return Optional.empty();
    }
    List<Integer> free = cards.free(card -> true);
    return cards.absent().stream()
        .filter(NameScheme.KERNEL::matches)
        .filter(name -> free.contains((int) NameScheme.lastNumber(name)))
        .filter(name -> !machine.everyAddressKnown() || !addresses.conditioned(name))
        .findFirst()
        .map(
            name ->
                "card %d has no name, and the kernel would give it %s, which is configured for a card that the machine does not have"
                    .formatted(NameScheme.lastNumber(name) + 1, name));
  }

  private boolean foreign(String name) {
    Set<String> macs = addresses.macs(name);
    return !macs.isEmpty() && macs.stream().noneMatch(mac -> machine.placeOf(mac).isPresent());
  }
}
