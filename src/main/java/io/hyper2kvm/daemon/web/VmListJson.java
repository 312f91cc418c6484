package io.hyper2kvm.daemon.web;

import io.hyper2kvm.report.EndView;
import io.hyper2kvm.report.LiveView;
import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.report.ScreenFiles;
import io.hyper2kvm.report.StageName;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The VMs of a manifest with their five stages. */
final class VmListJson {

  /** A batch may have more; a page that shows them all would not be read. */
  static final int MOST_VMS = 5_000;

  private static final int MOST_WARNINGS = 200;
  private static final List<String> STAGES =
      Stream.of(StageName.values()).map(StageName::text).toList();

  private final Clock clock;

  VmListJson(Clock clock) {
    this.clock = clock;
  }

  /** Those of a manifest at work. */
  List<Map<String, Object>> live(LiveView live) {
    return live.vms().stream().limit(MOST_VMS).map(this::live).toList();
  }

  private Map<String, Object> live(LiveView.Vm vm) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", vm.name());
    json.put("status", vm.status());
    json.put("stages", liveStages(vm));
    if (!vm.ended()) {
      vm.stage().ifPresent(stage -> json.put("stage", stage));
      vm.percent().ifPresent(percent -> json.put("percent", percent));
      vm.bytesPerSecond().ifPresent(speed -> json.put("bytes_per_second", Math.round(speed)));
      secondsLeft(vm).ifPresent(seconds -> json.put("seconds_left", Math.round(seconds)));
      vm.waitingFor().ifPresent(what -> json.put("waiting_for", what));
      vm.endsAt()
          .map(end -> ReportJson.seconds(Duration.between(clock.instant(), end.toInstant())))
          .ifPresent(left -> json.put("expected_seconds_left", Math.max(0, Math.rint(left))));
      vm.expectedFrom().ifPresent(vms -> json.put("expected_from_vms", vms));
    }
    putTimes(json, vm.startedAt(), vm.completedAt());
    vm.code().ifPresent(code -> json.put("code", code));
    json.put("outputs", List.of());
    json.put("warnings", List.of());
    json.put("screen", false);
    return json;
  }

  /** A live status tells of the current stage; the ones before it were done or not asked for. */
  private List<Map<String, Object>> liveStages(LiveView.Vm vm) {
    int at = STAGES.indexOf(vm.stage().orElse(""));
    List<Map<String, Object>> stages = new ArrayList<>();
    for (int i = 0; i < STAGES.size(); i++) {
      Map<String, Object> stage = new LinkedHashMap<>();
      stage.put("name", STAGES.get(i));
      boolean current = i == at;
      stage.put(
          "status",
          vm.status().equals("completed") || i < at
              ? "completed"
              : current ? (vm.status().equals("failed") ? "failed" : "running") : "waiting");
      if (current && !vm.ended()) {
        vm.percent().ifPresent(percent -> stage.put("percent", percent));
        vm.stageStartedAt().ifPresent(start -> stage.put("seconds", elapsed(start)));
      }
      stages.add(stage);
    }
    return stages;
  }

  private double elapsed(OffsetDateTime since) {
    return Math.max(0, ReportJson.seconds(Duration.between(since.toInstant(), clock.instant())));
  }

  /** Of the copy, as measured; of another stage, if it goes on as before. */
  private Optional<Double> secondsLeft(LiveView.Vm vm) {
    return vm.secondsLeft()
        .or(
            () ->
                vm.percent()
                    .filter(percent -> percent >= 1 && percent < 100)
                    .flatMap(
                        percent ->
                            vm.stageStartedAt()
                                .map(
                                    start ->
                                        Math.rint(elapsed(start) * (100 - percent) / percent))));
  }

  /**
   * Those of a manifest at its end.
   *
   * @param manifest where it is
   */
  List<Map<String, Object>> ended(EndView end, Path manifest) {
    List<Map<String, Object>> vms = new ArrayList<>();
    for (EndView.Vm vm : end.vms().subList(0, Math.min(MOST_VMS, end.vms().size()))) {
      Path screen = ScreenFiles.beside(manifest, vms.size() + 1);
      vms.add(ended(vm, Files.isRegularFile(screen, LinkOption.NOFOLLOW_LINKS)));
    }
    return vms;
  }

  private static Map<String, Object> ended(EndView.Vm vm, boolean screen) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", vm.name());
    json.put("status", vm.completed() ? "completed" : "failed");
    json.put("stages", vm.stages().stream().map(VmListJson::ended).toList());
    vm.stage().ifPresent(stage -> json.put("stage", stage));
    putTimes(json, vm.startedAt(), vm.completedAt());
    vm.seconds().ifPresent(seconds -> json.put("seconds", seconds));
    if (vm.reused()) {
      json.put("reused", true);
    }
    vm.failure()
        .ifPresent(
            failure -> {
              json.put("code", failure.code());
              failure.error().ifPresent(error -> json.put("error", error));
              failure.hint().ifPresent(hint -> json.put("hint", hint));
            });
    json.put("outputs", vm.outputs());
    vm.savings().ifPresent(found -> json.put("savings", found.json()));
    json.put("warnings", vm.warnings().stream().limit(MOST_WARNINGS).toList());
    json.put("screen", screen);
    return json;
  }

  private static Map<String, Object> ended(EndView.Stage stage) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", stage.name());
    json.put(
        "status",
        switch (stage.status()) {
          case "success" -> "completed";
          case "failed" -> "failed";
          // Not asked for, or not begun because an earlier one failed.
          default -> "skipped";
        });
    stage.seconds().ifPresent(seconds -> json.put("seconds", seconds));
    return json;
  }

  private static void putTimes(
      Map<String, Object> json, Optional<OffsetDateTime> from, Optional<OffsetDateTime> to) {
    from.ifPresent(at -> json.put("started_at", ReportJson.timestamp(at)));
    to.ifPresent(at -> json.put("completed_at", ReportJson.timestamp(at)));
  }
}
