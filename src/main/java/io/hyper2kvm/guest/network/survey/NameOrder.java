package io.hyper2kvm.guest.network.survey;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The order of cards that their names alone tell. */
final class NameOrder {

  private NameOrder() {}

  /**
   * The names in the order of their cards; empty when neither they nor old pins tell it.
   *
   * @param pinned the names that old pins give, in the order of the pins
   */
  static Optional<List<String>> of(List<String> names, List<String> pinned) {
    Optional<List<String>> sorted = NameScheme.sort(names, NameScheme.KERNEL);
    if (sorted.isEmpty()) {
      sorted = NameScheme.sort(names);
    }
    if (sorted.isEmpty() && pinned.containsAll(names)) {
      sorted = Optional.of(pinned.stream().filter(names::contains).toList());
    }
    return sorted;
  }

  static CardOrder numbered(List<String> sorted) {
    Map<String, Integer> position = new LinkedHashMap<>();
    sorted.forEach(name -> position.put(name, position.size()));
    return new CardOrder(sorted, position);
  }

  /** Whether kernel names, in their order, leave out no number; other names have no such gaps. */
  static boolean withoutGap(List<String> sorted) {
    return !sorted.stream().allMatch(NameScheme.KERNEL::matches)
        || NameScheme.lastNumber(sorted.get(sorted.size() - 1)) == sorted.size() - 1L;
  }
}
