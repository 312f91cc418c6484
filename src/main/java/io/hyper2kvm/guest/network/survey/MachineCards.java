package io.hyper2kvm.guest.network.survey;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
   * @param model as the description calls it, such as {@code VmxNet3}; may be empty
   */
  public record Card(
      Optional<String> name,
      Optional<String> mac,
      boolean connected,
      Optional<BusPlace> place,
      String model) {

    /** VMware's cards on its old bus, which comes before the bridges that hold the others. */
    private static final Set<String> OLD_BUS =
        Set.of("e1000", "pcnet32", "flexible", "vmxnet", "vmxnet2");

    private static final Set<String> BRIDGED = Set.of("vmxnet3", "e1000e");

    /** A card of which nothing is known. */
    public static final Card ANY = new Card(Optional.empty(), Optional.empty(), true);

    /** A card whose place is not known. */
    public Card(Optional<String> name, Optional<String> mac, boolean connected) {
      this(name, mac, connected, Optional.empty(), "");
    }

    /** Whether this one is known to come behind another one on the old machine's bus. */
    private boolean behind(Card other) {
      return place.isPresent() && other.place.isPresent()
          ? place.get().compare(other.place.get()).orElse(0) > 0
          : BRIDGED.contains(model.toLowerCase(Locale.ROOT))
              && OLD_BUS.contains(other.model.toLowerCase(Locale.ROOT));
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
   * Where the cards were on the old machine's bus, or else their models, if a later card is known
   * to come before an earlier one there.
   */
  Optional<String> crossedPlaces() {
    for (int i = 1; i < cards.size(); i++) {
      Card later = cards.get(i);
      if (cards.subList(0, i).stream().anyMatch(card -> card.behind(later))) {
        return Optional.of(
            String.join(
                ", ",
                cards.stream()
                    .map(card -> card.place().map(BusPlace::toString).orElse(card.model()))
                    .toList()));
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
