package io.hyper2kvm.guest.network.survey;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The network cards of the machine that the guest ran on, which are those of the new machine in the
 * same order. A description of the machine or the operator tells them.
 *
 * @param known whether the list is complete; it is empty otherwise
 * @param cards in the machine's order, which is the order of their places on the new machine's bus
 */
public record MachineCards(boolean known, List<Card> cards) {

  /** Nothing tells how many cards the machine has. */
  public static final MachineCards UNKNOWN = new MachineCards(false, List.of());

  /**
   * One card.
   *
   * @param name the interface name that the operator says it has
   * @param mac its hardware address, lower case with colons
   * @param connected whether it is connected when the machine starts
   * @param place where it was on the old machine's bus
   */
  public record Card(
      Optional<String> name, Optional<String> mac, boolean connected, Optional<BusPlace> place) {

    /** A card of which nothing is known. */
    public static final Card ANY = new Card(Optional.empty(), Optional.empty(), true);

    /** A card whose place is not known. */
    public Card(Optional<String> name, Optional<String> mac, boolean connected) {
      this(name, mac, connected, Optional.empty());
    }

    public Card {
      Objects.requireNonNull(place, "place");
      name.ifPresent(
          text -> {
            if (!InterfaceName.safe(text)) {
              throw new IllegalArgumentException("not a name that can be pinned: " + text);
            }
          });
      mac.ifPresent(
          text -> {
            if (!Hardware.mac(text).equals(Optional.of(text))) {
              throw new IllegalArgumentException("not a hardware address: " + text);
            }
          });
    }
  }

  public MachineCards {
    Objects.requireNonNull(cards, "cards");
    cards = List.copyOf(cards);
    if (!known && !cards.isEmpty()) {
      throw new IllegalArgumentException("cards that are not known");
    }
  }

  /** A machine with so many cards; 0 when the number is not known. */
  public static MachineCards ofCount(int cards) {
    if (cards < 0) {
      throw new IllegalArgumentException("cards is negative: " + cards);
    }
    return new MachineCards(cards > 0, Collections.nCopies(cards, Card.ANY));
  }

  /** Whether the address of every card is known, and no two are the same. */
  boolean everyAddressKnown() {
    Set<String> seen = new HashSet<>();
    return known && cards.stream().allMatch(card -> card.mac().filter(seen::add).isPresent());
  }

  /**
   * The number of the one card that was at this place of the old machine's bus, from 0; empty when
   * there is none, or several.
   */
  OptionalInt numberAt(BusPlace place) {
    OptionalInt found = OptionalInt.empty();
    for (int i = 0; i < cards.size(); i++) {
      if (cards.get(i).place().filter(place::isSame).isPresent()) {
        if (found.isPresent()) {
          return OptionalInt.empty();
        }
        found = OptionalInt.of(i);
      }
    }
    return found;
  }

  /**
   * The cards' places on the old machine's bus as words, if a later card is known to come before an
   * earlier one there.
   */
  Optional<String> crossedPlaces() {
    List<BusPlace> known = cards.stream().flatMap(card -> card.place().stream()).toList();
    for (int i = 1; i < known.size(); i++) {
      BusPlace later = known.get(i);
      boolean crossed =
          known.subList(0, i).stream().anyMatch(place -> place.compare(later).orElse(0) > 0);
      if (crossed) {
        return Optional.of(String.join(", ", known.stream().map(BusPlace::toString).toList()));
      }
    }
    return Optional.empty();
  }

  /** The place of the card with that address, from 0. */
  OptionalInt placeOf(String mac) {
    for (int i = 0; i < cards.size(); i++) {
      if (cards.get(i).mac().equals(Optional.of(mac))) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
