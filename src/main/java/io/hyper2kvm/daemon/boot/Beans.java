package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.StagesConfig;
import io.hyper2kvm.daemon.completion.ManifestJudge;
import io.hyper2kvm.daemon.completion.RetentionSweep;
import io.hyper2kvm.daemon.completion.SpaceHealth;
import io.hyper2kvm.daemon.completion.VmOutcomes;
import io.hyper2kvm.daemon.completion.VmPipeline;
import io.hyper2kvm.daemon.completion.WaitingEnds;
import io.hyper2kvm.daemon.exec.StageLimits;
import io.hyper2kvm.daemon.exec.ToolCalls;
import io.hyper2kvm.daemon.exec.ToolComponent;
import io.hyper2kvm.daemon.hooks.HookComponent;
import io.hyper2kvm.daemon.hooks.VmSteering;
import io.hyper2kvm.daemon.hooks.WaitFor;
import io.hyper2kvm.daemon.intake.CancelRequests;
import io.hyper2kvm.daemon.intake.Drain;
import io.hyper2kvm.daemon.intake.Holds;
import io.hyper2kvm.daemon.intake.IntakeHealth;
import io.hyper2kvm.daemon.intake.IntakePolls;
import io.hyper2kvm.daemon.intake.ManifestIntake;
import io.hyper2kvm.daemon.intake.ManifestsInFlight;
import io.hyper2kvm.daemon.intake.VmQueue;
import io.hyper2kvm.daemon.intake.WaitingCancel;
import io.hyper2kvm.daemon.intake.WaitingQueue;
import io.hyper2kvm.daemon.log.JobLogs;
import io.hyper2kvm.daemon.observe.Observed;
import io.hyper2kvm.daemon.recovery.ManifestRecords;
import io.hyper2kvm.daemon.web.WebPort;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.RetryManifest;
import io.hyper2kvm.report.Estimate;
import io.hyper2kvm.report.ProgressListener;
import io.hyper2kvm.report.SignedReports;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.cleanup.JobCleanup;
import io.hyper2kvm.stage.convert.ConvertStage;
import io.hyper2kvm.stage.fix.FixStage;
import io.hyper2kvm.stage.inspect.ApplianceEnd;
import io.hyper2kvm.stage.inspect.GuestTalk;
import io.hyper2kvm.stage.inspect.InspectStage;
import io.hyper2kvm.stage.load.LoadStage;
import io.hyper2kvm.stage.load.OutputReservations;
import io.hyper2kvm.stage.publish.Publication;
import io.hyper2kvm.stage.space.SpaceReservations;
import io.hyper2kvm.stage.validate.BootTestStage;
import io.hyper2kvm.stage.validate.ValidateStage;
import io.hyper2kvm.stage.windows.WindowsStage;
import io.hyper2kvm.tool.ToolRunner;
import io.hyper2kvm.view.PastVms;
import io.hyper2kvm.workflow.DrainFile;
import io.hyper2kvm.workflow.DropZone;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WaitingTiming;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.File;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** The beans that the routes name; listed in docs/routes.md. */
public final class Beans implements AutoCloseable {

  private final Map<String, Object> byName = new LinkedHashMap<>();
  private final VmQueue vmPool;
  private final ExecutorService hookThreads;
  private final DaemonStop stop;
  private final IntakeHealth health;
  private final SpaceHealth spaceHealth;
  private final WaitingEnds ends;
  private final ManifestsInFlight inFlight;
  private final WebPort web;
  private final Drain drain;
  private final Observed observed;

  public Beans(
      DaemonConfig config,
      StageSettings settings,
      WorkflowDirectories directories,
      ManifestPlaces places,
      Clock clock) {
    this(
        config,
        settings,
        directories,
        places,
        clock,
        ProgressListener.NONE,
        JobLogs.none(),
        directories,
        true);
  }

