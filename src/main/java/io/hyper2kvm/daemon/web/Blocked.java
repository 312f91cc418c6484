package io.hyper2kvm.daemon.web;

import io.hyper2kvm.manifest.schedule.Schedule;
import io.hyper2kvm.manifest.schedule.ScheduleState;
import io.hyper2kvm.report.LiveView;
import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.text.Printable;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why manifests do not go on, with what ends it. */
final class Blocked {

  static final String SPACE = "space";
  static final String REPORT_SPACE = "report_space";

  private static final int MOST_NAMED = 20;

  private final DaemonFacts facts;
  private final Clock clock;

  Blocked(DaemonFacts facts, Clock clock) {
    this.facts = facts;
    this.clock = clock;
  }

  /** Why every manifest in the drop zone waits; empty if the next look takes one. */
  Optional<Map<String, Object>> all() {
    return refused().or(this::limit);
  }

  private Optional<Map<String, Object>> refused() {
    if (facts.isStopping()) {
      return of("stop", "the daemon is being stopped", "It is taken when a daemon starts again.");
    }
    if (facts.isDraining()) {
      return of(
          "drain",
          "the daemon was drained: nothing new begins",
          "End the drain to go on, here or by hyper2kvm resume.");
    }
    return Optional.empty();
  }

  private Optional<Map<String, Object>> limit() {
    return facts.freePlaces() > 0
        ? Optional.empty()
        : of(
            "limit",
            "as many manifests are at work as max_manifests_in_flight allows",
            "It is taken when one of them has ended.");
  }

  /**
   * Why a manifest in the drop zone waits.
   *
   * @param file its name there
   */
  Optional<Map<String, Object>> waiting(String file) {
    Schedule schedule = facts.timing(file).schedule();
    return refused()
        .or(
            () ->
                beginsAt(file)
                    .flatMap(
                        at ->
                            of(
                                "schedule",
                                "its VMs may begin %s, next at %s"
                                    .formatted(schedule.text(), time(at)),
                                "It is taken then; to begin earlier, correct schedule in the"
                                    + " manifest.")))
        .or(this::limit);
  }

  /** When the schedule of a manifest in the drop zone lets it be taken; empty if it does now. */
  Optional<Instant> beginsAt(String file) {
    ScheduleState state = facts.timing(file).schedule().at(clock.instant(), clock.getZone());
    return state.isClosed() ? state.change() : Optional.empty();
  }

  private String time(Instant at) {
    return ReportJson.timestamp(at.atZone(clock.getZone()).toOffsetDateTime());
  }

  /** Why a manifest at work does not go on. */
  Optional<Map<String, Object>> of(LiveView running) {
    List<String> space = waitFor(running, SPACE);
    if (!space.isEmpty()) {
      return of(
          SPACE,
          "%d VMs wait for space that other VMs have reserved: %s"
              .formatted(
                  space.size(),
                  String.join(", ", space.subList(0, Math.min(MOST_NAMED, space.size())))),
          "They go on when others have ended; or free space in the output and work folders.");
    }
    int drained = waitFor(running, "drain").size();
    if (drained > 0) {
      return of(
          "drain",
          "%d VMs do not begin: the daemon was drained".formatted(drained),
          "End the drain to go on, here or by hyper2kvm resume.");
    }
    int scheduled = waitFor(running, "schedule").size();
    if (scheduled > 0) {
      return of(
          "schedule",
          "%d VMs do not begin outside of the manifest's schedule%s"
              .formatted(
                  scheduled,
                  running
                      .beginsAt()
                      .map(at -> "; it lets them begin at " + ReportJson.timestamp(at))
                      .orElse("")),
          "They begin then; hyper2kvm cancel ends the manifest instead.");
    }
    if (running.vms().isEmpty() && facts.reportsWait().isPresent()) {
      return of(
          REPORT_SPACE,
          "its report may wait for space: " + facts.reportsWait().get(),
          "Free space in the workflow directory.");
    }
    return Optional.empty();
  }

  private static List<String> waitFor(LiveView running, String what) {
    return running.vms().stream()
        .filter(vm -> vm.waitingFor().filter(what::equals).isPresent())
        .map(vm -> Printable.of(vm.name()))
        .toList();
  }

  private static Optional<Map<String, Object>> of(String reason, String detail, String hint) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("reason", reason);
    json.put("detail", detail);
    json.put("hint", hint);
    return Optional.of(json);
  }
}
