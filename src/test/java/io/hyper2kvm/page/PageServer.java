package io.hyper2kvm.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves the page's files, with the headers of the daemon, and the answers of a scene. */
final class PageServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API = "/api/v1";
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
  private volatile Scene scene;
  private volatile boolean broken;

  PageServer(Scene scene) throws IOException {
    this.scene = scene;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
  }

  void show(Scene next) {
    scene = next;
  }

  /** Lets every question to the API fail as behind a proxy without a daemon, or not. */
  void setBroken(boolean now) {
    broken = now;
  }

  /** Method and path with its query of each request so far; then forgets them. */
  List<String> takeRequests() {
    List<String> taken = List.copyOf(requests);
    requests.removeAll(taken);
    return taken;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      exchange
          .getResponseHeaders()
          .add(
              "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                  + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                  + " frame-ancestors 'none'");
      exchange.getResponseHeaders().add("X-Content-Type-Options", "nosniff");
      exchange.getResponseHeaders().add("Referrer-Policy", "no-referrer");
      exchange.getResponseHeaders().add("Cross-Origin-Resource-Policy", "same-origin");
      exchange.getResponseHeaders().add("Cache-Control", "no-cache");
      if (path.startsWith(API + "/")) {
        api(exchange, path.substring(API.length()));
      } else {
        file(exchange, path.equals("/") ? "/index.html" : path);
      }
    }
  }

  private void api(HttpExchange exchange, String path) throws IOException {
    if (broken) {
      send(exchange, 503, "text/plain", new byte[0]);
      return;
    }
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    Scene.Answer answer =
        scene.answer(
            new Scene.Request(
                exchange.getRequestMethod(), path, exchange.getRequestURI(), token, body));
    if (answer.image().length > 0) {
      send(exchange, 200, "image/png", answer.image());
      return;
    }
    byte[] bytes = bytes(answer.json());
    String tag = "\"%08x\"".formatted(new String(bytes, StandardCharsets.UTF_8).hashCode());
    if (exchange.getRequestMethod().equals("GET") && answer.status() == 200) {
      exchange.getResponseHeaders().add("ETag", tag);
      if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
        exchange.sendResponseHeaders(304, -1);
        return;
      }
    }
    String type = answer.status() < 400 ? "application/json" : "application/problem+json";
    send(exchange, answer.status(), type, bytes);
  }

  private static byte[] bytes(JsonNode json) throws JsonProcessingException {
    return JSON.writeValueAsBytes(json);
  }

  private void file(HttpExchange exchange, String path) throws IOException {
    String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    try (InputStream in = getClass().getResourceAsStream("/io/hyper2kvm/web/static" + path)) {
      if (in == null || type == null) {
        send(exchange, 404, "text/plain", new byte[0]);
      } else {
        send(exchange, 200, type, in.readAllBytes());
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