  /**
   * The beans.
   *
   * @param progress is told of the progress of the VMs
   * @param logs the logs of the manifests
   * @param history whose reports tell how long the work takes
   * @param patient whether a manifest waits for its time, and for space for its report
   */
  public Beans(
      DaemonConfig config,
      StageSettings settings,
      WorkflowDirectories directories,
      ManifestPlaces places,
      Clock clock,
      ProgressListener progress,
      JobLogs logs,
      WorkflowDirectories history,
      boolean patient) {
    PastVms past = new PastVms(history);
    OutputReservations reservations = new OutputReservations();
    SpaceReservations space = new SpaceReservations();
    ToolRunner runner = new ToolRunner(settings.toolUser());
    ManifestReader reader = new ManifestReader(config.manifests());
    // One pool for all manifests: its size is the one limit on VMs at work.
    VmThreads threads = new VmThreads();
    drain = new Drain(DrainFile.of(directories));
    Holds holds = new Holds(drain, patient, clock);
    vmPool = new VmQueue(config.workflow().maxConcurrentJobs(), threads, holds::of);
    // No more manifests can be held.
    hookThreads = Executors.newCachedThreadPool(threads.named("hook-"));
    inFlight = new ManifestsInFlight(config.intake().maxInFlight());
    inFlight.parked(vmPool::parked);
    drain.counts(vmPool::atWork);
    DropZone dropZone = new DropZone(config.intake().minAge(), clock);
    WaitingQueue queue =
        new WaitingQueue(
            directories.toBeProcessed(),
            dropZone,
            file -> WaitingTiming.of(file, reader, config.intake().maxManifestSize().bytes()),
            holds,
            inFlight::contains,
            System::nanoTime);
    ManifestRecords records = new ManifestRecords(directories);
    CancelRequests cancels =
        new CancelRequests(directories, new WaitingCancel(directories, places, progress, clock));
    ManifestIntake intake =
        new ManifestIntake(
            directories,
            places,
            records,
            reader,
            config.workflow().workDir(),
            dropZone,
            queue,
            holds,
            config.intake(),
            cancels,
            progress,
            logs,
            clock);
    ends = new WaitingEnds(patient, clock);
    spaceHealth = new SpaceHealth(ends);
    stop = new DaemonStop(intake, inFlight, threads, ends, config.workflow().shutdownTimeout());
    byName.put("vmPool", vmPool);
    byName.put("drain", drain);
    byName.put(
        "takingOrder",
        (Comparator<GenericFile<File>>)
            (one, other) -> queue.compare(one.getFileNameOnly(), other.getFileNameOnly()));
    byName.put("vmOutcomes", new VmOutcomes());
    byName.put("manifestIntake", intake);
    byName.put("manifestsInFlight", inFlight);
    byName.put(
        "manifestJudge",
        new ManifestJudge(
            directories,
            places,
            records,
            intake,
            new RetryManifest(reader, config.intake().maxManifestSize().bytes()),
            cancels,
            ends,
            config.log().file(),
            progress,
            logs,
            new SignedReports(settings.signer()),
            clock));
    byName.put("cancelRequests", cancels);
    IntakePolls polls = new IntakePolls(clock, inFlight, queue);
    byName.put("intakePolls", polls);
    health = new IntakeHealth(polls, config.intake().pollInterval());
    observed =
        new Observed(
            polls,
            inFlight,
            ends,
            runner,
            intake::stopping,
            queue::scheduled,
            queue::isScheduled,
            () -> refusal(intake, drain));
    web =
        new WebPort(
            config,
            new OwnFacts(runner, intake, drain, queue, inFlight, polls, ends),
            reader,
            clock);
    byName.put("retentionSweep", new RetentionSweep(directories, config.retention(), clock));
    byName.put("vmPipeline", new VmPipeline(intake, holds, new JobCleanup(reservations, space)));
    byName.put(
        "loadStage",
        new LoadStage(
            settings,
            reservations,
            space,
            config.stages().loadTimeout(),
            work -> Estimate.of(past.latest(), work)));
    byName.put("inspectStage", new InspectStage(settings));
    byName.put("guestTalk", new GuestTalk());
    byName.put("fixStage", new FixStage());
    byName.put(
        "windowsStage",
        new WindowsStage(settings, config.tools().virtioWin(), config.sources().named()));
    byName.put("applianceEnd", new ApplianceEnd());
    byName.put("convertStage", new ConvertStage(settings));
    byName.put("validateStage", new ValidateStage());
    byName.put("bootTestStage", new BootTestStage(settings));
    byName.put("publication", new Publication(settings.signer()));
    byName.put("toolCalls", new ToolCalls());
    byName.put("vmSteering", new VmSteering());
    byName.put("waitFor", new WaitFor());
    byName.put("hook", new HookComponent(hookThreads, intake::stopping));
    byName.put("exec", new ToolComponent(runner, settings, limits(config.stages())));
  }

  private static Optional<String> refusal(ManifestIntake intake, Drain drain) {
    if (intake.stopping()) {
      return Optional.of("the daemon is being stopped: start it again if nobody else does");
    }
    return drain.isOn()
        ? Optional.of("the daemon was drained and begins nothing: end it by hyper2kvm resume")
        : Optional.empty();
  }

  private static StageLimits limits(StagesConfig config) {
    return new StageLimits(
        Map.of(
            StageName.LOAD, config.loadTimeout(),
            StageName.INSPECT, config.inspectTimeout(),
            StageName.FIX, config.fixTimeout(),
            StageName.CONVERT, config.convertTimeout(),
            StageName.VALIDATE, config.validateTimeout()));
  }

  /** The manifests that are held now. */
  ManifestsInFlight inFlight() {
    return inFlight;
  }

  /** The web page and the HTTP API. */
  public WebPort web() {
    return web;
  }

  /** Sets what is told when nothing new begins, and when it does again. */
  void onDrain(Drain.Listener listener) {
    drain.onChange(listener);
  }

  /** What happens before the routes are stopped. */
  DaemonStop stop() {
    return stop;
  }

  /** The health checks of the intake and of the reports. */
  List<AbstractHealthCheck> checks() {
    return List.of(health, spaceHealth);
  }

  /** What the metrics and the other health checks look at. */
  Observed observed() {
    return observed;
  }

  /** The beans by the names that the routes use. */
  public Map<String, Object> all() {
    return byName;
  }

  @Override
  public void close() {
    vmPool.shutdownNow();
    hookThreads.shutdownNow();
    ends.close();
  }
}
