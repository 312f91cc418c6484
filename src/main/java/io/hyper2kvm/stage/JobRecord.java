package io.hyper2kvm.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.tool.ProcessIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a job outside of its own directory, recorded in that directory before the first of
 * them is made. If the daemon is killed, the next start removes the files by this record.
 *
 * @param process the daemon that runs the job
 * @param outputs the outputs and where they grow: the disks in order, then the libvirt domain
 * @param naming whether the job has begun to give the outputs their names
 */
public record JobRecord(ProcessIdentity process, List<Output> outputs, boolean naming) {

  public static final String FILE = "job.json";
  private static final int MAX_BYTES = 4 << 20;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * An output on its way.
   *
   * @param part where it grows
   * @param target its name in the end
   * @param overwrite whether it may replace what has that name
   */
  public record Output(Path part, Path target, boolean overwrite) {}

  public JobRecord {
    outputs = List.copyOf(outputs);
  }

  /**
   * The record of a job of this process.
   *
   * @param overwrite whether the outputs may replace what has their names
   */
  public static JobRecord of(
      List<VmDisk> disks, Optional<DomainOutput> domain, boolean overwrite, boolean naming) {
    List<Output> outputs = new ArrayList<>();
    disks.forEach(d -> outputs.add(new Output(d.part(), d.target(), overwrite)));
    // Behind the disks: who sees it finds the disks that it names.
    domain.ifPresent(d -> outputs.add(new Output(d.part(), d.target(), overwrite)));
    return new JobRecord(ProcessIdentity.current(), outputs, naming);
  }

  /** The same of a job that has taken the outputs' names back. */
  public JobRecord notNaming() {
    return new JobRecord(process, outputs, false);
  }

  /** Writes it into the job's directory. */
  public void write(Path directory) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("process", process.text());
    json.put("naming", naming);
    List<Object> entries = new ArrayList<>();
    for (Output output : outputs) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("part", output.part().toString());
      entry.put("target", output.target().toString());
      entry.put("overwrite", output.overwrite());
      entries.add(entry);
    }
    json.put("outputs", entries);
    AtomicFile.write(directory.resolve(FILE), JSON.writeValueAsBytes(json));
  }

  /** Reads the record of a job's directory; empty when there is none that can be understood. */
  public static Optional<JobRecord> read(Path directory) throws IOException {
    JsonNode json;
    try (InputStream in =
        Files.newInputStream(directory.resolve(FILE), LinkOption.NOFOLLOW_LINKS)) {
      json = JSON.readTree(in.readNBytes(MAX_BYTES));
    } catch (NoSuchFileException | com.fasterxml.jackson.core.JsonProcessingException e) {
      return Optional.empty();
    }
    Optional<ProcessIdentity> process = ProcessIdentity.parse(json.path("process").asText());
    if (process.isEmpty()) {
      return Optional.empty();
    }
    List<Output> outputs = new ArrayList<>();
    for (JsonNode entry : json.path("outputs")) {
      try {
        outputs.add(
            new Output(
                Path.of(entry.path("part").asText()),
                Path.of(entry.path("target").asText()),
                entry.path("overwrite").asBoolean()));
      } catch (InvalidPathException e) {
        return Optional.empty();
      }
    }
    return Optional.of(new JobRecord(process.get(), outputs, json.path("naming").asBoolean()));
  }
}
