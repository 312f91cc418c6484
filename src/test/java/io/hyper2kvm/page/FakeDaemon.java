package io.hyper2kvm.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.report.ReportJson;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.StreamSupport;

/**
 * A scene made of manifests: the overview, the lists and the single manifests follow from them, as
 * in a daemon.
 */
final class FakeDaemon implements Scene {

  static final String TOKEN = "a-token-of-the-test";
  private static final int FIRST = 50;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  final OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
  final ConcurrentLinkedQueue<String> changes = new ConcurrentLinkedQueue<>();
  private final Map<String, ObjectNode> manifests = new LinkedHashMap<>();
  private final Map<String, JsonNode> reports = new LinkedHashMap<>();
  private final ArrayNode conditions = JSON.arrayNode();
  private final ArrayNode folders = JSON.arrayNode();
  private JsonNode throughput =
      JSON.objectNode().put("step_seconds", 300).set("points", JSON.arrayNode());
  private ArrayNode days = JSON.arrayNode();
  private byte[] screen = new byte[0];
  private boolean readOnly;
  private volatile boolean draining;

  /** A time before now. */
  String ago(Duration duration) {
    return ReportJson.timestamp(now.minus(duration));
  }

  FakeDaemon readOnly() {
    readOnly = true;
    return this;
  }

  FakeDaemon manifest(ObjectNode manifest) {
    manifests.put(manifest.path("id").asText(), manifest);
    return this;
  }

  FakeDaemon without(String id) {
    manifests.remove(id);
    return this;
  }

  FakeDaemon report(String id, JsonNode report) {
    reports.put(id, report);
    return this;
  }

  FakeDaemon condition(JsonNode condition) {
    conditions.add(condition);
    return this;
  }

  FakeDaemon folder(String name, String path, long free, long total) {
    folders.addObject().put("name", name).put("path", path).put("free", free).put("total", total);
    return this;
  }

  FakeDaemon throughput(JsonNode all) {
    throughput = all;
    return this;
  }

  FakeDaemon days(ArrayNode all) {
    days = all;
    return this;
  }

  FakeDaemon screen(byte[] png) {
    screen = png;
    return this;
  }

  private List<ObjectNode> in(String state) {
    return manifests.values().stream().filter(m -> m.path("state").asText().equals(state)).toList();
  }

  private List<ObjectNode> today(String state) {
    String date = now.toLocalDate().toString();
    return in(state).stream().filter(m -> m.path("date").asText().equals(date)).toList();
  }

  private static long vms(List<ObjectNode> all, String state) {
    return all.stream().mapToLong(m -> m.path("vms").path(state).asLong()).sum();
  }

  private static ArrayNode lines(List<ObjectNode> all) {
    ArrayNode lines = JSON.arrayNode();
    all.stream().limit(FIRST).forEach(m -> lines.add(line(m)));
    return lines;
  }

  /** A manifest as it stands in a list. */
  private static ObjectNode line(ObjectNode whole) {
    return whole
        .deepCopy()
        .without(
            List.of(
                "vm_list", "failure", "blocked", "warnings", "has_report", "has_retry_manifest"));
  }

  private ObjectNode overview() {
    List<ObjectNode> running = in("running");
    List<ObjectNode> waiting = in("waiting");
    ObjectNode json = JSON.objectNode();
    json.putObject("daemon")
        .put("running", true)
        .put("version", "0.1.0")
        .put("started_at", ago(Duration.ofHours(57)))
        .put("draining", draining)
        .put("read_only", readOnly);
    json.put("workflow_dir", "/var/lib/hyper2kvm/manifest-workflow");
    json.putObject("counts")
        .put("waiting", waiting.size())
        .put("running", running.size())
        .put("completed_today", today("completed").size())
        .put("failed_today", today("failed").size())
        .put("vms_running", vms(running, "running"))
        .put("vms_waiting", vms(running, "waiting"));
    waiting.stream()
        .map(m -> m.path("since").asText())
        .sorted()
        .findFirst()
        .ifPresent(since -> json.put("oldest_waiting_at", since));
    json.put("tools_running", vms(running, "running"));
    json.set("folders", folders);
    json.set("conditions", conditions);
    json.set("running", lines(running));
    json.set("waiting", lines(waiting));
    json.set("completed_today", lines(today("completed")));
    json.set("failed_today", lines(today("failed")));
    return json;
  }

