package io.hyper2kvm.report;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The common JSON of one VM in reports, error files and provenance. */
public final class VmJson {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STATUS = "status";
  private static final String STARTED_AT = "started_at";
  private static final String DURATION = "duration_seconds";

  private VmJson() {}

  /** The object {@code stages}. */
  public static Map<String, Object> stages(Map<StageName, StageReport> stages) {
    Map<String, Object> json = new LinkedHashMap<>();
    stages.forEach((name, stage) -> json.put(name.text(), stage(stage)));
    return json;
  }

  private static Map<String, Object> stage(StageReport stage) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(STATUS, stage.status().text());
    stage
        .startedAt()
        .ifPresent(
            started -> {
              json.put(STARTED_AT, ReportJson.timestamp(started));
              json.put(DURATION, ReportJson.seconds(stage.duration()));
            });
    json.putAll(stage.details());
    return json;
  }

  /**
   * Reads what {@link #stages} has written.
   *
   * @throws RuntimeException when it is anything else
   */
  public static Map<StageName, StageReport> readStages(JsonNode json) {
    Map<StageName, StageReport> stages = new EnumMap<>(StageName.class);
    for (StageName name : StageName.values()) {
      stages.put(name, readStage(json.path(name.text()), name));
    }
    return stages;
  }

  private static StageReport readStage(JsonNode json, StageName name) {
    if (!json.path(STATUS).isTextual()) {
      throw new IllegalArgumentException("no status of stage " + name.text());
    }
    StageStatus status =
        StageStatus.valueOf(json.path(STATUS).textValue().toUpperCase(Locale.ROOT));
    Map<String, Object> details =
        JSON.convertValue(json, new TypeReference<LinkedHashMap<String, Object>>() {});
    details.keySet().removeAll(List.of(STATUS, STARTED_AT, DURATION));
    if (!json.has(STARTED_AT)) {
      return StageReport.without(status, details);
    }
    return new StageReport(
        status,
        Optional.of(OffsetDateTime.parse(json.path(STARTED_AT).asText())),
        Duration.ofMillis(Math.round(json.path(DURATION).asDouble() * 1000)),
        details);
  }

  /** The object {@code artifacts}. */
  public static Map<String, Object> artifacts(
      List<Path> inputs,
      List<Path> outputs,
      Optional<VmOutcome.Description> description,
      Optional<Path> signature) {
    Map<String, Object> artifacts = new LinkedHashMap<>();
    putPaths(artifacts, "input", "inputs", inputs);
    putPaths(artifacts, "output", "outputs", outputs);
    description.ifPresent(file -> artifacts.put(file.target().key(), file.path().toString()));
    signature.ifPresent(path -> artifacts.put("signature", path.toString()));
    return artifacts;
  }

  private static void putPaths(
      Map<String, Object> artifacts, String one, String many, List<Path> paths) {
    if (!paths.isEmpty()) {
      artifacts.put(one, paths.get(0).toString());
    }
    if (paths.size() > 1) {
      artifacts.put(many, paths.stream().map(Path::toString).toList());
    }
  }
}
