package io.hyper2kvm.daemon;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.WrittenFiles;
import io.hyper2kvm.config.BootTestConfig;
import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.DomainConfig;
import io.hyper2kvm.config.HttpConfig;
import io.hyper2kvm.config.IntakeConfig;
import io.hyper2kvm.config.LogConfig;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.RetentionConfig;
import io.hyper2kvm.config.RoutesConfig;
import io.hyper2kvm.config.SourcesConfig;
import io.hyper2kvm.config.StagesConfig;
import io.hyper2kvm.config.ToolsConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.config.value.DataSize;
import io.hyper2kvm.config.value.KvmMode;
import io.hyper2kvm.config.value.LogFormat;
import io.hyper2kvm.config.value.LogLevel;
import io.hyper2kvm.config.value.SigningConfig;
import io.hyper2kvm.config.value.WebConfig;
import io.hyper2kvm.daemon.boot.Beans;
import io.hyper2kvm.daemon.boot.ConfiguredSigner;
import io.hyper2kvm.daemon.boot.ManifestDaemon;
import io.hyper2kvm.daemon.intake.ManifestIntake;
import io.hyper2kvm.daemon.log.JobLogs;
import io.hyper2kvm.daemon.observe.Observation;
import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.report.ProgressListener;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.tool.ToolEnvironment;
import io.hyper2kvm.tool.ToolUser;
import io.hyper2kvm.tool.luks.LuksKeys;
import io.hyper2kvm.workflow.ManifestPlaces;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.support.ScheduledPollConsumer;

/** The shipped routes with the real beans, in this JVM, on folders of their own and fake tools. */
public final class RunningDaemon implements AutoCloseable {

  static final int DISK_BYTES = 64 << 10;
  public static final Duration LIMIT = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  public final Path root;
  public final WorkflowDirectories directories;
  public final FakeTools tools;
  String path;
  List<Path> devices = List.of();
  public int maxConcurrentJobs = 2;
  public int maxInFlight = 16;
  public Optional<Integer> httpPort = Optional.empty();
  public Optional<URI> traces = Optional.empty();
  public WebConfig web = WebConfig.closed();
  DataSize jobLogSize = DataSize.parse("0B");
  DataSize minFreeSpace = DataSize.parse("1MiB");
  boolean dryRun;
  Optional<Path> signingKey = Optional.empty();
  Duration loadTimeout = Duration.ofMinutes(1);
  ToolUser toolUser = ToolUser.OWN;
  Duration convertTimeout = Duration.ofMinutes(1);
  Duration shutdownTimeout = Duration.ofSeconds(10);
  Clock clock = Clock.systemDefaultZone();
  Path routes = Path.of("routes").toAbsolutePath();
  private Beans beans;
  private Observation observation;
  private JobLogs logs;
  private Main main;
  private Thread thread;

  public RunningDaemon(Path root) throws IOException {
    this.root = root.toRealPath();
    directories = new WorkflowDirectories(this.root.resolve("workflow"));
    directories.create();
    Files.createDirectories(work());
    Files.createDirectories(output());
    Files.createDirectories(this.root.resolve("in"));
    tools = new FakeTools(this.root.resolve("tools"));
    path = tools.folder() + ":/usr/bin:/bin";
  }

  public Path output() {
    return root.resolve("out");
  }

  public Path work() {
    return root.resolve("work");
  }

  /** The operator's own routes. */
  Path routesD() {
    return root.resolve("routes.d");
  }

  /** Adds an operator's route file. */
  RunningDaemon route(String file, String yaml) throws IOException {
    Files.writeString(Files.createDirectories(routesD()).resolve(file), yaml);
    return this;
  }

  public DaemonConfig config() {
    Duration minute = Duration.ofMinutes(1);
    return new DaemonConfig(
        new WorkflowConfig(directories.root(), work(), maxConcurrentJobs, shutdownTimeout),
        new IntakeConfig(
            Duration.ofMillis(50), Duration.ZERO, DataSize.parse("1MiB"), maxInFlight, dryRun),
        new SourcesConfig(Optional.empty(), List.of(), devices),
        new OutputConfig(
            output(),
            List.of(),
            new SigningConfig(signingKey, SigningConfig.ANY_BUILDER, List.of())),
        new RoutesConfig(routes, routesD()),
        new RetentionConfig(Optional.empty(), Optional.empty()),
        new StagesConfig(loadTimeout, minute, minute, convertTimeout, minute),
        new BootTestConfig(minute, DataSize.parse("512MiB")),
        new ToolsConfig(
            DataSize.parse("512MiB"),
            4,
            KvmMode.OFF,
            toolUser.isOther() ? Optional.of(toolUser.name()) : Optional.empty(),
            List.of(),
            Optional.empty()),
        // No guest is looked into, and no domain is to be warned of therefore.
        new DomainConfig(
            Optional.of(DiskBus.SATA), Optional.of(CardModel.E1000E), List.of(), Optional.empty()),
        new HttpConfig(httpPort, "127.0.0.1", minFreeSpace, traces, web),
        new LogConfig(LogLevel.INFO, LogFormat.TEXT, Optional.empty(), jobLogSize));
  }