  private ObjectNode list(Request request) {
    String q = request.query("q").orElse("").toLowerCase();
    String state = request.query("state").orElse("");
    String date = request.query("date").orElse("");
    int limit = Integer.parseInt(request.query("limit").orElse("50"));
    int after = Integer.parseInt(request.query("after").orElse("0"));
    List<ObjectNode> found = new ArrayList<>();
    for (ObjectNode one : manifests.values()) {
      if ((state.isEmpty() || one.path("state").asText().equals(state))
          && (date.isEmpty() || one.path("date").asText().equals(date))
          && (q.isEmpty() || matches(one, q))) {
        found.add(one);
      }
    }
    ObjectNode json = JSON.objectNode();
    ArrayNode items = json.putArray("items");
    found.stream().skip(after).limit(limit).forEach(m -> items.add(line(m)));
    if (after + limit < found.size()) {
      json.put("next", String.valueOf(after + limit));
    }
    json.put("total", found.size());
    return json;
  }

  private static boolean matches(ObjectNode one, String q) {
    boolean vm =
        StreamSupport.stream(one.path("vm_list").spliterator(), false)
            .anyMatch(v -> v.path("name").asText().toLowerCase().contains(q));
    return vm
        || (one.path("name").asText()
                + " "
                + one.path("file").asText()
                + " "
                + one.path("code").asText())
            .toLowerCase()
            .contains(q);
  }

  private ObjectNode days(Request request) {
    ObjectNode json = JSON.objectNode();
    ArrayNode found = json.putArray("days");
    String from = request.query("from").orElse("");
    String to = request.query("to").orElse("9");
    for (JsonNode day : days) {
      String date = day.path("date").asText();
      if (date.compareTo(from) >= 0 && date.compareTo(to) <= 0) {
        found.add(day);
      }
    }
    return json;
  }

  @Override
  public Answer answer(Request request) {
    return request.method().equals("GET") ? read(request) : change(request);
  }

  private Answer read(Request request) {
    String[] parts = request.path().substring(1).split("/");
    if (parts[0].equals("manifests") && parts.length > 1) {
      return one(parts);
    }
    return switch (request.path()) {
      case "/overview" -> Answer.ok(overview());
      case "/throughput" -> Answer.ok(throughput);
      case "/manifests" -> Answer.ok(list(request));
      case "/days" -> Answer.ok(days(request));
      default -> Answer.problem(404, "NOT_FOUND", "nothing is at " + request.path());
    };
  }

  private Answer one(String[] parts) {
    ObjectNode manifest = manifests.get(parts[1]);
    if (manifest == null) {
      return Answer.problem(404, "NOT_FOUND", "no manifest has this id");
    }
    if (parts.length == 2) {
      return Answer.ok(manifest);
    }
    if (parts[2].equals("report") && reports.containsKey(parts[1])) {
      return Answer.ok(reports.get(parts[1]));
    }
    if (parts[parts.length - 1].equals("screen") && screen.length > 0) {
      return Answer.picture(screen);
    }
    return Answer.problem(404, "NOT_FOUND", "it has no " + parts[2]);
  }

  private Answer change(Request request) {
    if (!("Bearer " + TOKEN).equals(request.token())) {
      return Answer.problem(401, "TOKEN_WRONG", "the token is missing or wrong");
    }
    if (request.path().equals("/validate")) {
      return Answer.ok(problems(request.body()));
    }
    changes.add(request.method() + " " + request.uri());
    if (request.path().equals("/drain")) {
      draining = request.method().equals("POST");
    }
    String id = manifests.isEmpty() ? "" : manifests.keySet().iterator().next();
    return new Answer(
        request.path().equals("/manifests") ? 201 : 202,
        JSON.objectNode().put("id", id),
        new byte[0]);
  }

  /** A line with the word "wrong" is a problem. */
  private static ObjectNode problems(String text) {
    ObjectNode json = JSON.objectNode().put("vms", 1);
    ArrayNode problems = json.putArray("problems");
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains("wrong")) {
        problems
            .addObject()
            .put("path", "pipeline.convert.output_format")
            .put("line", i + 1)
            .put("column", lines.get(i).indexOf("wrong") + 1)
            .put("message", "\"wrong\" is none of qcow2, raw, vdi")
            .put("hint", "Did you mean qcow2?");
      }
    }
    return json;
  }
}
