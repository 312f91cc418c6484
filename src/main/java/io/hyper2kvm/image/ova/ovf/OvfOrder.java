package io.hyper2kvm.image.ova.ovf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The machine's order of its disks: by the kind of controller, by the controller's address, then by
 * the place on it. Where places are missing, or two are the same, the lines of the description
 * decide among those they concern.
 */
final class OvfOrder {

  /** The line of a disk, or the rank that a number of the description gives it. */
  private final List<OvfDisk> lines;

  private final Map<OvfController, Integer> controllers = new HashMap<>();
  private final Map<OvfDisk, Integer> units = new HashMap<>();

  private OvfOrder(List<OvfDisk> lines) {
    this.lines = lines;
    Map<OvfController.Kind, List<OvfController>> kinds = new LinkedHashMap<>();
    lines.stream()
        .flatMap(disk -> disk.controller().stream())
        .distinct()
        .forEach(c -> kinds.computeIfAbsent(c.kind(), kind -> new ArrayList<>()).add(c));
    kinds.values().forEach(group -> rank(group, OvfController::number, controllers));
    Map<Optional<OvfController>, List<OvfDisk>> attached = new LinkedHashMap<>();
    lines.forEach(
        disk -> attached.computeIfAbsent(disk.controller(), c -> new ArrayList<>()).add(disk));
    attached.values().forEach(group -> rank(group, OvfDisk::unit, units));
  }

  /**
   * Puts disks in their machine's order.
   *
   * @param lines the disks as their items follow each other
   */
  static List<OvfDisk> of(List<OvfDisk> lines) {
    long placed = lines.stream().filter(disk -> disk.controller().isPresent()).count();
    // One whose controller is not known may stand anywhere among the others.
    return placed != 0 && placed != lines.size() ? lines : new OvfOrder(lines).sorted();
  }

  private List<OvfDisk> sorted() {
    Comparator<OvfDisk> byKind =
        Comparator.comparingInt(disk -> disk.controller().map(c -> c.kind().ordinal()).orElse(0));
    return lines.stream()
        .sorted(
            byKind
                .thenComparingInt(disk -> disk.controller().map(controllers::get).orElse(0))
                .thenComparingInt(units::get))
        .toList();
  }

  /** By the numbers when each has one of its own, else as they come. */
  private static <T> void rank(
      List<T> group, Function<T, OptionalInt> number, Map<T, Integer> ranks) {
    boolean numbered = areDistinct(group.stream().map(number));
    for (T one : group) {
      ranks.put(one, numbered ? number.apply(one).getAsInt() : ranks.size());
    }
  }

  private static boolean areDistinct(Stream<OptionalInt> numbers) {
    Set<Integer> seen = new HashSet<>();
    return numbers.allMatch(number -> number.isPresent() && seen.add(number.getAsInt()));
  }
}
