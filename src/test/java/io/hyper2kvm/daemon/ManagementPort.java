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
import java.time.Duration;
import java.util.Optional;

/** Asks the management port of a daemon under test. */
final class ManagementPort {

  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;

  private ManagementPort(int port) {
    this.port = port;
  }

  /** Gives the daemon, which is not started yet, a free port. */
  static ManagementPort of(RunningDaemon daemon) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      daemon.httpPort = Optional.of(socket.getLocalPort());
      return new ManagementPort(socket.getLocalPort());
    }
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/observe/%s".formatted(port, path)))
            .timeout(Duration.ofSeconds(20))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** The metrics as text. */
  String scrape() throws IOException, InterruptedException {
    HttpResponse<String> answer = get("metrics");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  /** Waits until the path answers with the status, and returns what it says. */
  String await200(String path) {
    return awaitStatus(path, 200);
  }

  String awaitStatus(String path, int status) {
    return await()
        .atMost(RunningDaemon.LIMIT)
        .ignoreExceptions()
        .until(() -> get(path), answer -> answer.statusCode() == status)
        .body();
  }
}
