package io.hyper2kvm.guest.network.survey;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The order of cards that the guest tells: by their old places, their names, or old pins.
 *
 * @param sorted the names in the order of their cards; empty when nothing tells it
 * @param problem why nothing tells it; empty otherwise
 */
record NameOrder(Optional<List<String>> sorted, String problem) {

  /** The order of the cards with these names; what it rests on may be a warning. */
  static NameOrder of(List<String> names, Survey survey) {
    Optional<List<String>> byName = NameScheme.sort(names);
    BusOrder.Order byPlace = survey.busOrder().order(names, byName);
    if (byPlace.problem().isPresent()) {
      return new NameOrder(Optional.empty(), byPlace.problem().get());
    }
    if (byPlace.sorted().isPresent()) {
      byPlace.assumed().ifPresent(text -> warn(text, survey));
      return new NameOrder(byPlace.sorted(), "");
    }
    if (byName.isPresent()) {
      if (names.stream().allMatch(NameScheme.BIOS_SLOT::matches)) {
        assumed(byName.get(), "of the slots that they name", survey);
      }
      return new NameOrder(byName, "");
    }
    List<String> pinned = survey.pinnedNames();
    if (pinned.containsAll(names)) {
      List<String> byPin = pinned.stream().filter(names::contains).toList();
      assumed(byPin, "of the pins that named them", survey);
      return new NameOrder(Optional.of(byPin), "");
    }
    return new NameOrder(
        Optional.empty(),
        "the names %s do not tell the order of the cards, and nothing else in the guest does"
            .formatted(String.join(", ", names)));
  }

  /**
   * The order that places or names tell of cards that have got their names otherwise; empty when
   * they tell none.
   */
  static Optional<List<String>> told(List<String> names, Survey survey) {
    Optional<List<String>> byName = NameScheme.sort(names);
    return survey.busOrder().order(names, byName).sorted().or(() -> byName);
  }

  private static void assumed(List<String> sorted, String why, Survey survey) {
    if (sorted.size() < 2) {
      return;
    }
    warn(
        "the network cards are taken in the order %s, which is that %s; compare with the old machine's cards"
            .formatted(String.join(", ", sorted), why),
        survey);
  }

  private static void warn(String text, Survey survey) {
    if (survey.namesAreKept()) {
      survey.findings().warning(text);
    }
  }

  static CardOrder numbered(List<String> sorted) {
    Map<String, Integer> position = new LinkedHashMap<>();
    sorted.forEach(name -> position.put(name, position.size()));
    return new CardOrder(sorted, position);
  }

  /** Whether kernel names leave out no number; other names have no such gaps. */
  static boolean withoutGap(List<String> names) {
    return !names.stream().allMatch(NameScheme.KERNEL::matches)
        || names.stream().mapToLong(NameScheme::lastNumber).max().orElse(0) == names.size() - 1L;
  }
}
