package io.hyper2kvm.daemon.web;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.value.WebConfig;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.view.EndedDays;
import io.hyper2kvm.view.EndedIndex;
import io.hyper2kvm.view.History;
import io.hyper2kvm.view.JobId;
import io.hyper2kvm.view.JobReading;
import io.hyper2kvm.view.ManifestSearch;
import io.hyper2kvm.workflow.Jobs;
import io.hyper2kvm.workflow.WorkflowDirectories;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The web page and the HTTP API of a daemon, from its start until after its stop. The server starts
 * after the routes, on a thread of its own: the first look into the drop zone does not wait for it.
 */
public final class WebPort extends MainListenerSupport {

  private static final Logger LOG = LogManager.getLogger(WebPort.class);

  private final DaemonConfig config;
  private final WebConfig web;
  private final DaemonFacts facts;
  private final ManifestReader reader;
  private final Clock clock;
  private final ThroughputRing ring;
  private final CompletableFuture<Vertx> threads = new CompletableFuture<>();
  private final CompletableFuture<Optional<WebServer>> server = new CompletableFuture<>();
  private Optional<WebToken> token = Optional.empty();
  private boolean usable;
  private boolean begun;

  /**
   * The page of a daemon; its port is opened when the daemon starts.
   *
   * @param reader reads manifests as the daemon does
   */
  public WebPort(DaemonConfig config, DaemonFacts facts, ManifestReader reader, Clock clock) {
    this.reader = reader;
    this.config = config;
    this.web = config.http().web();
    this.facts = facts;
    this.clock = clock;
    this.ring = new ThroughputRing(clock.instant());
  }

  /**
   * Begins to load Vert.x, which the management port needs as well, while Camel reads the routes.
   */
  @Override
  public void beforeInitialize(BaseMainSupport main) {
    if (web.port().isPresent()) {
      threads.completeAsync(WebServer::threads, WebPort::thread);
    }
  }

  /**
   * Checks what the server needs, while a daemon that cannot have it has taken no manifest.
   *
   * @throws UncheckedIOException when the port or the token cannot be used as configured
   */
  @Override
  public void beforeStart(BaseMainSupport main) {
    if (web.port().isEmpty()) {
      return;
    }
    try {
      if (web.tokenFile().isPresent()) {
        token = Optional.of(WebToken.read(web.tokenFile().get()));
      }
      usable = isFree(web.port().get());
      if (!usable) {
        threads.thenAccept(Vertx::close);
      }
    } catch (IOException e) {
      threads.thenAccept(Vertx::close);
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /** Begins to start the server. */
  @Override
  public void afterStart(BaseMainSupport main) {
    begun = true;
    if (usable) {
      server.completeAsync(() -> start(web.port().get()), WebPort::thread);
    } else {
      server.complete(Optional.empty());
    }
  }

  private static void thread(Runnable start) {
    new Thread(start, "web-start").start();
  }

  private boolean isFree(int port) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(web.host()), port));
      return true;
    } catch (IOException e) {
      if (web.isPortRequired()) {
        throw new IOException(
            "web_port %d of %s cannot be used: %s; choose another port, or 0 for none"
                .formatted(port, web.host(), e.getMessage()),
            e);
      }
      LOG.warn(
          "web-not-started host={} port={} reason={} meaning=the daemon works without its page and"
              + " HTTP API; set web_port to a free port, or to 0 for none",
          web.host(),
          port,
          e.getMessage());
      return false;
    }
  }

  /** Whatever goes wrong with the page, the daemon works without it, and says so. */
  private Optional<WebServer> start(int port) {
    try {
      WebOperations operations = operations(token.isEmpty());
      WebGate gate =
          new WebGate(
              new HostNames(web.host(), web.hosts()), token, operations.all(), operations::page);
      WebLimits limits = WebLimits.of(config.intake().maxManifestSize().bytes());
      WebServer started =
          WebServer.start(threads.join(), web.host(), port, limits, gate, this::sample);
      LOG.info(
          "web-started url=http://{}:{}/ changes={}",
          web.host().contains(":") ? "[" + web.host() + "]" : web.host(),
          started.port(),
          token.isPresent() ? "with the token" : "none, as there is no web_token_file");
      return Optional.of(started);
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.error("web-not-started host={} port={} reason={}", web.host(), port, e.toString());
      LOG.debug("web-not-started-because", e);
      return Optional.empty();
    }
  }

  private WebOperations operations(boolean readOnly) {
    WorkflowDirectories directories = new WorkflowDirectories(config.workflow().dir());
    EndedDays days = new EndedDays(directories);
    EndedIndex index = new EndedIndex();
    JobId ids = new JobId(directories);
    String version = WebPort.class.getPackage().getImplementationVersion();
    DaemonJson daemon =
        new DaemonJson(
            facts,
            version == null ? "unpackaged" : version,
            ReportJson.timestamp(OffsetDateTime.now(clock)),
            readOnly,
            folders());
    Blocked blocked = new Blocked(facts, clock);
    ManifestPlace places = new ManifestPlace(directories, ids, clock);
    return new WebOperations(
        new StateAnswers(
            directories,
            days,
            index,
            new ManifestSearch(directories, days, index),
            new ManifestJson(ids, index, facts, blocked, clock.getZone()),
            daemon,
            new Conditions(
                facts,
                directories,
                folders(),
                config.http().minFreeSpace().bytes(),
                config.workflow().maxConcurrentJobs(),
                index,
                ids,
                blocked),
            blocked,
            places,
            clock),
        new HistoryAnswers(new History(days, index), ring, clock),
        new FileAnswers(places),
        new ChangeAnswers(directories, reader, places, ids, facts::drain));
  }

  /** Measures how fast disks are being copied now. */
  private void sample() {
    try {
      double speed =
          new Jobs(new WorkflowDirectories(config.workflow().dir()))
              .running().stream()
                  .flatMap(job -> JobReading.live(job).vms().stream())
                  .filter(vm -> !vm.ended())
                  .mapToDouble(vm -> vm.bytesPerSecond().orElse(0.0))
                  .sum();
      ring.sample(clock.instant(), speed);
    } catch (IOException e) {
      LOG.debug("throughput-not-measured reason={}", e.toString());
    }
  }

  private Map<String, Path> folders() {
    Map<String, Path> folders = new LinkedHashMap<>();
    folders.put("workflow", config.workflow().dir());
    folders.put("output", config.output().dir());
    folders.put("work", config.workflow().workDir());
    return folders;
  }

  /** Every operation of the API, as method and path. */
  public List<String> operations() {
    return operations(true).all().stream()
        .map(operation -> operation.method() + " " + operation.template())
        .toList();
  }

  /** The port that is listened on; waits until the server has started; empty: there is none. */
  public Optional<Integer> port() {
    try {
      return server.join().map(WebServer::port);
    } catch (CompletionException e) {
      return Optional.empty();
    }
  }

  /** What ends is shown to its end. */
  @Override
  public void afterStop(BaseMainSupport main) {
    if (!begun) {
      server.complete(Optional.empty());
      threads.thenAccept(Vertx::close);
    }
    server.thenAccept(started -> started.ifPresent(WebServer::close)).join();
  }
}
