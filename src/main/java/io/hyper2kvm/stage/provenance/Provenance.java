package io.hyper2kvm.stage.provenance;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.manifest.PipelineJson;
import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.model.Pipeline;
import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.report.VmJson;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.stage.DomainOutput;
import io.hyper2kvm.stage.OperatorScript;
import io.hyper2kvm.stage.SourceFingerprint;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.MachineJson;
import io.hyper2kvm.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a VM's outputs come from: what they were made of, how, and how they looked when they were
 * published. Lies beside the first output, for people and for the next run.
 *
 * @param manifest the manifest of the run
 * @param vm the VM's name in it
 * @param completedAt when the outputs were published
 * @param sources the source disks, in order
 * @param pipeline the effective pipeline, see {@link PipelineJson}
 * @param outputs the outputs, in order; their sizes and times are those of the files
 * @param domain the VM's description for its target beside the outputs, such as its libvirt domain,
 *     as it was left; empty when there was none
 * @param stages every stage, as in the run's report
 * @param warnings as in the run's report
 */
public record Provenance(
    String manifest,
    String vm,
    OffsetDateTime completedAt,
    List<SourceFingerprint> sources,
    JsonNode pipeline,
    List<SourceFingerprint.FileState> outputs,
    Optional<SourceFingerprint.FileState> domain,
    Map<StageName, StageReport> stages,
    List<String> warnings) {

  private static final String CONVERT = "convert";
  private static final String DOMAIN = "domain";
  private static final String DOMAIN_XML = "domain_xml";

  /** More than any disk has. */
  private static final long MOST_BYTES = 1L << 56;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true);

  public Provenance {
    sources = List.copyOf(sources);
    outputs = List.copyOf(outputs);
    Objects.requireNonNull(domain, "domain");
    stages = Map.copyOf(stages);
    warnings = List.copyOf(warnings);
  }

  /**
   * Of a job whose part files are complete and synced: a rename keeps their sizes and times.
   *
   * @param described the description that gets its name together with the disks, if there is one
   */
  public static Provenance of(VmJob job, List<VmDisk> disks, Optional<DomainOutput> described)
      throws IOException {
    List<SourceFingerprint> sources = new ArrayList<>();
    List<SourceFingerprint.FileState> outputs = new ArrayList<>();
    for (VmDisk disk : disks) {
      sources.add(disk.before());
      outputs.add(named(disk.part(), disk.target()));
    }
    Optional<SourceFingerprint.FileState> domain = Optional.empty();
    if (described.isPresent()) {
      domain = Optional.of(named(described.get().part(), described.get().target()));
    }
    return new Provenance(
        job.manifestName(),
        job.name(),
        job.now(),
        sources,
        pipelineOf(job.spec().pipeline(), job.results().find(OperatorScript.class)),
        outputs,
        domain,
        job.stages(),
        job.warnings());
  }

  private static SourceFingerprint.FileState named(Path part, Path target) throws IOException {
    SourceFingerprint.FileState state = SourceFingerprint.FileState.of(part);
    return new SourceFingerprint.FileState(target, state.size(), state.modified());
  }

  /**
   * The pipeline in the form that provenance keeps and compares.
   *
   * @param script what the guest runs at its first boot, by its content
   */
  public static JsonNode pipelineOf(Pipeline pipeline, Optional<OperatorScript> script) {
    JsonNode json = JSON.valueToTree(PipelineJson.of(pipeline));
    if (script.isPresent() && json.path("firstboot") instanceof ObjectNode firstboot) {
      firstboot.put("sha256", script.get().sha256());
    }
    return json;
  }

  /** The version of this program. */
  static String programVersion() {
    String version = Provenance.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  /** The file's content, as documented in docs/reports.md. */
  public byte[] json(List<Path> inputs) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("program", "hyper2kvm");
    json.put("version", programVersion());
    json.put("manifest", manifest);
    json.put("vm", vm);
    json.put("completed_at", ReportJson.timestamp(completedAt));
    json.put("sources", sources.stream().map(disk -> Map.of("files", disk.json())).toList());
    json.put("pipeline", pipeline);
    List<Object> files = new ArrayList<>();
    for (SourceFingerprint.FileState output : outputs) {
      Map<String, Object> file = output.json();
      file.put("format", pipeline.path("convert").path("output_format").asText());
      files.add(file);
    }
    json.put("outputs", files);
    domain.ifPresent(state -> json.put(target(pipeline).key(), state.json()));
    Map<StageName, StageReport> inOrder = new LinkedHashMap<>();
    for (StageName name : StageName.values()) {
      inOrder.put(name, stages.get(name));
    }
    json.put("stages", VmJson.stages(inOrder));
    // Not the signature, which is made of this.
    json.put("artifacts", VmJson.artifacts(inputs, paths(), description(), Optional.empty()));
    json.put("warnings", warnings);
    return (JSON.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads what {@link #json} has written.
   *
   * @return empty when it is anything else
   */
  public static Optional<Provenance> parse(byte[] content) {
    try {
      JsonNode json = JSON.readTree(content);
      List<SourceFingerprint> sources = new ArrayList<>();
      json.path("sources").forEach(disk -> sources.add(SourceFingerprint.read(disk.path("files"))));
      List<SourceFingerprint.FileState> outputs = new ArrayList<>();
      json.path("outputs").forEach(o -> outputs.add(SourceFingerprint.FileState.read(o)));
      List<String> warnings = new ArrayList<>();
      json.path("warnings").forEach(warning -> warnings.add(warning.textValue()));
      return Optional.of(
          new Provenance(
              Printable.guestLine(json.path("manifest").textValue()),
              Printable.guestLine(json.path("vm").textValue()),
              OffsetDateTime.parse(json.path("completed_at").textValue()),
              sources,
              json.path("pipeline"),
              outputs,
              Optional.of(json.path(target(json.path("pipeline")).key()))
                  .filter(JsonNode::isObject)
                  .map(SourceFingerprint.FileState::read),
              VmJson.readStages(json.path("stages")),
              warnings));
    } catch (IOException | RuntimeException e) {
      // Whatever is wrong with it: it proves nothing.
      return Optional.empty();
    }
  }

  /** The same, with no more of the stages than their ends and times. */
  Provenance withoutDetails() {
    Map<StageName, StageReport> bare = new EnumMap<>(StageName.class);
    stages.forEach(
        (name, stage) ->
            bare.put(
                name,
                new StageReport(stage.status(), stage.startedAt(), stage.duration(), Map.of())));
    return new Provenance(
        manifest,
        vm,
        completedAt,
        sources,
        pipeline,
        outputs,
        domain,
        bare,
        List.of("the record of this run has no details: they were too many"));
  }

  /**
   * The same, with another description beside the outputs, or with none.
   *
   * @param spec what was asked for in it
   */
  public Provenance withDomain(Optional<SourceFingerprint.FileState> other, ConvertSpec spec) {
    JsonNode changed = pipeline.deepCopy();
    if (changed.path(CONVERT) instanceof ObjectNode convert) {
      convert.put(DOMAIN_XML, spec.target() == DomainTarget.LIBVIRT);
      convert.remove(DOMAIN);
      Map<String, Object> wanted = PipelineJson.domain(spec);
      if (!wanted.isEmpty()) {
        convert.set(DOMAIN, JSON.valueToTree(wanted));
      }
    }
    return new Provenance(
        manifest, vm, completedAt, sources, changed, outputs, other, stages, warnings);
  }

  /** The target of a pipeline that has a file; libvirt's unless it says another one. */
  private static DomainTarget target(JsonNode pipeline) {
    String word = pipeline.path(CONVERT).path(DOMAIN).path("target").asText();
    return word.equals(DomainTarget.KUBEVIRT.text()) ? DomainTarget.KUBEVIRT : DomainTarget.LIBVIRT;
  }

  /** Whether the description beside the outputs was made of this. */
  public boolean isOfDomain(ConvertSpec spec) {
    JsonNode was = pipeline.path(CONVERT).path(DOMAIN);
    return JSON.valueToTree(PipelineJson.domain(spec))
        .equals(was.isMissingNode() ? JSON.createObjectNode() : was);
  }

  /** The machine that was converted; empty when the record has no details. */
  public Optional<MachineDescription> machine() {
    return MachineJson.read(stages);
  }

  /** The sizes of the disks as the guest sees them, in bytes; of a record without them, none. */
  public List<Long> virtualSizes() {
    List<Long> sizes = new ArrayList<>();
    JSON.valueToTree(stages.get(StageName.LOAD).details())
        .path("artifacts")
        .forEach(
            disk -> {
              long size = disk.path("virtual_size_bytes").asLong();
              if (size > 0 && size <= MOST_BYTES) {
                sizes.add(size);
              }
            });
    return sizes;
  }

  /** The description's name. */
  public Optional<Path> domainPath() {
    return domain.map(SourceFingerprint.FileState::path);
  }

  /** The description, and what it is for. */
  public Optional<VmOutcome.Description> description() {
    return domainPath().map(path -> new VmOutcome.Description(target(pipeline), path));
  }

  /** The outputs' names. */
  public List<Path> paths() {
    return outputs.stream().map(SourceFingerprint.FileState::path).toList();
  }
}
