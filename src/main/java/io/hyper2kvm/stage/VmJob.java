package io.hyper2kvm.stage;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.Pipeline;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.LiveStatus;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.report.StageStatus;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.tool.ToolUser;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One VM in the stages: its identity, what was asked for, and its progress. The results of its
 * stages are in {@link StageResults}. Used by one thread at a time; only progress may be reported
 * by another.
 */
public final class VmJob {

  private final String manifestName;
  private VmSpec spec;
  private final Path directory;
  private final LiveStatus status;
  private final Clock clock;
  private final OffsetDateTime startedAt;
  private final JobStages stages;
  private final List<String> warnings = new ArrayList<>();
  private StageResults results = StageResults.none();
  private boolean reuses;
  private final JobAppliance appliance = new JobAppliance();
  private Optional<Failure> failure = Optional.empty();
  private final boolean dryRun;
  private final PartFiles parts = new PartFiles();
  private ToolFiles toolFiles;
  private final CopyProgress copy;

  /**
   * A VM before its first stage.
   *
   * @param manifestName the manifest's name, for messages
   * @param directory a directory of its own for overlays and copies; absolute, made by LOAD
   * @param dryRun whether all is only tried, and nothing written but to that directory
   */
  public VmJob(
      String manifestName,
      VmSpec spec,
      Path directory,
      LiveStatus status,
      Clock clock,
      boolean dryRun) {
    this.dryRun = dryRun;
    this.manifestName = manifestName;
    this.spec = spec;
    this.directory = directory;
    this.toolFiles = new ToolFiles(directory, ToolUser.OWN);
    this.status = status;
    this.copy = new CopyProgress((bytes, later) -> status.copies(name(), bytes, later));
    this.clock = clock;
    this.startedAt = OffsetDateTime.now(clock);
    this.stages = new JobStages(clock);
  }

  /** The VM's name. */
  public String name() {
    return spec.name();
  }

  /** The name of the manifest that asked for it. */
  public String manifestName() {
    return manifestName;
  }

  /** What was asked for. */
  public VmSpec spec() {
    return spec;
  }

  /**
   * Changes what is asked for, before the first stage.
   *
   * @throws IllegalStateException when a stage has relied on it already
   */
  public void steer(Pipeline wanted) {
    if (stage().isPresent()) {
      throw new IllegalStateException(
          "what %s asks for can be changed before LOAD only".formatted(name()));
    }
    spec = new VmSpec(spec.name(), wanted, spec.metadata(), spec.ownNetworks());
  }

  /** The VM's own directory. */
  public Path directory() {
    return directory;
  }

  /** The files that it shares with its tools. */
  public ToolFiles toolFiles() {
    return toolFiles;
  }

  /** Its tools run as this user. */
  public void toolUser(ToolUser user) {
    toolFiles = new ToolFiles(directory, user);
  }

  /** Its outputs while they grow. */
  public PartFiles parts() {
    return parts;
  }

  /** What its stages have found so far. */
  public StageResults results() {
    return results;
  }

  /** Keeps what a stage has found so far. */
  public void keep(StageResult result) {
    results = results.with(result);
  }

  /** Whether all is only tried. */
  public boolean isDryRun() {
    return dryRun;
  }

  /** How far the copy of its disks has come. */
  public CopyProgress copy() {
    return copy;
  }

  /** Whether an earlier run's outputs are this VM's, so that nothing is left to do. */
  public boolean reuses() {
    return reuses;
  }

  /** An earlier run's outputs are this VM's. */
  public void reuse() {
    reuses = true;
  }

  /** Whether the stages after LOAD have anything to do: not for a VM that failed or reuses. */
  public boolean hasWorkLeft() {
    return !failed() && !reuses;
  }

  /** Whether outputs are written: not in a dry run, whose fixes go to an overlay and no further. */
  public boolean writesOutputs() {
    return hasWorkLeft() && !dryRun;
  }

  /** The VM's appliance, which there is from INSPECT to the end of FIX. */
  public JobAppliance appliance() {
    return appliance;
  }

  /** What an operator should look at, so far. */
  public List<String> warnings() {
    return warnings;
  }

  /** The time of this job's clock. */
  public OffsetDateTime now() {
    return OffsetDateTime.now(clock);
  }

  /** Adds what an operator should look at although the VM may succeed. */
  public void warn(String warning) {
    warnings.add(warning);
  }

  /** The stage the VM is in; empty before the first. */
  public Optional<StageName> stage() {
    return stages.current();
  }

  /** The VM enters a stage. */
  public void enter(StageName next) {
    copy.entered(next);
    stages.enter(next);
    status.entered(name(), next);
  }

  /**
   * What is left of a stage's time, by a clock that nobody sets.
   *
   * @param limit the stage's whole time
   * @throws StageFailedException when nothing is left
   */
  public Duration leftOfStage(Duration limit) {
    return stages.left(limit);
  }

  /** Keeps and tells what the work after LOAD is expected to take. */
  public void expects(ExpectedWork work) {
    keep(work);
    status.expects(name(), work.estimate());
  }

  /** The VM begins or ends to stand still until others have left room. */
  public void waitsForSpace(boolean waits) {
    status.waitsForSpace(name(), waits);
  }

  /** The stage has come so far; {@code percent} from 0 to 100. May be called by any thread. */
  public void progress(double percent) {
    copy.progressed(percent);
    status.progressed(name(), percent);
  }

  /** The stage did what was asked for, and found this. */
  public void complete(StageResult result) {
    keep(result);
    stages.finish(StageStatus.SUCCESS, result.json());
  }

  /**
   * The VM failed in the stage it is in. Only the first failure counts.
   *
   * @param thrown what ended it
   */
  public Failure fail(Throwable thrown) {
    if (failure.isPresent()) {
      return failure.get();
    }
    Failure made = Failures.seenWith(Failures.of(name(), stage(), thrown), directory);
    failure = Optional.of(made);
    stages.fail(Failures.json(made, thrown));
    return made;
  }

  /** Whether the VM has failed. */
  public boolean failed() {
    return failure.isPresent();
  }

  /** Why the VM failed; empty while it has not. */
  public Optional<Failure> failure() {
    return failure;
  }

  /** When its way began. */
  public OffsetDateTime startedAt() {
    return startedAt;
  }

  /** Keeps a picture of the VM's last screen. */
  public void keepScreen(byte[] png) {
    status.keepScreen(name(), png);
  }

  /** The VM has come to its end; told once. */
  public void ended(VmOutcome outcome) {
    status.ended(outcome);
  }

  /** The source disks as the manifest names them. */
  public List<Path> inputs() {
    List<Path> inputs = new ArrayList<>(List.of(spec.pipeline().load().sourcePath()));
    inputs.addAll(spec.pipeline().load().additionalDisks());
    return inputs;
  }

  /** Every stage, also those that did not begin. */
  public Map<StageName, StageReport> stages() {
    return stages.all(failed(), this::requested);
  }

  private boolean requested(StageName name) {
    return switch (name) {
      case LOAD, CONVERT -> true;
      case INSPECT -> needsAppliance();
      case FIX -> spec.pipeline().fix().any();
      case VALIDATE -> spec.pipeline().validate().enabled();
    };
  }

  /** Whether the guest must be looked into. */
  public boolean needsAppliance() {
    return spec.pipeline().needsGuest();
  }

  /** The failure of a VM that was not begun, and why. */
  public void notBegun(FailureCode code, String reason) {
    fail(StageFailedException.because(code, name() + " was not begun: " + reason));
  }
}
