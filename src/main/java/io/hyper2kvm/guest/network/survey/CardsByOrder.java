package io.hyper2kvm.guest.network.survey;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives the cards that no address and no operator has named to the names that are left. */
final class CardsByOrder {
  private final Survey survey;
  private final MachineCards machine;
  private final AddressEvidence addresses;
  private final CardPlaces cards;

  CardsByOrder(Survey survey, MachineCards machine, CardPlaces cards) {
    this.survey = survey;
    this.machine = machine;
    this.addresses = survey.addresses();
    this.cards = cards;
  }

  /** Why it cannot be done; empty when every name has a card, or none for it is left. */
  Optional<String> decide(List<String> names) {
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
    if (open.isEmpty()) {
      return Optional.empty();
    }
    List<String> last = open;
    Optional<String> crossed =
        machine
            .crossedPlaces()
            .filter(places -> last.stream().anyMatch(NameScheme.KERNEL::matches));
    return crossed.isPresent()
        ? crossed.map(
            places ->
                "the old machine's cards, %s, were in another order on the bus, and the kernel numbers %s by the bus as a rule; name all cards in load.network_cards"
                    .formatted(places, String.join(", ", last)))
        : byOrder(names, open, free);
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
      machine
          .cards()
          .get(place)
          .place()
          .filter(at -> elsewhere(name, at))
          .ifPresent(
              at ->
                  cards.assume(
                      "%s is the name of another place than %s, where card %d was: taken for that card"
                          .formatted(name, at, place + 1)));
      if (!cards.idle(name).isEmpty()) {
        cards.assume(
            "%s: what is bound to %s stays unused, because no card of the machine has that address"
                .formatted(name, String.join(", ", cards.idle(name))));
      } else if (!bound.isEmpty() && mac.isPresent()) {
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

  private boolean elsewhere(String name, BusPlace at) {
    return survey.busOrder().placeOf(name).filter(p -> p.compare(at).orElse(0) != 0).isPresent();
  }

  /** Those of the names that come up at boot, or have an address, if they are so many. */
  Optional<List<String>> live(List<String> names, int count) {
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
