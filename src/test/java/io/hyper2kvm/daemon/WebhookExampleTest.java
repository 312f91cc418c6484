package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example {@code webhook} with a real HTTP server as its endpoint. */
@Tag("daemon")
class WebhookExampleTest {

  /** One request as the server has seen it. */
  private record Request(String method, String path, String type, JsonNode body) {}

  @TempDir Path folder;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch answerNothing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private IntUnaryOperator answer = number -> 204;
  private HttpServer server;
  private RunningDaemon daemon;
  private InstalledExamples example;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
    daemon = new RunningDaemon(folder);
    example =
        new InstalledExamples(daemon, "webhook")
            .with(
                "WEBHOOK_URL",
                "http://127.0.0.1:%d/hyper2kvm".formatted(server.getAddress().getPort()))
            .with("WEBHOOK_PAUSE", 10)
            .with("WEBHOOK_UNDELIVERED", undelivered());
  }

  @AfterEach
  void stop() {
    answerNothing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private Path undelivered() {
    return folder.resolve("undelivered");
  }

  /** The status for the next request; 0 for none before the test's end. */
  private void serve(HttpExchange exchange) throws IOException {
    requests.add(
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            new ObjectMapper().readTree(exchange.getRequestBody())));
    int status = answer.applyAsInt(requests.size());
    try {
      if (status == 0) {
        answerNothing.await();
      } else {
        exchange.sendResponseHeaders(status, -1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  private Request awaitRequest(int number) {
    await().atMost(RunningDaemon.LIMIT).until(() -> requests.size() >= number);
    return requests.get(number - 1);
  }

  private static JsonNode written(Path manifest, String ending) throws IOException {
    return RunningDaemon.json(manifest.resolveSibling(manifest.getFileName() + ending));
  }

  @Test
  void theReportIsPostedAsItStandsInItsFile() throws Exception {
    try (RunningDaemon running = example.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      Path manifest = running.awaitProcessed("web.json");

      assertThat(awaitRequest(1))
          .isEqualTo(
              new Request(
                  "POST", "/hyper2kvm", "application/json", written(manifest, ".report.json")));
    }
  }

  @Test
  void theErrorFileOfAManifestThatFailedIsPosted() throws Exception {
    try (RunningDaemon running = example.start()) {
      running.drop("gone.json", running.single(running.root.resolve("in/gone.raw"), "gone"));
      Path manifest = running.awaitFailed("gone.json");

      JsonNode posted = awaitRequest(1).body();
      assertThat(posted).isEqualTo(written(manifest, ".error.json"));
      assertThat(posted.path("code").asText()).isEqualTo("SOURCE_NOT_FOUND");
    }
  }

  @Test
  void anEndpointThatFailsTwiceGetsItTheThirdTimeAndNoMore() throws Exception {
    answer = number -> number <= 2 ? 500 : 204;
    try (RunningDaemon running = example.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      Path manifest = running.awaitProcessed("web.json");
      awaitRequest(3);
      running.drop("next.json", running.single(running.disk("next"), "next"));
      running.awaitProcessed("next.json");
      awaitRequest(4);

      JsonNode report = written(manifest, ".report.json");
      assertThat(requests.subList(0, 3)).allMatch(request -> request.body().equals(report));
      assertThat(requests.get(3).body().path("manifest").asText()).isEqualTo("next");
      assertThat(undelivered()).doesNotExist();
    }
  }

  @Test
  void whatTheEndpointNeverTakesIsKept() throws Exception {
    answer = number -> 500;
    try (RunningDaemon running = example.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      Path manifest = running.awaitProcessed("web.json");
      Path kept = awaitKept();

      assertThat(requests).hasSize(6);
      assertThat(kept.getFileName().toString()).endsWith("-web.json");
      assertThat(RunningDaemon.json(kept)).isEqualTo(written(manifest, ".report.json"));
    }
  }

  private Path awaitKept() throws IOException {
    await().atMost(RunningDaemon.LIMIT).until(() -> RunningDaemon.names(undelivered()).size() == 1);
    return undelivered().resolve(RunningDaemon.names(undelivered()).get(0));
  }

  @Test
  void manifestsDoNotWaitForAnEndpointThatDoesNotAnswer() throws Exception {
    answer = number -> 0;
    try (RunningDaemon running = example.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      awaitRequest(1);

      running.awaitProcessed("web.json");
      running.drop("next.json", running.single(running.disk("next"), "next"));
      running.awaitProcessed("next.json");

      assertThat(requests).hasSize(1);
      answer = number -> 204;
      answerNothing.countDown();
    }
  }

  @Test
  void aStopWaitsForNoFurtherAttemptAndKeepsTheOutcome() throws Exception {
    answer = number -> 500;
    example.with("WEBHOOK_PAUSE", 600_000);
    try (RunningDaemon running = example.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      running.awaitProcessed("web.json");
      awaitRequest(1);
    }

    assertThat(requests).hasSize(1);
    assertThat(RunningDaemon.names(undelivered())).hasSize(1);
  }
}
