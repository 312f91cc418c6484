package io.hyper2kvm.guest.network.survey;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Names whose card an earlier run of this program, or the old machine's slots, tell. */
final class PlacedNames {
  private final Survey survey;
  private final MachineCards machine;
  private final CardPlaces cards;

  PlacedNames(Survey survey, MachineCards machine, CardPlaces cards) {
    this.survey = survey;
    this.machine = machine;
    this.cards = cards;
  }

  /** A card whose slot the machine's description tells has the name that a pin has for it. */
  Optional<String> byPlace(List<String> names) {
    for (String name : cards.open(names)) {
      OptionalInt number =
          survey.busOrder().placeOf(name).map(machine::numberAt).orElse(OptionalInt.empty());
      if (number.isEmpty() || !survey.addresses().macs(name).isEmpty()) {
        continue;
      }
      if (cards.taken(number.getAsInt())) {
        return Optional.of(
            "the old place of %s is that of card %d, which has another name"
                .formatted(name, number.getAsInt() + 1));
      }
      cards.place(name, number.getAsInt());
    }
    return Optional.empty();
  }

  Optional<String> byEarlierRun(List<String> names) {
    for (String name : cards.open(names)) {
      Integer place = survey.knownPositions().get(name);
      if (place == null && survey.keptNames().contains(name) && machine.cards().size() == 1) {
        place = 0;
      }
      if (place == null) {
        continue;
      }
      if (place >= machine.cards().size()) {
        return Optional.of(
            "a pin gives %s to card %d, and the machine has %d network card(s)"
                .formatted(name, place + 1, machine.cards().size()));
      }
      if (cards.taken(place)) {
        return Optional.of(
            "a pin gives %s to card %d, which has another name".formatted(name, place + 1));
      }
      cards.place(name, place);
    }
    return Optional.empty();
  }
}
