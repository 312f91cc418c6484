package io.hyper2kvm.daemon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.daemon.RunningDaemon;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page and the reading half of the API of a running daemon. */
@Tag("daemon")
class WebPageTest {

  @TempDir Path root;
  private RunningDaemon daemon;
  private WebClient client;

  @BeforeEach
  void start() throws Exception {
    daemon = new RunningDaemon(root);
    daemon.web = WebClient.config(Optional.empty());
    daemon.start();
    client = new WebClient(daemon);
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  @Test
  void pageIsServedWithItsPolicy() throws Exception {
    HttpResponse<String> page = client.get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(page.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(page.body()).contains("<title>hyper2kvm");
  }

  @Test
  void everyAnswerTellsTheDaemonsTime() throws Exception {
    String date = client.get("/api/v1/overview").headers().firstValue("Date").orElseThrow();

    assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME))
        .isCloseTo(ZonedDateTime.now(), within(10, ChronoUnit.MINUTES));
  }

  @Test
  void headIsAnsweredWithoutABody() throws Exception {
    HttpResponse<String> head =
        client.send(client.request("/").method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0))
        .isEqualTo(client.get("/").body().getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void whatTheClientHasIsNotSentAgain() throws Exception {
    String tag = client.get("/").headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> again = client.send(client.request("/").header("If-None-Match", tag));

    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void manifestIsShownFromItsDropToItsEnd() throws Exception {
    daemon.drop("web01.json", daemon.single(daemon.disk("web01"), "web01"));
    daemon.awaitProcessed("web01.json");

    await()
        .atMost(RunningDaemon.LIMIT)
        .untilAsserted(
            () ->
                assertThat(client.json("/overview").at("/counts/completed_today").asInt())
                    .isEqualTo(1));
    JsonNode named = client.json("/overview").at("/completed_today/0");
    assertThat(named.at("/file").asText()).isEqualTo("web01.json");
    assertThat(named.at("/vms/completed").asInt()).isEqualTo(1);

    JsonNode one = client.json("/manifests/" + named.at("/id").asText());
    assertThat(one.at("/state").asText()).isEqualTo("completed");
    assertThat(one.at("/vm_list/0/name").asText()).isEqualTo("web01");
    assertThat(one.at("/vm_list/0/stages").findValuesAsText("status"))
        .containsExactly("completed", "skipped", "skipped", "completed", "completed");
    assertThat(client.json("/manifests?state=completed&q=WEB").at("/items/0/id"))
        .isEqualTo(named.at("/id"));
  }

  @Test
  void failedManifestHasItsReason() throws Exception {
    daemon.drop("gone.json", daemon.single(root.resolve("gone.raw"), "gone"));
    daemon.awaitFailed("gone.json");

    JsonNode found = client.json("/manifests?state=failed&q=SOURCE_NOT");
    JsonNode one = client.json("/manifests/" + found.at("/items/0/id").asText());

    assertThat(one.at("/failure/code").asText()).isEqualTo("SOURCE_NOT_FOUND");
    assertThat(one.at("/failure/stage").asText()).isEqualTo("load");
    assertThat(one.at("/failure/hint").asText()).isNotBlank();
  }

  @Test
  void daemonAndItsFoldersAreNamed() throws Exception {
    JsonNode overview = client.json("/overview");

    assertThat(overview.at("/daemon/running").asBoolean()).isTrue();
    assertThat(overview.at("/daemon/read_only").asBoolean()).isTrue();
    assertThat(overview.at("/folders").findValuesAsText("name"))
        .containsExactly("workflow", "output", "work");
    assertThat(overview.at("/folders/0/total").asLong()).isPositive();
  }
}
