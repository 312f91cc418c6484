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
 * @param absent what the configuration has for cards that the machine does not have
 * @param failure why the order cannot be told; {@code position} is empty then
 */
public record CardOrder(
    List<String> names,
    Map<String, Integer> position,
    AbsentCards absent,
    Optional<String> failure) {

  public CardOrder {
    names = List.copyOf(names);
    // In this order, so that the first of several conflicts is told, always the same one.
    position = Collections.unmodifiableMap(new LinkedHashMap<>(position));
  }

  CardOrder(List<String> names, Map<String, Integer> position) {
    this(names, position, AbsentCards.NONE, Optional.empty());
  }

  /** The order; warnings of what had to be assumed go to the survey's findings. */
  public static CardOrder of(Survey survey, GuestTraits traits) {
    List<String> names = survey.cards();
    for (String name : names) {
      Hardware.macOfName(name).ifPresent(mac -> survey.addresses().pin(name, mac));
    }
    if (traits.machine().known() && traits.cards() == 0 && !names.isEmpty()) {
      survey
          .findings()
          .warning(
              "the machine has no network card, and the guest configures %s: the names are pinned for cards that it may get"
                  .formatted(String.join(", ", names)));
    }
    if (names.size() > GuestTraits.MAX_CARDS) {
      return unknown(
          names.subList(0, GuestTraits.MAX_CARDS),
          "the configuration names %d network cards".formatted(names.size()));
    }
    CardOrder order =
        traits.cards() > 0 ? new CardMatch(survey, traits).order(names) : ofNames(names, survey);
    return checked(order, traits);
  }

  /** As far as the guest alone tells it; nothing says how many cards there are. */
  private static CardOrder ofNames(List<String> names, Survey survey) {
    Map<String, Integer> known = known(names, survey);
    if (!names.isEmpty() && known.size() == names.size()) {
      return new CardOrder(byPosition(known), known);
    }
    if (names.isEmpty()) {
      warnOfOneAddress(survey);
      return new CardOrder(names, Map.of());
    }
    if (survey.namelessCards() > 0) {
      return unknown(
          names,
          "some cards are configured by name (%s), others by hardware address or place only"
              .formatted(String.join(", ", names)));
    }
    if (names.size() == 1 && survey.catchAll().isEmpty()) {
      return new CardOrder(names, Map.of());
    }
    NameOrder told = NameOrder.of(names, survey);
    if (told.sorted().isEmpty()) {
      return unknown(names, told.problem());
    }
    CardOrder order = NameOrder.numbered(told.sorted().get());
    if (!NameOrder.withoutGap(order.names)) {
      return unknown(
          order.names,
          "the configuration names %s, and whether the cards between them exist cannot be told"
              .formatted(String.join(", ", order.names)));
    }
    Optional<String> conflict = conflict(order, survey);
    if (conflict.isPresent()) {
      return unknown(names, conflict.get());
    }
    if (survey.namesAreKept()) {
      survey
          .catchAll()
          .ifPresent(
              path ->
                  survey
                      .findings()
                      .warning(
                          "%s is for any card, so the machine may have more cards than the names %s: these are pinned to its first card(s); if that is not so, name all cards in load.network_cards"
                              .formatted(path, String.join(", ", order.names))));
    }
    return order;
  }

  /** One file knows its card by an address, another one is for any card. */
  private static void warnOfOneAddress(Survey survey) {
    if (survey.namesAreKept() && survey.namelessCards() == 1) {
      survey
          .catchAll()
          .ifPresent(
              path ->
                  survey
                      .findings()
                      .warning(
                          "%s is for any card, beside a file for one card by its address or place, which is now for any card, too; if the machine has several cards, name them all in load.network_cards"
                              .formatted(path)));
    }
  }

  private static Optional<String> conflict(CardOrder order, Survey survey) {
    for (Map.Entry<String, Integer> entry : order.position.entrySet()) {
      int position = survey.knownPositions().getOrDefault(entry.getKey(), entry.getValue());
      if (position != entry.getValue()) {
        return Optional.of(
            "a pin gives %s to card %d, the names say card %d"
                .formatted(entry.getKey(), position + 1, entry.getValue() + 1));
      }
    }
    return Optional.empty();
  }

  /** Whether the machine has one card as far as the configuration knows. */
  boolean single() {
    return position.isEmpty() && failure.isEmpty() && names.size() <= 1;
  }

  static CardOrder unknown(List<String> names, String why) {
    return new CardOrder(names, Map.of(), AbsentCards.NONE, Optional.of(why));
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

  static List<String> byPosition(Map<String, Integer> position) {
    List<String> sorted = new ArrayList<>(position.keySet());
    sorted.sort(Comparator.comparing(position::get));
    return sorted;
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
