package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.ServerSetupTest;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All examples of routes in one daemon, on the shipped routes of today and of a later version. */
@Tag("daemon")
class ExamplesTogetherTest {

  @RegisterExtension
  static final GreenMailExtension MAIL =
      new GreenMailExtension(ServerSetupTest.SMTP.dynamicPort().setVerbose(false));

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final List<JsonNode> posted = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          posted.add(JSON.readTree(exchange.getRequestBody()));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** The shipped routes, with a further step before each that calls something. */
  private Path laterVersion() throws IOException {
    Path later = Files.createDirectories(folder.resolve("later"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        Files.writeString(
            later.resolve(file.getFileName()),
            Files.readString(file)
                .replaceAll(
                    "(?m)^( +)(- (?:to|bean): .*)$", "$1- log: {message: a new step}\n$1$2"));
      }
    }
    return later;
  }

  private Path made(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  private InstalledExamples installed(RunningDaemon daemon) throws IOException {
    return new InstalledExamples(daemon, InstalledExamples.all().toArray(String[]::new))
        .with("WEBHOOK_URL", "http://127.0.0.1:%d/".formatted(server.getAddress().getPort()))
        .with("WEBHOOK_UNDELIVERED", folder.resolve("undelivered"))
        .with("MAIL_SERVER", "127.0.0.1:" + MAIL.getSmtp().getPort())
        .with("MAIL_TO", "operators@example.org")
        .with("APPROVAL_DIR", made("approvals"))
        .with("SECOND_COPY_DIR", made("second"))
        .with("WINDOWS_ORDERS", folder.resolve("orders"))
        .with("LIBVIRT_URI", "test:///default");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachDoesItsPartUnchangedAlsoWhenShippedRoutesGainSteps(boolean later) throws Exception {
    RunningDaemon daemon = new RunningDaemon(folder);
    if (later) {
      daemon.routes = laterVersion();
    }
    try (RunningDaemon running = installed(daemon).start(WindowsElsewhereExampleTest.windows())) {
      Files.writeString(folder.resolve("approvals/db-1.approved"), "");
      running.drop(
          "two.json",
          """
          {"version": "1.0", "batch": true, "metadata": {"labels": ["no-boot-test"]},
           "defaults": {"pipeline": {
             "convert": {"output_format": "qcow2", "compress": true},
             "validate": {"boot_test": true}}},
           "vms": [
             {"name": "db-1", "pipeline": {"load": {"source_type": "raw", "source_path": "%s"}}},
             {"name": "pc", "pipeline": {"load": {"source_type": "raw", "source_path": "%s"},
                                         "inspect": {"detect_os": true}}}]}
          """
              .formatted(running.disk("db-1"), running.disk("pc")));
      JsonNode error = running.error("two.json");

      JsonNode database = error.path("vms").get(0);
      assertThat(database.path("status").asText()).isEqualTo("completed");
      assertThat(database.at("/stages/convert/compressed").asBoolean()).isFalse();
      assertThat(database.at("/stages/validate/boot_test").isMissingNode()).isTrue();
      assertThat(RunningDaemon.names(folder.resolve("approvals"))).isEmpty();
      assertThat(RunningDaemon.names(folder.resolve("second")))
          .containsExactly("two.db-1-converted.qcow2");
      assertThat(error.path("vms").get(1).path("error").asText()).contains("is a Windows guest");
      assertThat(RunningDaemon.names(folder.resolve("orders"))).containsExactly("two.pc.json");
      await().atMost(RunningDaemon.LIMIT).until(() -> !posted.isEmpty());
      assertThat(posted).containsExactly(error);
      assertThat(MAIL.waitForIncomingEmail(RunningDaemon.LIMIT.toMillis(), 1)).isTrue();
    }
  }

  @Test
  void theCheckFindsNothingButTheVariablesThatTheDaemonNeeds() throws IOException {
    Path own = made("routes.d");
    for (String example : InstalledExamples.all()) {
      Path file = InstalledExamples.file(example);
      Files.copy(file, own.resolve(file.getFileName()));
    }

    assertThat(DaemonUnderCheck.problems(folder, Path.of("routes").toAbsolutePath()))
        .extracting(problem -> problem.toString().replaceFirst("^.*/(.*):\\d+: ", "$1: "))
        .containsExactly(
            "mail-on-failure.camel.yaml: warning: the environment variable MAIL_TO is not set here;"
                + " a daemon without it does not start",
            "webhook.camel.yaml: warning: the environment variable WEBHOOK_URL is not set here;"
                + " a daemon without it does not start");
  }
}