  public StageSettings settings() {
    DaemonConfig config = config();
    try {
      return new StageSettings(
          List.of(),
          config.sources().named(),
          devices,
          List.of(config.output().dir()),
          512,
          config.tools().convertThreads(),
          false,
          config.bootTest().timeout(),
          512,
          ToolEnvironment.of(Map.of("PATH", path), work().toString(), false, owner()),
          toolUser,
          LuksKeys.NONE,
          ConfiguredSigner.of(config));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** By which this daemon's tools are known; no other test has the folder. */
  String owner() {
    return "test-" + root;
  }

  /** The beans of this daemon, which nobody runs. */
  Beans beans() {
    return new Beans(
        config(), settings(), directories, new ManifestPlaces(), Clock.systemDefaultZone());
  }

  /** Makes the program without starting it. */
  public Main prepare() throws IOException {
    ManifestPlaces places = new ManifestPlaces();
    try {
      observation = Observation.of(config(), clock);
      logs = JobLogs.of(jobLogSize);
      ManifestDaemon.recover(config(), directories, places, owner(), observation.listener(), clock);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    beans =
        new Beans(
            config(),
            settings(),
            directories,
            places,
            clock,
            observation.listener(),
            logs,
            directories,
            true);
    main = ManifestDaemon.main(config(), beans, observation);
    // A hook of the JVM would keep every test's daemon in memory to the end.
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    return main;
  }

  /** Does what a start does before its routes, and no more. */
  void recover() throws IOException, InterruptedException {
    ManifestDaemon.recover(
        config(),
        directories,
        new ManifestPlaces(),
        owner(),
        ProgressListener.NONE,
        Clock.systemDefaultZone());
  }

  public RunningDaemon start() throws IOException {
    return start(prepare());
  }

  RunningDaemon start(Main prepared) {
    thread =
        new Thread(
            () -> {
              try {
                prepared.run();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            "daemon-under-test");
    thread.start();
    await().atMost(LIMIT).until(() -> prepared.getCamelContext() != null && context().isStarted());
    return this;
  }

  /** The port of the web page, which must be configured. */
  public int webPort() {
    return beans.web().port().orElseThrow();
  }

  /** The operations of the HTTP API, as method and path. */
  public List<String> webOperations() {
    return beans.web().operations();
  }

  CamelContext context() {
    return main.getCamelContext();
  }

  /** How often the intake has begun to look for manifests, or found that it need not. */
  private long looks() {
    Consumer consumer = context().getRoute("manifest-intake").getConsumer();
    return ((ScheduledPollConsumer) consumer).getCounter();
  }

  /**
   * Waits until the intake has looked for manifests once more, from beginning to end. What is still
   * in the drop zone then was left there.
   */
  void awaitLook() {
    long before = looks();
    await().atMost(LIMIT).until(() -> looks() >= before + 2);
  }

  boolean isStopping() {
    return ((ManifestIntake) beans.all().get("manifestIntake")).stopping();
  }

  /** Stops as a signal would. */
  void stop() throws InterruptedException {
    if (thread != null) {
      main.completed();
      thread.join(Duration.ofMinutes(1).toMillis());
      beans.close();
      observation.close();
      logs.close();
      if (thread.isAlive()) {
        throw new AssertionError("the daemon did not stop");
      }
      thread = null;
    }
  }

  /** Every test that runs a daemon also checks what it has written. */
  @Override
  public void close() {
    try {
      stop();
      WrittenFiles.check(directories.root(), output());
    } catch (InterruptedException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A source disk with content of its own. */
  public Path disk(String name) throws IOException {
    byte[] content = new byte[DISK_BYTES];
    Arrays.fill(content, (byte) name.hashCode());
    Path file = root.resolve("in").resolve(name + ".raw");
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  /** A manifest of one VM, from raw to raw. */
  public String single(Path source, String name) {
    return """
    {"version": "1.0", "name": "%s", "pipeline": {
      "load": {"source_type": "raw", "source_path": "%s"},
      "convert": {"output_format": "raw"}}}
    """
        .formatted(name, source);
  }

  /** A batch; the source of each VM is named like it, whether it is there or not. */
  public String batch(String more, String... names) {
    String vms =
        String.join(
            ",\n",
            Stream.of(names)
                .map(name -> single(root.resolve("in").resolve(name + ".raw"), name))
                .map(vm -> vm.replace("\"version\": \"1.0\", ", ""))
                .toList());
    return "{\"version\": \"1.0\", \"batch\": true, %s \"vms\": [%s]}".formatted(more, vms);
  }

  /** Drops a manifest the way it shall be done: beside, then renamed. */
  public Path drop(String name, String manifest) throws IOException {
    Path beside = Files.writeString(root.resolve("dropping"), manifest);
    Path place = directories.toBeProcessed().resolve(name);
    return Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The one folder of a day in processed or failed. */
  static Path day(Path folder) throws IOException {
    try (Stream<Path> days = Files.list(folder)) {
      return days.findFirst().orElse(folder.resolve("none-yet"));
    }
  }

  public Path awaitProcessed(String name) {
    return awaitIn(directories.processed(), name);
  }

  public Path awaitFailed(String name) {
    return awaitIn(directories.failed(), name);
  }

  private Path awaitIn(Path folder, String name) {
    await("%s in %s".formatted(name, folder))
        .atMost(LIMIT)
        .until(
            () -> {
              if (Files.isDirectory(directories.processing())) {
                WrittenFiles.check(directories.processing()); // the live status, while it is there
              }
              return Files.exists(day(folder).resolve(name));
            });
    try {
      return day(folder).resolve(name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The report of a manifest that shall succeed. */
  JsonNode report(String name) throws IOException {
    return json(awaitProcessed(name).resolveSibling(name + ".report.json"));
  }

  /** The error file of a manifest that shall fail. */
  JsonNode error(String name) throws IOException {
    return json(awaitFailed(name).resolveSibling(name + ".error.json"));
  }

  public static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  /** The names in a folder; hidden ones, too. */
  public static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** The names in a folder without the records beside the outputs. */
  public static List<String> images(Path folder) throws IOException {
    return names(folder).stream()
        .filter(name -> !name.endsWith(".provenance.json") && !name.endsWith(".xml"))
        .filter(name -> !name.endsWith(".intoto.jsonl"))
        .toList();
  }
}
