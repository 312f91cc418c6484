package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.value.KvmMode;
import io.hyper2kvm.daemon.intake.CancelRequests;
import io.hyper2kvm.daemon.intake.WaitingCancel;
import io.hyper2kvm.daemon.log.JobLogs;
import io.hyper2kvm.daemon.observe.JobMarking;
import io.hyper2kvm.daemon.observe.Observation;
import io.hyper2kvm.daemon.recovery.Recovery;
import io.hyper2kvm.daemon.recovery.RunMark;
import io.hyper2kvm.daemon.routes.RouteFolders;
import io.hyper2kvm.report.ProgressListener;
import io.hyper2kvm.report.SignedReports;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.cleanup.OrphanJobs;
import io.hyper2kvm.tool.KvmProbe;
import io.hyper2kvm.tool.OrphanProcesses;
import io.hyper2kvm.tool.ProcessIdentity;
import io.hyper2kvm.tool.ToolEnvironment;
import io.hyper2kvm.tool.ToolUser;
import io.hyper2kvm.tool.luks.LuksKeys;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WorkflowDirectories;
import io.hyper2kvm.workflow.WorkflowLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.camel.main.Main;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The daemon: takes manifests until it is stopped. */
public final class ManifestDaemon {

  private static final Logger LOG = LogManager.getLogger(ManifestDaemon.class);
  private static final String QEMU = "qemu-system-x86_64";

  /** How long a dead daemon's tools may take to end: long for a disk that does not answer. */
  private static final Duration TOOLS_END = Duration.ofSeconds(60);

  /** What Camel's stop and the daemon's own end may take, after the running VMs. */
  private static final Duration AFTER_STOP = Duration.ofSeconds(15);

