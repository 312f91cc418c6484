package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The health endpoint of a running daemon. */
@Tag("daemon")
class HealthEndpointTest {

  @TempDir Path root;
  private final HttpClient client = HttpClient.newHttpClient();

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void readinessKnowsOfTheIntake() throws Exception {
    int port = freePort();
    try (RunningDaemon daemon = new RunningDaemon(root)) {
      daemon.httpPort = Optional.of(port);
      daemon.start();

      await()
          .atMost(RunningDaemon.LIMIT)
          .untilAsserted(
              () -> assertThat(get(port, "/observe/health/ready").statusCode()).isEqualTo(200));
      assertThat(get(port, "/observe/health/ready").body())
          .contains("{\"name\":\"intake\",\"status\":\"UP\"}");
      assertThat(get(port, "/observe/health/live").statusCode()).isEqualTo(200);
      assertThat(get(port, "/observe/health/live").body()).doesNotContain("intake");
    }
  }
}
