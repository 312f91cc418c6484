package io.hyper2kvm.image.hardware;

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
public final class HardwareOrder {

  private final List<HardwareDisk> lines;

  /** The rank of each among those of its kind. */
  private final Map<HardwareController, Integer> controllers = new HashMap<>();

  /** The rank of each among those of its controller. */
  private final Map<HardwareDisk, Integer> units = new HashMap<>();

  private HardwareOrder(List<HardwareDisk> lines) {
    this.lines = lines;
    Map<HardwareController.Kind, List<HardwareController>> kinds = new LinkedHashMap<>();
    lines.stream()
        .flatMap(disk -> disk.controller().stream())
        .distinct()
        .forEach(c -> kinds.computeIfAbsent(c.kind(), kind -> new ArrayList<>()).add(c));
    kinds.values().forEach(group -> rank(group, HardwareController::number, controllers));
    Map<Optional<HardwareController>, List<HardwareDisk>> attached = new LinkedHashMap<>();
    lines.forEach(
        disk -> attached.computeIfAbsent(disk.controller(), c -> new ArrayList<>()).add(disk));
    attached.values().forEach(group -> rank(group, HardwareDisk::unit, units));
  }

  /**
   * Puts disks in their machine's order.
   *
   * @param lines the disks as their items follow each other
   */
  public static List<HardwareDisk> of(List<HardwareDisk> lines) {
    long placed = lines.stream().filter(disk -> disk.controller().isPresent()).count();
    // One whose controller is not known may stand anywhere among the others.
    return placed != 0 && placed != lines.size() ? lines : new HardwareOrder(lines).sorted();
  }

  private List<HardwareDisk> sorted() {
    Comparator<HardwareDisk> byKind =
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
