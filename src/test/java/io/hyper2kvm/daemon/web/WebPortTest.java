package io.hyper2kvm.daemon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.config.value.WebConfig;
import io.hyper2kvm.daemon.RunningDaemon;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The port of the page as it is configured. */
@Tag("daemon")
class WebPortTest {

  @TempDir Path root;

  @Test
  void portThatWasChosenMustBeFree() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RunningDaemon daemon = new RunningDaemon(root)) {
      daemon.web =
          new WebConfig(
              Optional.of(taken.getLocalPort()), "127.0.0.1", Optional.empty(), List.of());

      assertThatThrownBy(() -> daemon.prepare().run())
          .hasMessageContaining("web_port " + taken.getLocalPort())
          .hasMessageContaining("0 for none");
    }
  }

  @Test
  void tokenThatOthersCanReadIsRefused() throws Exception {
    Path token = Files.writeString(root.resolve("token"), "0123456789abcdefgh");
    try (RunningDaemon daemon = new RunningDaemon(root)) {
      daemon.web = WebClient.config(Optional.of(token));

      assertThatThrownBy(() -> daemon.prepare().run()).hasMessageContaining("web_token_file");
    }
  }

  @Test
  void managementPortIsOpenBesides() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(root)) {
      daemon.web = WebClient.config(Optional.empty());
      daemon.httpPort = Optional.of(WebClient.freePort());
      daemon.start();
      WebClient page = new WebClient(daemon);

      assertThat(page.get("/api/v1/overview").statusCode()).isEqualTo(200);
      assertThat(page.get("/observe/health").statusCode()).isEqualTo(404);
      WebClient management = page.at(daemon.httpPort.get());
      await()
          .atMost(RunningDaemon.LIMIT)
          .untilAsserted(
              () ->
                  assertThat(management.get("/observe/health/ready").statusCode()).isEqualTo(200));
      assertThat(management.get("/api/v1/overview").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void withoutTokenFileEveryChangeIsRefused() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(root)) {
      daemon.web = WebClient.config(Optional.empty());
      daemon.start();
      WebClient client = new WebClient(daemon);
      Description description = new Description();

      for (String operation : description.operations()) {
        String[] parts = operation.split(" ");
        if (!parts[0].equals("GET")) {
          String path = parts[1].replace("{id}", "x");
          var answer = client.send(client.change(parts[0], path, "application/json", "{}"));
          assertThat(answer.statusCode()).as(operation).isEqualTo(403);
          description.check(parts[0], parts[1], answer);
        }
      }
    }
  }
}
