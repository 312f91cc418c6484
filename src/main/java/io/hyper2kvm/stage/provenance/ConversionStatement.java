package io.hyper2kvm.stage.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.signature.Statement;
import io.hyper2kvm.signature.Subject;
import io.hyper2kvm.stage.SourceFingerprint;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is signed of a VM: an in-toto statement with SLSA's provenance, about the outputs, the
 * libvirt domain and the record of where they come from. Documented in docs/signing.md.
 */
public final class ConversionStatement {

  /** Says which parameters the predicate has, and that the program's stages made the files. */
  public static final String BUILD_TYPE = "urn:hyper2kvm:conversion:1.0";

  private static final String DEFINITION = "buildDefinition";
  private static final String PARAMETERS = "externalParameters";
  private static final String PIPELINE = "pipeline";

  private ConversionStatement() {}

  /**
   * The statement of a run.
   *
   * @param subjects the files that the run made, the record among them
   * @param record what the run has recorded
   * @param startedAt when the VM's work began
   */
  public static Statement of(
      List<Subject> subjects, Provenance record, OffsetDateTime startedAt, Signer signer) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("manifest", record.manifest());
    parameters.put("vm", record.vm());
    parameters.put(PIPELINE, record.pipeline());
    Map<String, Object> definition = new LinkedHashMap<>();
    definition.put("buildType", BUILD_TYPE);
    definition.put(PARAMETERS, parameters);
    definition.put("resolvedDependencies", sources(record.sources()));
    Map<String, Object> builder = new LinkedHashMap<>();
    builder.put("id", signer.builderId());
    builder.put("version", Map.of("hyper2kvm", Provenance.programVersion()));
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("startedOn", timestamp(startedAt));
    metadata.put("finishedOn", timestamp(record.completedAt()));
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("builder", builder);
    details.put("metadata", metadata);
    Map<String, Object> predicate = new LinkedHashMap<>();
    predicate.put(DEFINITION, definition);
    predicate.put("runDetails", details);
    return Statement.of(subjects, Statement.SLSA_PROVENANCE, predicate);
  }

  /** The same of a run whose domain was written anew since, with other files. */
  static Statement renewed(Statement earlier, List<Subject> subjects, Provenance record) {
    JsonNode predicate = earlier.predicate().deepCopy();
    if (predicate.path(DEFINITION).path(PARAMETERS) instanceof ObjectNode parameters) {
      parameters.set(PIPELINE, record.pipeline());
    }
    return new Statement(subjects, earlier.predicateType(), predicate);
  }

  /** A hash only where one was computed; sizes and times are what is known of the others. */
  private static List<Object> sources(List<SourceFingerprint> disks) {
    List<Object> sources = new ArrayList<>();
    for (SourceFingerprint disk : disks) {
      for (int i = 0; i < disk.files().size(); i++) {
        SourceFingerprint.FileState file = disk.files().get(i);
        Map<String, Object> source = new LinkedHashMap<>();
        source.put("uri", file.path().toUri().toString());
        if (i == 0 && disk.sha256().isPresent()) {
          source.put("digest", Map.of("sha256", disk.sha256().get()));
        }
        Map<String, Object> known = file.json();
        known.remove("path");
        source.put("annotations", known);
        sources.add(source);
      }
    }
    return sources;
  }

  private static String timestamp(OffsetDateTime time) {
    Instant instant = time.toInstant().truncatedTo(ChronoUnit.SECONDS);
    return DateTimeFormatter.ISO_INSTANT.format(instant);
  }
}
