package io.hyper2kvm.workflow;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.hyper2kvm.tool.ProcessIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The record of the daemon that owns a workflow directory, in {@code .hyper2kvm.daemon.json}, so
 * that a command that knows only the directory judges a manifest as the daemon will.
 *
 * @param process which process it is
 * @param startedAt when it started, ISO 8601 with an offset
 * @param version the program's version
 * @param outputDir where it writes converted disks
 * @param sourceDir where a relative {@code source_path} starts
 * @param allowedSourceRoots below which sources must lie; empty: anywhere
 * @param allowedOutputRoots below which outputs may lie, too
 * @param workDir holds the overlays
 * @param maxManifestSize largest manifest that it reads, in bytes
 * @param pollMillis pause between two looks into the drop zone, in milliseconds
 * @param maxConcurrentJobs how many VMs it works on at once
 * @param draining whether nothing new begins until told otherwise
 * @param vmsAtWork how many VMs have begun and not ended; known while nothing new begins
 * @param zone whose times of day it means
 */
public record DaemonRecord(
    ProcessIdentity process,
    String startedAt,
    String version,
    Path outputDir,
    Optional<Path> sourceDir,
    List<Path> allowedSourceRoots,
    List<Path> allowedOutputRoots,
    Path workDir,
    long maxManifestSize,
    long pollMillis,
    int maxConcurrentJobs,
    boolean draining,
    OptionalInt vmsAtWork,
    ZoneId zone) {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_BYTES = 256 << 10;

  public DaemonRecord {
    allowedSourceRoots = List.copyOf(allowedSourceRoots);
    allowedOutputRoots = List.copyOf(allowedOutputRoots);
  }

  /** Where the record lies. */
  public static Path file(WorkflowDirectories directories) {
    return directories.root().resolve(".hyper2kvm.daemon.json");
  }

  /** The same of a daemon that begins nothing new while so many VMs go on, or begins again. */
  public DaemonRecord withDraining(boolean on, int vms) {
    return new DaemonRecord(
        process,
        startedAt,
        version,
        outputDir,
        sourceDir,
        allowedSourceRoots,
        allowedOutputRoots,
        workDir,
        maxManifestSize,
        pollMillis,
        maxConcurrentJobs,
        on,
        on ? OptionalInt.of(vms) : OptionalInt.empty(),
        zone);
  }

  /** Whether the process that wrote it is still there. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** The record as its file holds it. */
  public byte[] toJson() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeNumberField("pid", process.pid());
      json.writeStringField("process_start", "%d %s".formatted(process.start(), process.boot()));
      json.writeStringField("started_at", startedAt);
      json.writeStringField("version", version);
      json.writeStringField("output_dir", outputDir.toString());
      if (sourceDir.isPresent()) {
        json.writeStringField("source_dir", sourceDir.get().toString());
      }
      writePaths(json, "allowed_source_roots", allowedSourceRoots);
      writePaths(json, "allowed_output_roots", allowedOutputRoots);
      json.writeStringField("work_dir", workDir.toString());
      json.writeNumberField("max_manifest_size_bytes", maxManifestSize);
      json.writeNumberField("poll_interval_ms", pollMillis);
      json.writeNumberField("max_concurrent_jobs", maxConcurrentJobs);
      json.writeBooleanField("draining", draining);
      if (vmsAtWork.isPresent()) {
        json.writeNumberField("vms_at_work", vmsAtWork.getAsInt());
      }
      json.writeStringField("time_zone", zone.getId());
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  private static void writePaths(JsonGenerator json, String key, List<Path> paths)
      throws IOException {
    json.writeArrayFieldStart(key);
    for (Path path : paths) {
      json.writeString(path.toString());
    }
    json.writeEndArray();
  }

  /** Reads the record; empty when there is none, or what is there makes no sense. */
  public static Optional<DaemonRecord> read(WorkflowDirectories directories) {
    try {
      Map<String, List<String>> values = values(SmallFile.read(file(directories), MAX_BYTES));
      return Optional.of(
          new DaemonRecord(
              ProcessIdentity.parse(one(values, "pid") + " " + one(values, "process_start"))
                  .orElseThrow(() -> new IllegalArgumentException("which process, is not said")),
              one(values, "started_at"),
              one(values, "version"),
              path(one(values, "output_dir")),
              values.getOrDefault("source_dir", List.of()).stream()
                  .findFirst()
                  .map(DaemonRecord::path),
              paths(values, "allowed_source_roots"),
              paths(values, "allowed_output_roots"),
              path(one(values, "work_dir")),
              Long.parseLong(one(values, "max_manifest_size_bytes")),
              Long.parseLong(one(values, "poll_interval_ms")),
              Integer.parseInt(one(values, "max_concurrent_jobs")),
              values.getOrDefault("draining", List.of()).equals(List.of("true")),
              values.containsKey("vms_at_work")
                  ? OptionalInt.of(Integer.parseInt(one(values, "vms_at_work")))
                  : OptionalInt.empty(),
              ZoneId.of(one(values, "time_zone"))));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Each key's scalars; what lies deeper is skipped. */
  private static Map<String, List<String>> values(byte[] content) throws IOException {
    Map<String, List<String>> values = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(content)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not an object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        List<String> found = values.computeIfAbsent(json.currentName(), key -> new ArrayList<>());
        if (json.nextToken() == JsonToken.START_ARRAY) {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            add(json, found);
          }
        } else {
          add(json, found);
        }
      }
    }
    return values;
  }

  private static void add(JsonParser json, List<String> found) throws IOException {
    if (json.currentToken() == null) {
      throw new IOException("it ends too early");
    }
    if (json.currentToken().isStructStart()) {
      json.skipChildren();
    } else {
      found.add(json.getText());
    }
  }

  private static String one(Map<String, List<String>> values, String key) {
    List<String> found = values.getOrDefault(key, List.of());
    if (found.size() != 1) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return found.get(0);
  }

  private static List<Path> paths(Map<String, List<String>> values, String key) {
    return values.getOrDefault(key, List.of()).stream().map(DaemonRecord::path).toList();
  }

  private static Path path(String text) {
    try {
      Path path = Path.of(text);
      if (path.isAbsolute()) {
        return path;
      }
    } catch (InvalidPathException e) {
      // As a relative one: not written by a daemon.
    }
    throw new IllegalArgumentException("not an absolute path");
  }
}