  /**
   * Runs until stopped by a signal.
   *
   * @return the process's exit code: 0 after a clean stop, 1 after a failure
   */
  public int run(DaemonConfig config) {
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    FatalErrors errors = new FatalErrors(Runtime.getRuntime()::halt, LogManager::shutdown);
    Thread.setDefaultUncaughtExceptionHandler(errors);
    try {
      return runGuarded(config);
    } catch (Error e) {
      // Nobody would end the process: threads of Camel may go on, without the lock of the folders.
      errors.uncaughtException(Thread.currentThread(), e);
      throw e;
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  private static int runGuarded(DaemonConfig config) {
    WorkflowDirectories directories = new WorkflowDirectories(config.workflow().dir());
    try {
      directories.create();
      Files.createDirectories(config.output().dir());
      Files.createDirectories(config.workflow().workDir());
      Duration stop = config.workflow().shutdownTimeout().plus(DaemonStop.GRACE).plus(AFTER_STOP);
      try (EndAtSignal end = new EndAtSignal(stop);
          WorkflowLock lock = WorkflowLock.take(directories);
          Announcement announcement = Announcement.make(config, directories)) {
        return runAsOwner(config, directories, lock.id(), announcement, end);
      }
    } catch (Exception e) {
      LOG.error("daemon-failed reason={}", e.getMessage());
      LOG.debug("daemon-failed-because", e);
      return 1;
    }
  }

  private static int runAsOwner(
      DaemonConfig config,
      WorkflowDirectories directories,
      String owner,
      Announcement announcement,
      EndAtSignal end)
      throws Exception {
    ManifestPlaces places = new ManifestPlaces();
    Clock clock = Clock.systemDefaultZone();
    requireFolders(config); // The recovery trusts the files there.
    Observation observation = Observation.of(config, clock);
    recover(config, directories, places, owner, observation.listener(), clock);
    StageSettings settings = settings(config, owner);
    LOG.info(
        "daemon-starting workflow={} output={} jobs={} kvm={}",
        config.workflow().dir(),
        config.output().dir(),
        config.workflow().maxConcurrentJobs(),
        settings.kvm());
    ConfiguredSigner.log(settings.signer());
    if (settings.toolUser().isOther()) {
      LOG.info("tools-run-as user={}", settings.toolUser().name());
    } else if (ToolUser.isRoot()) {
      LOG.warn(
          "runs-as-root reason=so do the tools, which read disks from elsewhere, without"
              + " tool_user");
    }
    try (observation;
        JobLogs logs = JobLogs.of(config.log().jobLogSize());
        Beans beans =
            new Beans(
                config,
                settings,
                directories,
                places,
                clock,
                observation.listener(),
                logs,
                directories,
                true)) {
      RouteFolders folders = RouteFilesCheck.folders(config);
      RoutesVerdict routes = RouteFilesCheck.begin(folders, config, beans);
      RouteFilesCheck.log(folders);
      Main main = main(config, beans, observation);
      main.addMainListener(routes);
      beans.onDrain(announcement::drains);
      end.arm();
      try {
        main.run();
      } catch (Exception e) {
        routes.require(); // Says more than Camel does of a file that neither can use.
        throw e;
      }
      LOG.info("daemon-stopped exit={}", main.getExitCode());
      return main.getExitCode();
    } finally {
      runMark(config).clear();
    }
  }

  /** First the tools, then what they wrote, then the manifests: each relies on the one before. */
  public static void recover(
      DaemonConfig config,
      WorkflowDirectories directories,
      ManifestPlaces places,
      String owner,
      ProgressListener progress,
      Clock clock)
      throws IOException, InterruptedException {
    OrphanJobs jobs = new OrphanJobs(config.workflow().workDir());
    for (ProcessIdentity tool : new OrphanProcesses(owner, jobs.tools()).end(TOOLS_END)) {
      LOG.warn("leftover-tool-ended pid={}", tool.pid());
    }
    jobs.remove();
    SignedReports reports = new SignedReports(ConfiguredSigner.of(config));
    new Recovery(directories, places, config.log().file(), progress, reports, clock).run();
    // Before a route can begin a manifest that was cancelled.
    new CancelRequests(directories, new WaitingCancel(directories, places, progress, clock)).look();
  }

  /**
   * A Camel Main that runs the routes with the program's beans.
   *
   * @throws IOException when the folders of the routes cannot be read
   */
  public static Main main(DaemonConfig config, Beans beans, Observation observation)
      throws IOException {
    Main main = new Main();
    main.configure().withName("hyper2kvm");
    main.configure().setBasePackageScanEnabled(false);
    main.configure().setJmxEnabled(false);
    main.configure().setRoutesIncludePattern(RouteFilesCheck.folders(config).pattern());
    main.configure()
        .setShutdownTimeout((int) Math.max(1, config.workflow().shutdownTimeout().toSeconds()));
    main.configure().setShutdownLogInflightExchangesOnTimeout(true);
    Properties properties = new Properties();
    properties.putAll(observation.serve(main, beans.observed(), beans.checks()));
    properties.putAll(routeProperties(config));
    main.setOverrideProperties(properties);
    main.setDefaultPropertyPlaceholderLocation("false");
    beans.all().forEach(main::bind);
    beans.checks().forEach(check -> main.bind(check.getId() + "Health", check));
    main.addMainListener(new CrashMark(runMark(config)));
    main.addMainListener(beans.stop());
    main.addMainListener(new JobMarking());
    main.addMainListener(beans.web());
    // The shutdown hook waits so much longer than Camel's own time-out before the JVM ends.
    main.configure().setExtraShutdownTimeout((int) DaemonStop.GRACE.toSeconds() + 5);
    return main;
  }

  static Map<String, String> routeProperties(DaemonConfig config) {
    return RouteProperties.of(
        new WorkflowDirectories(config.workflow().dir()),
        config.intake(),
        config.stages(),
        config.bootTest());
  }

  private static RunMark runMark(DaemonConfig config) {
    return new RunMark(new WorkflowDirectories(config.workflow().dir()));
  }

  static StageSettings settings(DaemonConfig config, String owner) throws IOException {
    ToolUser user = ToolUser.configured(config.tools().user());
    boolean kvm = config.tools().kvm() != KvmMode.OFF && kvmWorks(config, owner, user);
    if (config.tools().kvm() == KvmMode.ON && !kvm) {
      throw new IOException("kvm is on, but KVM does not work here: set kvm to auto or off");
    }
    String work = config.workflow().workDir().toString();
    Map<String, String> environment = ToolEnvironment.of(System.getenv(), work, kvm, owner);
    return settings(config, kvm, environment, user, ConfiguredSigner.of(config));
  }

  /** The tools must reach what is made for them, and must not forge what the daemon relies on. */
  static void requireFolders(DaemonConfig config) throws IOException {
    ToolUser user = ToolUser.configured(config.tools().user());
    Path work = config.workflow().workDir().toRealPath();
    if (!user.mayEnter(work)) {
      throw new IOException(
          "tool_user %s cannot reach work_dir %s: give others the right x on it and each folder above it"
              .formatted(user.name(), work));
    }
    requireOwn(user, work);
    requireOwn(user, config.workflow().dir().toRealPath());
    if (Files.exists(config.routes().extraDir())) {
      requireOwn(user, config.routes().extraDir().toRealPath());
    }
  }

  /** The same of the folder of a run without a daemon, which makes the other ones itself. */
  static void requireWorkFolder(DaemonConfig config) throws IOException {
    requireOwn(
        ToolUser.configured(config.tools().user()), config.workflow().workDir().toRealPath());
  }

  private static void requireOwn(ToolUser user, Path folder) throws IOException {
    Optional<Path> replaceable = user.replaceable(folder);
    if (replaceable.isPresent()) {
      throw new IOException(
          "tool_user %s may write to %s, and could replace the daemon's own files below it: make it root's, and writable for nobody else"
              .formatted(user.name(), replaceable.get()));
    }
  }

  /**
   * The settings of the stages where no record of the tools is kept or read, and nothing is signed.
   *
   * @param kvm whether KVM works here
   * @param user the user that the tools run as
   */
  static StageSettings settings(DaemonConfig config, boolean kvm, ToolUser user) {
    String work = config.workflow().workDir().toString();
    Map<String, String> environment = ToolEnvironment.of(System.getenv(), work, kvm);
    return settings(config, kvm, environment, user, Optional.empty());
  }

  private static StageSettings settings(
      DaemonConfig config,
      boolean kvm,
      Map<String, String> toolEnvironment,
      ToolUser user,
      Optional<Signer> signer) {
    return new StageSettings(
        config.sources().roots(),
        config.sources().named(),
        config.sources().allowedDevices(),
        config.output().roots(),
        config.tools().applianceMemory().bytes() >> 20,
        config.tools().convertThreads(),
        kvm,
        config.bootTest().timeout(),
        config.bootTest().memory().bytes() >> 20,
        toolEnvironment,
        user,
        LuksKeys.of(config.tools().luksKeys(), System.getenv()),
        signer);
  }

  private static boolean kvmWorks(DaemonConfig config, String owner, ToolUser user)
      throws IOException {
    return new KvmProbe(user)
        .works(
            QEMU,
            config.workflow().workDir(),
            ToolEnvironment.of(
                System.getenv(), config.workflow().workDir().toString(), true, owner));
  }
}
