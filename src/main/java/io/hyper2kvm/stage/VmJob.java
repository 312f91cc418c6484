package io.hyper2kvm.stage;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.network.NetworkPlan;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.Pipeline;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.report.LiveStatus;
import io.hyper2kvm.report.ReusedFrom;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.report.StageStatus;
import io.hyper2kvm.report.VmOutcome;
import io.hyper2kvm.stage.convert.DomainOutput;
import io.hyper2kvm.stage.fix.Fixing;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.load.EarlierOutputs;
import io.hyper2kvm.stage.load.OvfFacts;
import io.hyper2kvm.stage.publish.Provenance;
import io.hyper2kvm.stage.publish.ProvenanceFile;
import io.hyper2kvm.stage.space.JobSpace;
import io.hyper2kvm.stage.validate.BootRun;
import io.hyper2kvm.tool.ToolUser;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One VM on its way through the stages: what was asked for, what has been found and done so far.
 * Used by one thread at a time; only progress may be told from another.
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
  private List<VmDisk> disks = List.of();
  private Optional<DomainOutput> domain = Optional.empty();
  private Optional<OvfFacts> ovf = Optional.empty();
  private OptionalLong appliance = OptionalLong.empty();
  private Optional<ProcessHandle> applianceProcess = Optional.empty();
  private Optional<GuestFacts> guest = Optional.empty();
  private Optional<NetworkPlan> network = Optional.empty();
  private Optional<Fixing> fixing = Optional.empty();
  private Optional<BootRun> boot = Optional.empty();
  private GuestfishSession dialogue = new GuestfishSession();
  private Optional<Failure> failure = Optional.empty();
  private volatile boolean waitingForSpace;
  private final List<Check> checks = new ArrayList<>();
  private List<Path> published = List.of();
  private final boolean dryRun;
  private final PartFiles parts = new PartFiles();
  private ToolFiles toolFiles;
  private final JobSpace space = new JobSpace();
  private EarlierOutputs earlier = EarlierOutputs.none();

  /**
   * A VM before its first stage.
   *
   * @param manifestName the manifest's name, for messages
   * @param directory a directory of its own for overlays and copies; absolute, made by LOAD
   */
  public VmJob(String manifestName, VmSpec spec, Path directory, LiveStatus status, Clock clock) {
    this(manifestName, spec, directory, status, clock, false);
  }

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
    spec = new VmSpec(spec.name(), wanted, spec.metadata());
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

  /** The VM's disks; empty before LOAD. */
  public List<VmDisk> disks() {
    return disks;
  }

  public void disks(List<VmDisk> found) {
    disks = List.copyOf(found);
  }

  /** Where the VM's libvirt domain goes; empty before LOAD, and when there is to be none. */
  public Optional<DomainOutput> domain() {
    return domain;
  }

  public void domain(Optional<DomainOutput> output) {
    domain = output;
  }

  /** Whether all is only tried. */
  public boolean isDryRun() {
    return dryRun;
  }

  /** What is known of the space it needs. */
  public JobSpace space() {
    return space;
  }

  /** What LOAD found at the places of the outputs. */
  public EarlierOutputs earlier() {
    return earlier;
  }

  public void earlier(EarlierOutputs found) {
    earlier = found;
  }

  /** Whether an earlier run's outputs are this VM's, so that nothing is left to do. */
  public boolean reuses() {
    return earlier.reusable().isPresent();
  }

  /** Whether the stages after LOAD have anything to do: not for a VM that failed or reuses. */
  public boolean hasWorkLeft() {
    return !failed() && !reuses();
  }

  /** Whether outputs are written: not in a dry run, whose fixes go to an overlay and no further. */
  public boolean writesOutputs() {
    return hasWorkLeft() && !dryRun;
  }

  /** The process id of the VM's listening guestfish, while there is one. */
  public OptionalLong appliance() {
    return appliance;
  }

  public void appliance(OptionalLong pid) {
    appliance = pid;
    applianceProcess = pid.isPresent() ? ProcessHandle.of(pid.getAsLong()) : Optional.empty();
  }

  /** That process itself: its id may long be another's when it has died. */
  public Optional<ProcessHandle> applianceProcess() {
    return applianceProcess;
  }

  /** What INSPECT found; empty before it, and when it was not needed. */
  public Optional<GuestFacts> guest() {
    return guest;
  }

  public void guest(GuestFacts facts) {
    guest = Optional.of(facts);
  }

  /** What an appliance said of its machine; empty before LOAD, and for plain disks. */
  public Optional<OvfFacts> ovf() {
    return ovf;
  }

  public void ovf(Optional<OvfFacts> facts) {
    ovf = facts;
  }

  /** How the guest's network is configured, and what would keep it so on virtio cards. */
  public Optional<NetworkPlan> network() {
    return network;
  }

  public void network(NetworkPlan plan) {
    network = Optional.of(plan);
  }

  public Optional<Fixing> fixing() {
    return fixing;
  }

  public void fixing(Fixing fixes) {
    fixing = Optional.of(fixes);
  }

  public Optional<BootRun> boot() {
    return boot;
  }

  public void boot(BootRun run) {
    boot = Optional.of(run);
  }

  /** The questions of the stage that talks to the appliance now. */
  public GuestfishSession dialogue() {
    return dialogue;
  }

  public void dialogue(GuestfishSession next) {
    dialogue = next;
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
    space.entered(next);
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

  /** Whether the VM stands still now until others have left room; may be asked by any thread. */
  public boolean isWaitingForSpace() {
    return waitingForSpace;
  }

  /** The VM begins or ends to stand still until others have left room. */
  public void waitsForSpace(boolean waits) {
    waitingForSpace = waits;
    status.waitsForSpace(name(), waits);
  }

  /** The stage has come so far; {@code percent} from 0 to 100. May be called by any thread. */
  public void progress(double percent) {
    space.progressed(percent);
    status.progressed(name(), percent);
  }

  /**
   * The stage did what was asked for.
   *
   * @param details the stage's own keys in the report
   */
  public void succeed(Map<String, Object> details) {
    stages.finish(StageStatus.SUCCESS, details);
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
    Map<String, Object> reason = new LinkedHashMap<>(evidence(thrown));
    reason.put("code", made.code().name());
    reason.put("error", made.message());
    stages.fail(reason);
    return made;
  }

  private static Map<String, Object> evidence(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof StageFailedException failed) {
        return failed.details();
      }
    }
    return Map.of();
  }

  /** Whether the VM has failed. */
  public boolean failed() {
    return failure.isPresent();
  }

  /** Keeps a check's result for the report of VALIDATE. */
  public void check(Check check) {
    checks.add(check);
  }

  /** All checks so far. */
  public List<Check> checks() {
    return checks;
  }

  public void published(List<Path> outputs) {
    published = List.copyOf(outputs);
  }

  /** What became of the VM; asked once, at the end of its way. */
  public VmOutcome outcome() {
    Optional<Provenance> reused = failed() ? Optional.empty() : earlier.reusable();
    List<String> of = reused.map(Provenance::warnings).orElse(List.of());
    List<String> allWarnings = new ArrayList<>(of);
    // A route in direct:before-load says the same in each run.
    warnings.stream().filter(warning -> !of.contains(warning)).forEach(allWarnings::add);
    VmOutcome outcome =
        new VmOutcome(
            name(),
            spec.metadata(),
            startedAt,
            now(),
            reused.map(Provenance::stages).orElseGet(this::stages),
            inputs(),
            reused.map(Provenance::paths).orElse(published),
            reused.map(Provenance::domainPath).orElseGet(this::publishedDomain),
            allWarnings,
            failure,
            reused.map(
                from ->
                    new ReusedFrom(
                        ProvenanceFile.of(from.paths().get(0)),
                        from.manifest(),
                        from.vm(),
                        from.completedAt())),
            dryRun ? Optional.of(DryRunPlan.of(this)) : Optional.empty());
    status.ended(outcome);
    return outcome;
  }

  private Optional<Path> publishedDomain() {
    return published.isEmpty() ? Optional.empty() : domain.map(DomainOutput::target);
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

  /**
   * The failure of a VM that was not begun.
   *
   * @param reason why not
   */
  public void cancelBeforeStart(String reason) {
    fail(StageFailedException.because(FailureCode.CANCELLED, name() + " was not begun: " + reason));
  }

  /** The failure of a VM that was not begun because another one failed. */
  public void stopBeforeStart() {
    fail(
        StageFailedException.because(
            FailureCode.STOPPED_AFTER_FAILURE,
            name() + " was not begun: another VM of the batch failed and on_failure is stop"));
  }
}
