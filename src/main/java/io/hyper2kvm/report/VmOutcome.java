package io.hyper2kvm.report;

import io.hyper2kvm.manifest.model.DomainTarget;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The outcome of one VM.
 *
 * @param name the VM's name
 * @param metadata the VM's own free object in a batch; may hold null values
 * @param startedAt when its pipeline began
 * @param completedAt when its pipeline ended
 * @param stages every stage, in order
 * @param inputs the source disks
 * @param outputs the images that are there now; empty unless the VM succeeded
 * @param description the VM's description for its target beside them, such as its libvirt domain;
 *     empty when there is none of this VM's
 * @param signature the signed statement about the outputs; empty when there is none
 * @param warnings what an operator should look at although the VM succeeded
 * @param failure why it failed; empty when it succeeded
 * @param reusedFrom the earlier run whose outputs these are, and whose stages; empty when the VM
 *     was worked on
 * @param estimate what the work was expected to take, and how far off that was; JSON-ready; empty
 *     where nothing was expected
 * @param plan of a dry run, what a run would write; JSON-ready; empty when it was no dry run
 */
public record VmOutcome(
    String name,
    Map<String, Object> metadata,
    OffsetDateTime startedAt,
    OffsetDateTime completedAt,
    Map<StageName, StageReport> stages,
    List<Path> inputs,
    List<Path> outputs,
    Optional<Description> description,
    Optional<Path> signature,
    List<String> warnings,
    Optional<Failure> failure,
    Optional<ReusedFrom> reusedFrom,
    Optional<Map<String, Object>> estimate,
    Optional<Map<String, Object>> plan) {

  /**
   * A file that describes a VM.
   *
   * @param target for what; one that has a file
   * @param path where it is
   */
  public record Description(DomainTarget target, Path path) {}

  public VmOutcome {
    Objects.requireNonNull(name, "name");
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    stages = Collections.unmodifiableMap(new EnumMap<>(stages));
    if (stages.size() != StageName.values().length) {
      throw new IllegalArgumentException("a stage is missing: " + stages.keySet());
    }
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(signature, "signature");
    warnings = List.copyOf(warnings);
    if (failure.isPresent() && reusedFrom.isPresent()) {
      throw new IllegalArgumentException("a VM that failed has reused nothing");
    }
  }

  /** An outcome without an estimate and without a signature. */
  public VmOutcome(
      String name,
      Map<String, Object> metadata,
      OffsetDateTime startedAt,
      OffsetDateTime completedAt,
      Map<StageName, StageReport> stages,
      List<Path> inputs,
      List<Path> outputs,
      Optional<Description> description,
      List<String> warnings,
      Optional<Failure> failure,
      Optional<ReusedFrom> reusedFrom,
      Optional<Map<String, Object>> plan) {
    this(
        name,
        metadata,
        startedAt,
        completedAt,
        stages,
        inputs,
        outputs,
        description,
        Optional.empty(),
        warnings,
        failure,
        reusedFrom,
        Optional.empty(),
        plan);
  }

  /** What became of the space of its disks; empty before they are copied. */
  public Optional<Savings> savings() {
    return stages.get(StageName.CONVERT).details().get("savings") instanceof Map<?, ?> json
        ? Savings.of(
            key ->
                json.get(key) instanceof Number bytes
                    ? Optional.of(bytes.longValue())
                    : Optional.empty())
        : Optional.empty();
  }

  /** Whether all that was asked for was done. */
  public boolean succeeded() {
    return failure.isEmpty();
  }
}
