package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.daemon.log.JobLogs;
import io.hyper2kvm.daemon.observe.Observation;
import io.hyper2kvm.report.ProgressListener;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.tool.ToolUser;
import io.hyper2kvm.workflow.DropZone;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/**
 * Runs one manifest without a daemon: with the same routes and beans, in a private workflow
 * directory that is removed when the manifest has ended.
 */
public final class OneShot {

  /**
   * The result of the manifest.
   *
   * @param completed whether every VM succeeded
   * @param report its report or error file; empty when it was stopped
   */
  public record Result(boolean completed, Optional<byte[]> report) {

    /** Whether it was stopped before its end. */
    public boolean stopped() {
      return report.isEmpty();
    }
  }

  /** Makes the settings of the stages; asks whether KVM works. */
  @FunctionalInterface
  interface Installation {
    StageSettings settings(DaemonConfig config) throws IOException;
  }

  private final ProgressListener progress;
  private final Optional<Path> history;
  private final Installation installation;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stopped;
  private volatile Main main;

  /** A run that tells the listener how it comes along. */
  public OneShot(ProgressListener progress) {
    this(progress, Optional.empty());
  }

  /**
   * The same.
   *
   * @param history a workflow directory whose reports tell how long the work takes
   */
  public OneShot(ProgressListener progress, Optional<Path> history) {
    this(progress, history, OneShot::settings);
  }

  /** The tools are marked with the private directory's name, by which a later run finds them. */
  private static StageSettings settings(DaemonConfig config) throws IOException {
    ManifestDaemon.requireFolders(config);
    return ManifestDaemon.settings(config, config.workflow().dir().getFileName().toString());
  }

  OneShot(ProgressListener progress, Installation installation) {
    this(progress, Optional.empty(), installation);
  }

  private OneShot(ProgressListener progress, Optional<Path> history, Installation installation) {
    this.progress = progress;
    this.history = history;
    this.installation = installation;
  }

  /**
   * Runs one manifest and returns when it has ended, or {@link #stop} was called. May be called
   * once.
   *
   * @param config its work directory holds the private directory; its workflow directory is not
   *     used
   * @param manifest stays where it is
   * @param dryRun whether it is taken for a dry run, whatever it says
   * @throws IOException when it cannot be taken at all
   */
  public Result run(DaemonConfig config, Path manifest, boolean dryRun) throws IOException {
    try {
      Files.createDirectories(config.workflow().workDir());
      // The files of killed runs are trusted and removed before anything else is done.
      ManifestDaemon.requireWorkFolder(config);
      try (RunFolder own = RunFolder.make(config.workflow().workDir())) {
        own.removeOthersLeft();
        own.open(ToolUser.configured(config.tools().user()));
        return run(config.oneShot(own.path(), own.work(), dryRun), manifest);
      }
    } finally {
      ended.countDown();
    }
  }

  private Result run(DaemonConfig config, Path manifest) throws IOException {
    WorkflowDirectories directories = new WorkflowDirectories(config.workflow().dir());
    directories.create();
    copy(config, manifest, directories.toBeProcessed());
    try (Beans beans =
        new Beans(
            config,
            installation.settings(config),
            directories,
            new ManifestPlaces(),
            Clock.systemDefaultZone(),
            progress,
            JobLogs.none(),
            history.map(WorkflowDirectories::new).orElse(directories),
            false)) {
      RouteFilesCheck.begin(RouteFilesCheck.folders(config), config, beans).require();
      Main camel = ManifestDaemon.main(config, beans, Observation.none());
      // The caller decides what a signal does.
      camel.setShutdownStrategy(new SimpleMainShutdownStrategy());
      beans.inFlight().onIdle(camel::completed);
      main = camel;
      if (!stopped) {
        camel.run();
      }
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the routes cannot be run: " + rootOf(e).getMessage(), e);
    }
    if (stopped) {
      return new Result(false, Optional.empty());
    }
    return result(directories);
  }

  private static Throwable rootOf(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static void copy(DaemonConfig config, Path manifest, Path folder) throws IOException {
    if (Files.exists(manifest) && !Files.isRegularFile(manifest)) {
      throw new IOException("not a regular file: " + manifest);
    }
    byte[] content;
    try (InputStream in = Files.newInputStream(manifest)) {
      content = in.readNBytes(Math.toIntExact(config.intake().maxManifestSize().bytes()) + 1);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no such file: " + manifest, e);
    }
    Path place = Files.write(folder.resolve(manifest.getFileName()), content);
    if (!new DropZone(Duration.ZERO, Clock.systemDefaultZone()).accepts(place)) {
      throw new IOException(
          "%s cannot be a manifest by its name: it must end in .json, .yaml or .yml, not in .report.json, .error.json or .status.json, and not begin with a dot"
              .formatted(manifest.getFileName()));
    }
  }

  private static Result result(WorkflowDirectories directories) throws IOException {
    Optional<Path> report = find(directories.processed(), ".report.json");
    Optional<Path> file = report.or(() -> find(directories.failed(), ".error.json"));
    if (file.isEmpty()) {
      throw new IOException("the manifest ended without a report; the log says why");
    }
    return new Result(report.isPresent(), Optional.of(Files.readAllBytes(file.get())));
  }

  private static Optional<Path> find(Path folder, String ending) {
    try (Stream<Path> tree = Files.walk(folder, 2)) {
      return tree.filter(path -> path.getFileName().toString().endsWith(ending)).findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Ends the work: the tools are ended, and nothing half-written stays. By any thread. */
  public void stop() {
    stopped = true;
    Main camel = main;
    if (camel != null) {
      camel.completed();
    }
  }

  /** Waits until {@link #run} has cleaned up; false when it has not within the time. */
  public boolean awaitEnd(Duration limit) throws InterruptedException {
    return ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }
}
