package io.hyper2kvm.daemon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.daemon.RunningDaemon;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients in number, slow ones and rude ones: the intake goes on, and others are answered. */
@Tag("daemon")
class WebLoadTest {

  @TempDir Path root;
  private RunningDaemon daemon;
  private WebClient client;
  private final List<Socket> sockets = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    daemon = new RunningDaemon(root);
    daemon.web = WebClient.config(Optional.of(WebClient.tokenFile(root)));
    daemon.start();
    client = new WebClient(daemon);
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    daemon.close();
  }

  private Socket connect(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), client.port());
    socket.setSoTimeout(60_000);
    sockets.add(socket);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private void requireThatManifestsAreTaken(String name) throws Exception {
    daemon.drop(name + ".json", daemon.single(daemon.disk(name), name));
    assertThat(daemon.awaitProcessed(name + ".json")).exists();
    assertThat(client.get("/api/v1/overview").statusCode()).isEqualTo(200);
  }

  @Test
  void twoHundredClientsAskAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(200);
    try {
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        String path = i % 4 == 0 ? "/api/v1/manifests?q=w" + i % 7 : "/api/v1/overview";
        answers.add(threads.submit(() -> client.get(path)));
      }
      requireThatManifestsAreTaken("meanwhile");
      for (Future<HttpResponse<String>> answer : answers) {
        assertThat(answer.get().statusCode()).isIn(200, 503);
      }
      assertThat(answers.stream().filter(answer -> status(answer) == 200).count())
          .isGreaterThan(500);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int status(Future<HttpResponse<String>> answer) {
    try {
      return answer.get().statusCode();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Sends a body until it is all sent, or the daemon has closed the connection; the answer. */
  private String push(String head, long bytes) throws IOException {
    Socket socket = connect(head);
    byte[] part = new byte[1 << 20];
    Arrays.fill(part, (byte) ' ');
    try {
      OutputStream out = socket.getOutputStream();
      for (long sent = 0; sent < bytes; sent += part.length) {
        out.write(part);
      }
    } catch (IOException e) {
      // Closed by the daemon, as it should be.
    }
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void bodyOfThreeHundredMegabytesIsRefusedUnread() throws Exception {
    long size = 300L << 20;
    String head =
        "POST /api/v1/manifests?file=big.json HTTP/1.1\r\nHost: localhost\r\n"
            + "Authorization: Bearer %s\r\n%s\r\n\r\n";
    String announced = push(head.formatted(WebClient.TOKEN, "Content-Length: " + size), size);
    String inOneChunk =
        push(
            head.formatted(WebClient.TOKEN, "Transfer-Encoding: chunked")
                + Long.toHexString(size)
                + "\r\n",
            size);
    String withoutToken = push(head.formatted("wrong-token-here", "Content-Length: " + size), size);

    // A client that goes on sending may lose the answer with its connection.
    assertThat(announced).satisfiesAnyOf(a -> assertThat(a).contains(" 413 "), WebLoadTest::isLost);
    assertThat(inOneChunk)
        .satisfiesAnyOf(a -> assertThat(a).contains(" 413 "), WebLoadTest::isLost);
    assertThat(withoutToken)
        .satisfiesAnyOf(a -> assertThat(a).contains(" 401 "), WebLoadTest::isLost);
    assertThat(RunningDaemon.names(daemon.directories.toBeProcessed())).isEmpty();
    requireThatManifestsAreTaken("after");
  }

  private static void isLost(String answer) {
    assertThat(answer).isEmpty();
  }

  @Test
  void refusalOfALargeBodyIsTold() throws Exception {
    Socket socket =
        connect(
            "POST /api/v1/manifests?file=big.json HTTP/1.1\r\nHost: localhost\r\n"
                + "Authorization: Bearer "
                + WebClient.TOKEN
                + "\r\nContent-Length: 314572800\r\n\r\n");
    String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(answer).contains(" 413 ", "TOO_LARGE");
  }

  @Test
  void clientsThatReadNothingKeepNobodyWaiting() throws Exception {
    Path report = daemon.directories.processed().resolve("2026-01-01/large.json");
    Files.createDirectories(report.getParent());
    Files.writeString(report, "{}");
    byte[] large = new byte[20 << 20];
    Arrays.fill(large, (byte) ' ');
    large[0] = '{';
    large[large.length - 1] = '}';
    Files.write(report.resolveSibling("large.json.report.json"), large);
    String id = client.json("/manifests?date=2026-01-01").at("/items/0/id").asText();
    for (int i = 0; i < 60; i++) {
      connect("GET /api/v1/manifests/" + id + "/report HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    assertThat(client.get("/api/v1/manifests/" + id + "/report").body()).hasSize(large.length);
    requireThatManifestsAreTaken("meanwhile");
    Files.delete(report.resolveSibling("large.json.report.json"));
    Files.delete(report);
  }

  @Test
  void connectionsBeyondTheLimitAreClosedAndTheOthersAnswered() throws Exception {
    HttpResponse<String> kept = client.get("/");
    for (int i = 0; i < 600; i++) {
      connect("GET / HTTP/1.1\r\nHost: local");
    }

    assertThat(kept.statusCode()).isEqualTo(200);
    assertThat(client.get("/api/v1/overview").statusCode()).isEqualTo(200);
    assertThat(closed()).isGreaterThan(50);
    for (Socket socket : sockets) {
      socket.close();
    }
    await()
        .atMost(RunningDaemon.LIMIT)
        .ignoreExceptions()
        .until(() -> new WebClient(daemon).get("/").statusCode() == 200);
    requireThatManifestsAreTaken("after");
  }

  private long closed() {
    return sockets.stream()
        .filter(
            socket -> {
              try {
                socket.setSoTimeout(10);
                return socket.getInputStream().read() < 0;
              } catch (java.net.SocketTimeoutException e) {
                return false;
              } catch (IOException e) {
                return true;
              }
            })
        .count();
  }

  @Test
  void headsThatAreTooLongOrNoHttpAreRefused() throws Exception {
    for (String text :
        List.of(
            "GET /" + "a".repeat(10_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(20_000) + "\r\n\r\n",
            "HELO there\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
            "\r\n\r\n\0\0\0\r\n\r\n")) {
      Socket socket = connect(text);
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer)
          .satisfiesAnyOf(a -> assertThat(a).startsWith("HTTP/1.1 4"), WebLoadTest::isLost);
    }
    requireThatManifestsAreTaken("after");
  }
}
