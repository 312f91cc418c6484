package io.hyper2kvm.daemon.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.config.value.WebConfig;
import io.hyper2kvm.daemon.RunningDaemon;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks a running daemon. */
final class WebClient {

  private static final ObjectMapper JSON = new ObjectMapper();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;

  WebClient(RunningDaemon daemon) {
    port = daemon.webPort();
  }

  /** A page on a port that is free now. */
  static WebConfig config(Optional<Path> token) throws IOException {
    return new WebConfig(Optional.of(freePort()), "127.0.0.1", token, List.of("kvm.example.org"));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  static final String TOKEN = "a-token-of-a-test-0123456789";

  /** A file with the token. */
  static Path tokenFile(Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("web-token"), TOKEN + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** A change with the token. */
  HttpRequest.Builder change(String method, String path, String type, String body) {
    HttpRequest.Builder request =
        request("/api/v1" + path)
            .header("Authorization", "Bearer " + TOKEN)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    return body.isEmpty() ? request : request.header("Content-Type", type);
  }

  /** The answer to a GET of the API. */
  JsonNode json(String path) throws Exception {
    return JSON.readTree(get("/api/v1" + path).body());
  }
}
