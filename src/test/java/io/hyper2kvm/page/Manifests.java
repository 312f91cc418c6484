package io.hyper2kvm.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.report.ReportJson;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;

/** Manifests as the API tells them. */
final class Manifests {

  static final List<String> STAGES = List.of("load", "inspect", "fix", "convert", "validate");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Manifests() {}

  private static ObjectNode manifest(String id, String name, String state) {
    ObjectNode json =
        JSON.objectNode()
            .put("id", id)
            .put("file", name + ".yaml")
            .put("name", name)
            .put("state", state)
            .put("has_report", false)
            .put("has_retry_manifest", false);
    json.putArray("warnings");
    json.putArray("vm_list");
    return json;
  }

  static ObjectNode waiting(String id, String name, OffsetDateTime since) {
    return manifest(id, name, "waiting").put("since", ReportJson.timestamp(since));
  }

  static ObjectNode running(String id, String name, OffsetDateTime since, List<ObjectNode> vms) {
    ObjectNode json =
        manifest(id, name, "running")
            .put("since", ReportJson.timestamp(since))
            .put("started_at", ReportJson.timestamp(since));
    withVms(json, vms);
    double ended = count(vms, "completed") + count(vms, "failed") + 0.4 * count(vms, "running");
    return json.put("percent", Math.round(1000 * ended / vms.size()) / 10.0);
  }

  static ObjectNode ended(
      String id, String name, OffsetDateTime at, Duration took, List<ObjectNode> vms) {
    boolean failed = count(vms, "failed") > 0;
    ObjectNode json =
        manifest(id, name, failed ? "failed" : "completed")
            .put("date", at.toLocalDate().toString())
            .put("since", ReportJson.timestamp(at))
            .put("started_at", ReportJson.timestamp(at.minus(took)))
            .put("completed_at", ReportJson.timestamp(at))
            .put("seconds", took.toSeconds())
            .put("has_report", true);
    withVms(json, vms);
    if (failed) {
      ObjectNode first =
          vms.stream()
              .filter(v -> v.path("status").asText().equals("failed"))
              .findFirst()
              .orElseThrow();
      json.put("code", first.path("code").asText()).put("error", first.path("error").asText());
      json.putObject("failure")
          .put("code", first.path("code").asText())
          .put("error", first.path("error").asText())
          .put("hint", first.path("hint").asText())
          .put("stage", first.path("stage").asText())
          .put("vm", first.path("name").asText())
          .put("docs", "errors.md");
      json.put("has_retry_manifest", vms.size() > 1);
    }
    return json;
  }

  private static long count(List<ObjectNode> vms, String status) {
    return vms.stream().filter(v -> v.path("status").asText().equals(status)).count();
  }

  private static void withVms(ObjectNode json, List<ObjectNode> vms) {
    ObjectNode counts = json.putObject("vms").put("total", vms.size());
    for (String status : List.of("waiting", "running", "completed", "failed")) {
      counts.put(status, count(vms, status));
    }
    json.putArray("vm_list").addAll(vms);
  }

  private static ObjectNode vm(String name, String status) {
    ObjectNode json =
        JSON.objectNode().put("name", name).put("status", status).put("screen", false);
    json.putArray("outputs");
    json.putArray("warnings");
    return json;
  }

  private static void stages(ObjectNode vm, int done, String then, double... seconds) {
    ArrayNode stages = vm.putArray("stages");
    for (int i = 0; i < STAGES.size(); i++) {
      String status = i < done ? "completed" : i == done ? then : "waiting";
      ObjectNode stage = stages.addObject().put("name", STAGES.get(i)).put("status", status);
      if (i < seconds.length && i <= done) {
        stage.put("seconds", seconds[i]);
      }
    }
  }

  static ObjectNode vmWaiting(String name) {
    ObjectNode vm = vm(name, "waiting");
    stages(vm, 0, "waiting");
    return vm;
  }

  static ObjectNode vmConverting(String name, OffsetDateTime since, double percent, long left) {
    ObjectNode vm =
        vm(name, "running")
            .put("stage", "convert")
            .put("percent", percent)
            .put("bytes_per_second", 182_400_000L + 1_000_000L * Math.floorMod(name.hashCode(), 90))
            .put("seconds_left", left)
            .put("started_at", ReportJson.timestamp(since));
    stages(vm, 3, "running", 0.4, 14.2, 9.7, 212);
    ((ObjectNode) vm.path("stages").path(3)).put("percent", percent);
    return vm;
  }

  static ObjectNode vmIn(String name, OffsetDateTime since, int stage, double seconds) {
    ObjectNode vm =
        vm(name, "running")
            .put("stage", STAGES.get(stage))
            .put("started_at", ReportJson.timestamp(since));
    stages(vm, stage, "running", 0.4, 15.8, 11.2, 188, seconds);
    ((ObjectNode) vm.path("stages").path(stage)).put("seconds", seconds);
    return vm;
  }

  static ObjectNode vmCompleted(String name, double seconds) {
    ObjectNode vm = vm(name, "completed").put("seconds", seconds);
    stages(vm, 5, "", 0.3, 13.1, 8.8, seconds - 60, 37.6);
    ((ArrayNode) vm.path("outputs")).add("/srv/vm/" + name + "-converted.qcow2");
    return vm;
  }

  static ObjectNode vmFailed(
      String name, int stage, String code, String error, String hint, double seconds) {
    ObjectNode vm =
        vm(name, "failed")
            .put("seconds", seconds)
            .put("stage", STAGES.get(stage))
            .put("code", code)
            .put("error", error)
            .put("hint", hint);
    stages(vm, stage, "failed", 0.3, 12.9, 8.1, seconds, 40.2);
    return vm;
  }
}
