package io.hyper2kvm.image.ova.ovf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The machine's order of its disks: by the kind of controller, by the controller's address, then by
 * the place on it. Where places are missing, or two are the same, the lines of the description
 * decide among those they concern.
 */
final class OvfOrder {

  private final List<OvfDisk> lines;

  /** The rank of each among those of its kind. */
  private final Map<OvfController, Integer> controllers = new HashMap<>();

  /** The rank of each among those of its controller. */
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

  /** By the numbers when each has one, those of one number as they come; else all as they come. */
  private static <T> void rank(
      List<T> group, Function<T, OptionalInt> number, Map<T, Integer> ranks) {
    boolean numbered = group.stream().map(number).allMatch(OptionalInt::isPresent);
    List<T> sorted = new ArrayList<>(group);
    if (numbered) {
      sorted.sort(Comparator.comparingInt(one -> number.apply(one).getAsInt()));
    }
    sorted.forEach(one -> ranks.put(one, ranks.size()));
  }
}
