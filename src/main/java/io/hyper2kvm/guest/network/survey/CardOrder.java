package io.hyper2kvm.guest.network.survey;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which of the machine's virtio cards gets which name.
 *
 * <p>The kernel numbers the cards of one driver in the order of their places on the bus, which is
 * the order in which the machine's definition lists them: the n-th card is {@code eth<n>} until
 * udev renames it.
 *
 * @param names the names in the order of the cards
 * @param position number of the card for each name, from 0; empty when there is just one card,
 *     which then needs no number
 * @param failure why the order cannot be told; {@code position} is empty then
 */
public record CardOrder(
    List<String> names, Map<String, Integer> position, Optional<String> failure) {

  public CardOrder {
    names = List.copyOf(names);
    // In this order, so that the first of several conflicts is told, always the same one.
    position = Collections.unmodifiableMap(new LinkedHashMap<>(position));
  }

  public static CardOrder of(Survey survey, GuestTraits traits) {
    List<String> names = survey.cards();
    int cards = traits.cards();
    if (names.size() > GuestTraits.MAX_CARDS) {
      return unknown(
          names.subList(0, GuestTraits.MAX_CARDS),
          "the configuration names %d network cards".formatted(names.size()));
    }
    if (cards > 0 && names.size() > cards) {
      List<String> active = names.stream().filter(survey::active).toList();
      if (active.size() != cards) {
        return unknown(
            names,
            "the machine has %d network card(s), the configuration names %s"
                .formatted(cards, String.join(", ", names)));
      }
      names = active;
    }
    Map<String, Integer> known = known(names, survey);
    if (!names.isEmpty() && known.size() == names.size()) {
      return checked(new CardOrder(byPosition(names, known), known, Optional.empty()), traits);
    }
    if (names.size() <= 1 && cards <= 1 && (cards == 1 || noOtherCard(names, survey))) {
      return new CardOrder(names, Map.of(), Optional.empty());
    }
    if (names.isEmpty()) {
      return new CardOrder(names, Map.of(), Optional.empty());
    }
    if (cards == 0 && survey.namelessCards() > 0) {
      return unknown(
          names,
          "some cards are configured by name (%s), others by hardware address only"
              .formatted(String.join(", ", names)));
    }
    CardOrder order = ordered(names, survey, cards);
    for (Map.Entry<String, Integer> entry : order.position.entrySet()) {
      int position = survey.knownPositions().getOrDefault(entry.getKey(), entry.getValue());
      if (position != entry.getValue()) {
        return unknown(
            names,
            "a pin gives %s to card %d, the names say card %d"
                .formatted(entry.getKey(), position + 1, entry.getValue() + 1));
      }
    }
    return checked(order, traits);
  }

  /** Whether the machine has one card as far as the configuration knows. */
  boolean single() {
    return position.isEmpty() && failure.isEmpty() && names.size() <= 1;
  }

  private static boolean noOtherCard(List<String> names, Survey survey) {
    return names.size() + survey.namelessCards() <= 1;
  }

  private static CardOrder unknown(List<String> names, String why) {
    return new CardOrder(names, Map.of(), Optional.of(why));
  }

  private static Map<String, Integer> known(List<String> names, Survey survey) {
    Map<String, Integer> known = new LinkedHashMap<>();
    for (String name : names) {
      Integer position = survey.knownPositions().get(name);
      if (position != null && !known.containsValue(position)) {
        known.put(name, position);
      }
    }
    return known;
  }

  private static List<String> byPosition(List<String> names, Map<String, Integer> position) {
    List<String> sorted = new ArrayList<>(names);
    sorted.sort(Comparator.comparing(position::get));
    return sorted;
  }

  private static CardOrder ordered(List<String> names, Survey survey, int cards) {
    BusOrder.Order byPlace = survey.busOrder().order(names, NameScheme.sort(names));
    if (byPlace.problem().isPresent()) {
      return unknown(names, byPlace.problem().get());
    }
    byPlace.assumed().ifPresent(survey.findings()::warning);
    if (byPlace.sorted().isPresent() && cards <= names.size()) {
      return numbered(byPlace.sorted().get());
    }
    List<String> pinned = survey.pinnedNames();
    Optional<List<String>> byNumber = NameScheme.sort(names, NameScheme.KERNEL);
    if (byNumber.isPresent()) {
      return kernelNames(byNumber.get(), cards);
    }
    if (cards > names.size()) {
      return unknown(
          names,
          "the machine has %d network cards, the configuration names only %s, and which of the cards that is cannot be told"
              .formatted(cards, String.join(", ", names)));
    }
    Optional<List<String>> sorted = NameScheme.sort(names);
    if (sorted.isEmpty() && pinned.containsAll(names)) {
      sorted = Optional.of(pinned.stream().filter(names::contains).toList());
      assumed(sorted.get(), "of the pins that named them", survey);
    } else if (names.stream().allMatch(NameScheme.BIOS_SLOT::matches)) {
      assumed(sorted.orElse(names), "of the slots that they name", survey);
    }
    if (sorted.isEmpty()) {
      return unknown(
          names,
          "the names %s do not tell the order of the cards, and nothing else in the guest does"
              .formatted(String.join(", ", names)));
    }
    return numbered(sorted.get());
  }

  private static void assumed(List<String> sorted, String why, Survey survey) {
    survey
        .findings()
        .warning(
            "the network cards are taken in the order %s, which is that %s; compare with the old machine's cards"
                .formatted(String.join(", ", sorted), why));
  }

  /** {@code eth<n>} is a number already, unless the configuration leaves numbers out. */
  private static CardOrder kernelNames(List<String> sorted, int cards) {
    List<Long> numbers = sorted.stream().map(NameScheme::lastNumber).toList();
    long highest = numbers.get(numbers.size() - 1);
    boolean withoutGap = highest == sorted.size() - 1L;
    if (withoutGap || cards == sorted.size()) {
      return numbered(sorted);
    }
    if (highest < cards) {
      Map<String, Integer> position = new LinkedHashMap<>();
      sorted.forEach(name -> position.put(name, (int) NameScheme.lastNumber(name)));
      return new CardOrder(sorted, position, Optional.empty());
    }
    return unknown(
        sorted,
        "the configuration names %s, and whether the cards between them exist cannot be told"
            .formatted(String.join(", ", sorted)));
  }

  private static CardOrder numbered(List<String> sorted) {
    Map<String, Integer> position = new LinkedHashMap<>();
    sorted.forEach(name -> position.put(name, position.size()));
    return new CardOrder(sorted, position, Optional.empty());
  }

  /** udev cannot give a card a name that the kernel has given to another one. */
  private static CardOrder checked(CardOrder order, GuestTraits traits) {
    if (order.failure.isPresent()) {
      return order;
    }
    if (new HashSet<>(order.position.values()).size() != order.position.size()) {
      return unknown(order.names, "two names stand for one card");
    }
    int cards = Math.max(traits.cards(), order.names.size());
    for (String name : order.crossing(cards)) {
      int number = (int) NameScheme.lastNumber(name);
      if (traits.naming() != CardNaming.EXCHANGING_RULES) {
        return unknown(
            order.names,
            ("card %d should be %s, a name that the kernel gives to another card first, and the"
                    + " guest's udev cannot exchange names; give the new machine its cards in the"
                    + " order of their names (%s), each on its network, and say so in"
                    + " load.network_cards")
                .formatted(
                    order.position.get(name) + 1, name, String.join(", ", byName(order.names))));
      }
      if (!order.position.containsValue(number)) {
        return unknown(
            order.names,
            "card %d should be %s, which is the name of card %d, and that one gets no other name"
                .formatted(order.position.get(name) + 1, name, number + 1));
      }
    }
    return order;
  }

  /** The names that the kernel gives to another one of so many cards first. */
  private List<String> crossing(int cards) {
    return position.entrySet().stream()
        .filter(entry -> NameScheme.KERNEL.matches(entry.getKey()))
        .filter(entry -> NameScheme.lastNumber(entry.getKey()) != entry.getValue())
        .filter(entry -> NameScheme.lastNumber(entry.getKey()) < cards)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether a card gets a name that the kernel gives to another card. */
  public boolean crosses() {
    return !crossing(names.size()).isEmpty();
  }

  /** As the kernel numbers them, those without such a number in the gaps. */
  private static List<String> byName(List<String> names) {
    List<String> sorted = new ArrayList<>(names);
    sorted.sort(Comparator.comparing(NameScheme.KERNEL::matches).reversed());
    List<String> kernel = sorted.stream().filter(NameScheme.KERNEL::matches).toList();
    List<String> others = new ArrayList<>(sorted.subList(kernel.size(), sorted.size()));
    List<String> ordered = new ArrayList<>(kernel);
    ordered.sort(Comparator.comparing(NameScheme::lastNumber));
    for (int i = 0; i < ordered.size() && !others.isEmpty(); i++) {
      if (NameScheme.KERNEL.matches(ordered.get(i)) && NameScheme.lastNumber(ordered.get(i)) > i) {
        ordered.add(i, others.remove(0));
      }
    }
    ordered.addAll(others);
    return ordered;
  }
}
