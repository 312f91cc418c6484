package io.hyper2kvm.daemon.recovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.workflow.FileIdentity;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Keeps a record, a small file, for a manifest, with facts that its place and content do not show.
 * The record is tied to the identity of the manifest's file: it is valid after a rename, too, and
 * is not used for another manifest of the same name.
 */
public final class ManifestRecords {

  private static final int MAX_BYTES = 1 << 20;
  private static final Logger LOG = LogManager.getLogger(ManifestRecords.class);
  private static final String ENDING = ".json";
  private static final String LOG_ENDING = ".log";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final WorkflowDirectories directories;
  private final Path folder;

  /** The records of a workflow directory; the caller owns it. */
  public ManifestRecords(WorkflowDirectories directories) {
    this.directories = directories;
    folder = directories.recovery();
  }

  /** The name with which the manifest was submitted, if its file has another one now. */
  public Optional<ManifestFile> original(Path manifest) throws IOException {
    return find(manifest).map(ManifestRecord::original);
  }

  /** Records the name with which the manifest was submitted; its file has another one. */
  public void keepOriginal(Path manifest, ManifestFile original) throws IOException {
    if (find(manifest).isEmpty()) {
      write(manifest, new ManifestRecord(original, Optional.empty(), List.of()));
    }
  }

  /**
   * Records where the manifest will go, before its report is written there. If the report is there,
   * only the move is missing.
   */
  public void keepEnd(Path manifest, ManifestFile original, Path end) throws IOException {
    ManifestRecord record =
        find(manifest).orElse(new ManifestRecord(original, Optional.empty(), List.of()));
    write(manifest, record.withEnd(Optional.of(end)));
  }

  /** Removes the record of a manifest that has ended. */
  public void forget(Path manifest) throws IOException {
    Files.deleteIfExists(fileOf(identity(manifest)));
  }

  private static FileIdentity identity(Path manifest) throws IOException {
    return FileIdentity.of(manifest)
        .orElseThrow(() -> new NoSuchFileException(manifest.toString()));
  }

  /** The record of the manifest; empty also when the manifest is gone. */
  Optional<ManifestRecord> find(Path manifest) throws IOException {
    Optional<FileIdentity> found = FileIdentity.of(manifest);
    return found.isPresent() ? find(found.get()) : Optional.empty();
  }

  private Optional<ManifestRecord> find(FileIdentity identity) throws IOException {
    JsonNode json;
    try (InputStream in = Files.newInputStream(fileOf(identity), LinkOption.NOFOLLOW_LINKS)) {
      json = JSON.readTree(in.readNBytes(MAX_BYTES));
    } catch (NoSuchFileException | JsonProcessingException e) {
      return Optional.empty();
    }
    boolean same =
        json.path("size_bytes").asLong(-1) == identity.size()
            && json.path("modified").asText().equals(modified(identity));
    return same ? parse(json) : Optional.empty();
  }

  private static Optional<ManifestRecord> parse(JsonNode json) {
    try {
      List<ManifestRecord.Crash> crashes = new ArrayList<>();
      for (JsonNode crash : json.path("crashes")) {
        crashes.add(
            new ManifestRecord.Crash(
                crash.path("process").asText(), crash.path("found_at").asText()));
      }
      return Optional.of(
          new ManifestRecord(
              new ManifestFile(json.path("original_name").asText()),
              Optional.ofNullable(json.path("end").textValue()).map(Path::of),
              crashes));
    } catch (IllegalArgumentException e) {
      return Optional
          .empty(); // Not a record that was written here. InvalidPathException is caught by this,
      // too.
    }
  }

  void write(Path manifest, ManifestRecord record) throws IOException {
    FileIdentity identity = identity(manifest);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("original_name", record.original().name());
    json.put("size_bytes", identity.size());
    json.put("modified", modified(identity));
    record.end().ifPresent(end -> json.put("end", end.toString()));
    if (!record.crashes().isEmpty()) {
      List<Object> crashes = new ArrayList<>();
      record
          .crashes()
          .forEach(c -> crashes.add(Map.of("process", c.process(), "found_at", c.found())));
      json.put("crashes", crashes);
    }
    AtomicFile.write(fileOf(identity), JSON.writeValueAsBytes(json));
  }

  /** As ISO 8601 has it. */
  private static String modified(FileIdentity identity) {
    return FileTime.from(identity.modifiedNanos(), TimeUnit.NANOSECONDS).toString();
  }

  private Path fileOf(FileIdentity identity) {
    return folder.resolve(identity.inode() + ENDING);
  }

  /**
   * Keeps the log beside a manifest in {@code processing/} that goes back to the drop zone, for the
   * next run. That it cannot be kept fails nothing.
   */
  public void keepLog(Path manifest) {
    moveLog(manifest, true);
  }

  /** Brings the log that was kept of earlier tries beside the manifest in {@code processing/}. */
  public void returnLog(Path manifest) {
    moveLog(manifest, false);
  }

  private void moveLog(Path manifest, boolean keep) {
    Path beside = manifest.resolveSibling(ManifestFile.of(manifest).log());
    try {
      Path kept = logOf(identity(manifest));
      Path from = keep ? beside : kept;
      if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
        Files.move(from, keep ? kept : beside);
      }
    } catch (IOException e) {
      LOG.warn("job-log-not-moved manifest={} reason={}", manifest.getFileName(), e.toString());
    }
  }

  private Path logOf(FileIdentity identity) {
    return folder.resolve(identity.text() + LOG_ENDING);
  }

  /** Removes the files about manifests that neither wait nor run, and incomplete files. */
  void prune() throws IOException {
    Set<Path> left = new HashSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(f -> f.toString().endsWith(ENDING) || f.toString().endsWith(LOG_ENDING))
          .forEach(left::add);
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path half : files.filter(f -> f.toString().endsWith(".tmp")).toList()) {
        Files.delete(half);
      }
    }
    for (Path place : List.of(directories.toBeProcessed(), directories.processing())) {
      if (!left.isEmpty()) {
        try (Stream<Path> files = Files.list(place)) {
          for (Path manifest : (Iterable<Path>) files::iterator) {
            Optional<FileIdentity> identity = FileIdentity.of(manifest);
            if (identity.isPresent()) {
              left.remove(logOf(identity.get()));
              if (find(identity.get()).isPresent()) {
                left.remove(fileOf(identity.get()));
              }
            }
          }
        }
      }
    }
    for (Path file : left) {
      Files.deleteIfExists(file);
    }
  }
}
