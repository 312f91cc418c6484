package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Problems;
import io.hyper2kvm.manifest.schedule.DailyWindow;
import io.hyper2kvm.manifest.schedule.Schedule;
import io.hyper2kvm.manifest.schedule.TimeText;
import io.hyper2kvm.text.NearestWord;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A schedule names a window that there is: two times of day, or moments with their offsets in their
 * order.
 */
public final class ScheduleRule implements ManifestRule {

  private static final String FROM = "not_before";
  private static final String UNTIL = "not_after";
  private static final String ZONE = "time_zone";
  private static final List<String> KEYS = List.of(FROM, UNTIL, ZONE);

  @Override
  public void check(Draft draft, Problems problems) {
    draft
        .root()
        .field("schedule")
        .filter(node -> node.is(Node.Kind.OBJECT))
        .ifPresent(schedule -> read(schedule, problems));
  }

  /**
   * The schedule of a manifest's root.
   *
   * @return any time, also where what is written is no schedule
   */
  public static Schedule of(Node root) {
    return root.field("schedule")
        .filter(node -> node.is(Node.Kind.OBJECT))
        .flatMap(schedule -> read(schedule, new Problems()))
        .orElse(Schedule.ANY_TIME);
  }

  private static Optional<Schedule> read(Node schedule, Problems problems) {
    Optional<Node> from = schedule.field(FROM);
    Optional<Node> until = schedule.field(UNTIL);
    if (from.isEmpty() && until.isEmpty()) {
      if (hasUnknownKey(schedule)) {
        return Optional.empty(); // One of these may be meant, and is a problem already.
      }
      problems.at(
          schedule,
          schedule.shown(),
          "schedule must have \"not_before\", \"not_after\" or both",
          "Remove schedule if the VMs may begin at any time.");
      return Optional.empty();
    }
    Optional<TimeText> first = from.flatMap(node -> time(node, problems));
    Optional<TimeText> last = until.flatMap(node -> time(node, problems));
    Optional<ZoneId> zone = schedule.field(ZONE).flatMap(node -> zone(node, problems));
    boolean malformed =
        first.isPresent() != from.isPresent()
            || last.isPresent() != until.isPresent()
            || zone.isPresent() != schedule.field(ZONE).isPresent();
    if (malformed) {
      return Optional.empty();
    }
    boolean ofDay = first.or(() -> last).orElseThrow().ofDay().isPresent();
    return ofDay
        ? daily(schedule, first, last, zone, problems)
        : span(schedule, first, last, problems);
  }

  private static Optional<Schedule> daily(
      Node schedule,
      Optional<TimeText> first,
      Optional<TimeText> last,
      Optional<ZoneId> zone,
      Problems problems) {
    if (first.isEmpty() || last.isEmpty()) {
      if (hasUnknownKey(schedule)) {
        return Optional.empty();
      }
      Node written = schedule.field(first.isPresent() ? FROM : UNTIL).orElseThrow();
      problems.at(
          written,
          written.shown(),
          "a window of each day needs both \"not_before\" and \"not_after\"",
          "Add %s with a time of day.".formatted(first.isPresent() ? UNTIL : FROM));
      return Optional.empty();
    }
    if (last.get().ofDay().isEmpty()) {
      return mixed(schedule, problems);
    }
    if (first.get().ofDay().equals(last.get().ofDay())) {
      Node written = schedule.field(UNTIL).orElseThrow();
      problems.at(
          written,
          written.shown(),
          "not_after must differ from not_before",
          "Remove schedule if the VMs may begin at any time.");
      return Optional.empty();
    }
    return Optional.of(
        Schedule.each(
            new DailyWindow(
                first.get().ofDay().orElseThrow(), last.get().ofDay().orElseThrow(), zone)));
  }

  private static Optional<Schedule> span(
      Node schedule, Optional<TimeText> first, Optional<TimeText> last, Problems problems) {
    if (last.filter(time -> time.ofDay().isPresent()).isPresent()) {
      return mixed(schedule, problems);
    }
    Optional<Node> zone = schedule.field(ZONE);
    if (zone.isPresent()) {
      problems.at(
          zone.get(),
          zone.get().shown(),
          "time_zone is for times of day; a time with an offset needs none",
          "Remove time_zone.");
      return Optional.empty();
    }
    var from = first.flatMap(TimeText::moment);
    var until = last.flatMap(TimeText::moment);
    if (from.isPresent()
        && until.isPresent()
        && !from.get().toInstant().isBefore(until.get().toInstant())) {
      Node written = schedule.field(UNTIL).orElseThrow();
      problems.at(
          written,
          written.shown(),
          "not_after must be later than not_before, found %s".formatted(written.shown()));
      return Optional.empty();
    }
    return Optional.of(new Schedule(from, until, Optional.empty()));
  }

  private static Optional<Schedule> mixed(Node schedule, Problems problems) {
    Node written = schedule.field(UNTIL).orElseThrow();
    problems.at(
        written,
        written.shown(),
        "not_before and not_after must both be times of day, or both times with an offset",
        "Write both in the same form.");
    return Optional.empty();
  }

  private static boolean hasUnknownKey(Node schedule) {
    return schedule.fields().keySet().stream()
        .anyMatch(key -> !KEYS.contains(key) && !key.startsWith("x-"));
  }

  private static Optional<TimeText> time(Node node, Problems problems) {
    Optional<String> text = node.asText();
    if (text.isEmpty()) {
      return Optional.empty(); // The schema's problem.
    }
    try {
      return Optional.of(TimeText.parse(text.get()));
    } catch (TimeText.MalformedException e) {
      String message = "%s, found %s".formatted(e.getMessage(), node.shown());
      problems.add(node.pointer(), node.at(), node.shown(), message, e.suggestion());
      return Optional.empty();
    }
  }

  private static Optional<ZoneId> zone(Node node, Problems problems) {
    Optional<String> text = node.asText();
    if (text.isEmpty()) {
      return Optional.empty(); // The schema's problem.
    }
    if (ZoneId.getAvailableZoneIds().contains(text.get())) {
      return Optional.of(ZoneId.of(text.get()));
    }
    List<String> known = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    problems.add(
        node.pointer(),
        node.at(),
        node.shown(),
        "must be the name of a time zone such as \"Europe/Berlin\" or \"UTC\", found "
            + node.shown(),
        NearestWord.among(known, text.get()).map("Did you mean \"%s\"?"::formatted));
    return Optional.empty();
  }
}
