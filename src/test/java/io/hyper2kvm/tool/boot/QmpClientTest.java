package io.hyper2kvm.tool.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class QmpClientTest {

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final String GREETING = "{\"QMP\":{\"version\":{},\"capabilities\":[]}}\n";
  private static final String READY = "{\"return\":{},\"id\":1}\n";

  @TempDir private Path directory;
  private ServerSocketChannel server;
  private Path socket;

  @BeforeEach
  void listen() throws IOException {
    socket = directory.resolve("q");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void aCommandGetsItsAnswerAndEventsAreKept() throws IOException {
    serve(
        GREETING,
        READY,
        "{\"event\":\"RESUME\",\"timestamp\":{}}\n"
            + "{\"event\":\"SHUTDOWN\",\"data\":{\"guest\":true,\"reason\":\"guest-reset\"}}\n"
            + "{\"return\":{\"status\":\"running\"},\"id\":2}\n");

    try (QmpClient client = QmpClient.connect(socket, LIMIT)) {
      assertThat(client.execute("query-status", Map.of(), LIMIT).path("status").asText())
          .isEqualTo("running");
      assertThat(client.nextEvent(LIMIT)).get().extracting(QmpEvent::name).isEqualTo("RESUME");
      assertThat(client.nextEvent(LIMIT))
          .hasValueSatisfying(
              event -> {
                assertThat(event.byGuest()).isTrue();
                assertThat(event.reason()).isEqualTo("guest-reset");
              });
    }
  }

  @Test
  void aRefusalCarriesTheReason() throws IOException {
    serve(
        GREETING, READY, "{\"error\":{\"class\":\"GenericError\",\"desc\":\"no way\"},\"id\":2}\n");

    try (QmpClient client = QmpClient.connect(socket, LIMIT)) {
      assertThatThrownBy(() -> client.execute("cont", Map.of(), LIMIT))
          .isInstanceOf(QmpException.class)
          .hasMessageContaining("cont")
          .hasMessageContaining("no way")
          .matches(it -> ((QmpException) it).isRefusal());
    }
  }

  @Test
  void theAnswerToAnotherCommandIsNotTaken() throws IOException {
    serve(GREETING, READY, "{\"return\":1,\"id\":77}\n{\"return\":2,\"id\":2}\n");

    try (QmpClient client = QmpClient.connect(socket, LIMIT)) {
      assertThat(client.execute("x", Map.of(), LIMIT).asInt()).isEqualTo(2);
    }
  }

  @Test
  void silenceIsAnError() throws IOException {
    serve(GREETING, READY, "");

    try (QmpClient client = QmpClient.connect(socket, LIMIT)) {
      assertThatThrownBy(() -> client.execute("x", Map.of(), Duration.ofMillis(100)))
          .isInstanceOf(QmpException.class)
          .hasMessageContaining("did not answer x within ");
      assertThat(client.nextEvent(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void anEndIsAnErrorAndNotSilence() throws IOException {
    serve(GREETING, READY);

    try (QmpClient client = QmpClient.connect(socket, LIMIT)) {
      assertThatThrownBy(() -> client.execute("x", Map.of(), LIMIT))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> client.nextEvent(LIMIT))
          .isInstanceOf(QmpException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void someoneElseOnTheSocketIsRefused() {
    serve("{\"hello\":1}\n");

    assertThatThrownBy(() -> QmpClient.connect(socket, LIMIT))
        .isInstanceOf(QmpException.class)
        .hasMessageContaining("no greeting");
  }

  @Test
  void garbageIsRefused() {
    serve("SSH-2.0-OpenSSH\n");

    assertThatThrownBy(() -> QmpClient.connect(socket, LIMIT)).isInstanceOf(IOException.class);
  }

  @Test
  void anEndlessLineIsCutOff() {
    serve("{\"QMP\":\"" + "x".repeat(3 << 20));

    assertThatThrownBy(() -> QmpClient.connect(socket, LIMIT))
        .isInstanceOf(QmpException.class)
        .cause()
        .hasMessageContaining("more than 1048576 bytes");
  }

  /** Sends the first piece at once and one more after each line that it reads, then closes. */
  private void serve(String greeting, String... answers) {
    Thread thread =
        new Thread(
            () -> {
              try (SocketChannel channel = server.accept()) {
                var out = Channels.newOutputStream(channel);
                var in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
                out.write(greeting.getBytes(StandardCharsets.UTF_8));
                for (String answer : answers) {
                  in.readLine();
                  out.write(answer.getBytes(StandardCharsets.UTF_8));
                  if (answer.isEmpty()) {
                    in.readLine();
                  }
                }
              } catch (IOException clientHasGone) {
                // the client's side of it is what the test looks at
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
