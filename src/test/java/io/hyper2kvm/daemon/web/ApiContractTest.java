package io.hyper2kvm.daemon.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.daemon.RunningDaemon;
import io.hyper2kvm.report.ScreenFiles;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of a running daemon against its OpenAPI description. */
@Tag("daemon")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApiContractTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String YAML = "application/yaml";
  private static final String JSON_TYPE = "application/json";

  @TempDir static Path root;
  private RunningDaemon daemon;
  private WebClient client;
  private Description description;
  private String completed;
  private String failed;

  @BeforeAll
  void start() throws Exception {
    daemon = new RunningDaemon(root);
    daemon.web = WebClient.config(Optional.of(WebClient.tokenFile(root)));
    daemon.start();
    client = new WebClient(daemon);
    description = new Description();
    daemon.drop("web01.json", daemon.single(daemon.disk("web01"), "web01"));
    daemon.disk("one");
    daemon.drop("batch.json", daemon.batch("", "one", "two"));
    daemon.awaitProcessed("web01.json");
    daemon.awaitFailed("batch.json");
    completed = client.json("/manifests?state=completed").at("/items/0/id").asText();
    failed = client.json("/manifests?state=failed").at("/items/0/id").asText();
    Path report = daemon.awaitProcessed("web01.json");
    Files.write(ScreenFiles.beside(report, 1), new byte[] {(byte) 0x89, 'P', 'N', 'G'});
  }

  @AfterAll
  void stop() throws Exception {
    Files.deleteIfExists(ScreenFiles.beside(daemon.awaitProcessed("web01.json"), 1));
    daemon.close();
  }

  private HttpResponse<String> check(
      String method, String template, String path, HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer = client.send(request);
    description.check(method, template, answer);
    return answer;
  }

  private HttpResponse<String> get(String template, String path) throws Exception {
    return check("GET", template, path, client.request("/api/v1" + path));
  }

  private HttpResponse<String> change(
      String method, String template, String path, String type, String body) throws Exception {
    return check(method, template, path, client.change(method, path, type, body));
  }

  @ParameterizedTest
  @Order(1)
  @CsvSource({
    "/overview, /overview, 200",
    "/manifests, /manifests, 200",
    "/manifests, /manifests?state=failed&q=two&limit=1, 200",
    "/manifests, /manifests?date=2026-01-01, 200",
    "/manifests, /manifests?state=ended, 400",
    "/manifests, /manifests?limit=0, 400",
    "/manifests, /manifests?limit=201, 400",
    "/manifests, /manifests?limit=x, 400",
    "/manifests, /manifests?date=today, 400",
    "/manifests, /manifests?after=nonsense, 400",
    "/manifests/{id}, /manifests/COMPLETED, 200",
    "/manifests/{id}, /manifests/FAILED, 200",
    "/manifests/{id}, /manifests/Li4vLi4vZXRjL3Bhc3N3ZA, 404",
    "/manifests/{id}/report, /manifests/COMPLETED/report, 200",
    "/manifests/{id}/report, /manifests/FAILED/report, 200",
    "/manifests/{id}/report, /manifests/x/report, 404",
    "/manifests/{id}/manifest, /manifests/COMPLETED/manifest, 200",
    "/manifests/{id}/manifest, /manifests/x/manifest, 404",
    "/manifests/{id}/retry-manifest, /manifests/FAILED/retry-manifest, 200",
    "/manifests/{id}/retry-manifest, /manifests/COMPLETED/retry-manifest, 404",
    "/manifests/{id}/vms/{n}/screen, /manifests/COMPLETED/vms/1/screen, 200",
    "/manifests/{id}/vms/{n}/screen, /manifests/COMPLETED/vms/2/screen, 404",
    "/manifests/{id}/vms/{n}/screen, /manifests/COMPLETED/vms/0/screen, 400",
    "/manifests/{id}/vms/{n}/screen, /manifests/COMPLETED/vms/..%2F1/screen, 400",
    "/days, /days, 200",
    "/days, /days?from=2026-01-01&to=2026-12-31, 200",
    "/days, /days?from=2020-01-01&to=2026-12-31, 400",
    "/days, /days?from=x, 400",
    "/throughput, /throughput, 200",
    "/schema/manifest, /schema/manifest, 200",
    "/openapi.yaml, /openapi.yaml, 200"
  })
  void readingIsAsDescribed(String template, String path, int status) throws Exception {
    String asked = path.replace("COMPLETED", completed).replace("FAILED", failed);
    assertThat(get(template, asked).statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @Order(2)
  @CsvSource({
    "/overview",
    "/manifests",
    "/days",
    "/throughput",
    "/schema/manifest",
    "/openapi.yaml",
    "/manifests/{id}",
    "/manifests/{id}/report",
    "/manifests/{id}/manifest"
  })
  void whatTheClientHasIsNotSentAgain(String template) throws Exception {
    String path = template.replace("{id}", completed);
    String tag = client.get("/api/v1" + path).headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> again =
        check(
            "GET",
            template,
            path,
            client.request("/api/v1" + path).header("If-None-Match", "\"other\", W/" + tag));

    assertThat(again.statusCode()).isEqualTo(304);
  }

  static Set<String> changes() throws Exception {
    Description all = new Description();
    return all.operations().stream()
        .filter(operation -> !operation.startsWith("GET "))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @Order(3)
  @MethodSource("changes")
  void withoutTheTokenNothingChanges(String operation) throws Exception {
    String method = operation.split(" ")[0];
    String template = operation.split(" ")[1];
    String path = template.replace("{id}", failed);
    for (String header : new String[] {"", "Bearer ", "Bearer wrong", "Basic " + WebClient.TOKEN}) {
      HttpRequest.Builder request =
          client
              .request("/api/v1" + path)
              .method(method, HttpRequest.BodyPublishers.ofString("{}"))
              .header("Content-Type", JSON_TYPE);
      if (!header.isEmpty()) {
        request.header("Authorization", header);
      }
      HttpResponse<String> answer = check(method, template, path, request);
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
    }
    assertThat(description.operation(method, template).at("/security/0/token").isArray()).isTrue();
  }

  @Test
  @Order(4)
  void manifestIsCheckedWithoutBeingSubmitted() throws Exception {
    JsonNode wrong =
        JSON.readTree(
            change("POST", "/validate", "/validate", YAML, "version: \"1.0\"\npipelin: {}\n")
                .body());
    assertThat(wrong.at("/problems/0/line").asInt()).isEqualTo(2);
    assertThat(wrong.at("/problems/0/hint").asText()).contains("pipeline");

    String right = daemon.single(root.resolve("x.raw"), "x");
    JsonNode good =
        JSON.readTree(change("POST", "/validate", "/validate", JSON_TYPE, right).body());
    assertThat(good.at("/problems")).isEmpty();
    assertThat(good.at("/vms").asInt()).isEqualTo(1);
    assertThat(change("POST", "/validate", "/validate", "text/html", right).statusCode())
        .isEqualTo(415);
  }

  @ParameterizedTest
  @Order(5)
  @CsvSource({
    "'', 400",
    "a%2Fb.json, 400",
    "..%2Fb.json, 400",
    ".hidden.json, 400",
    "web.txt, 400",
    "web.report.json, 400",
    "a%0Ab.json, 400",
    "new.json, 422",
    "new.yaml, 422"
  })
  void wrongSubmissionIsRefused(String file, int status) throws Exception {
    HttpResponse<String> answer =
        change("POST", "/manifests", "/manifests?file=" + file, JSON_TYPE, "{\"version\": 2}");
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(RunningDaemon.names(daemon.directories.toBeProcessed())).isEmpty();
  }

  @Test
  @Order(6)
  void drainedDaemonTakesNothingUntilTheDrainEnds() throws Exception {
    assertThat(change("POST", "/drain", "/drain", JSON_TYPE, "").statusCode()).isEqualTo(202);
    await()
        .atMost(RunningDaemon.LIMIT)
        .until(() -> client.json("/overview").at("/daemon/draining").asBoolean());

    daemon.disk("late");
    HttpResponse<String> submitted =
        change(
            "POST",
            "/manifests",
            "/manifests?file=late.json",
            JSON_TYPE,
            daemon.single(root.resolve("in/late.raw"), "late"));
    assertThat(submitted.statusCode()).isEqualTo(201);
    String id = JSON.readTree(submitted.body()).at("/id").asText();
    assertThat(
            change(
                    "POST",
                    "/manifests",
                    "/manifests?file=late.json",
                    JSON_TYPE,
                    daemon.single(root.resolve("in/late.raw"), "late"))
                .statusCode())
        .isEqualTo(409);
    JsonNode waiting = JSON.readTree(get("/manifests/{id}", "/manifests/" + id).body());
    assertThat(waiting.at("/blocked/reason").asText()).isEqualTo("drain");
    await()
        .atMost(RunningDaemon.LIMIT)
        .untilAsserted(
            () ->
                assertThat(client.json("/overview").at("/conditions").findValuesAsText("code"))
                    .contains("BLOCKED_BY_DRAIN", "SOURCE_NOT_FOUND"));
    get("/overview", "/overview");

    assertThat(change("DELETE", "/drain", "/drain", JSON_TYPE, "").statusCode()).isEqualTo(202);
    daemon.awaitProcessed("late.json");
    JsonNode ended = JSON.readTree(get("/manifests/{id}", "/manifests/" + id).body());
    assertThat(ended.at("/state").asText()).isEqualTo("completed");
    assertThat(ended.at("/id").asText()).isNotEqualTo(id);
  }

  @Test
  @Order(7)
  void waitingManifestIsCancelled() throws Exception {
    change("POST", "/drain", "/drain", JSON_TYPE, "");
    HttpResponse<String> submitted =
        change(
            "POST",
            "/manifests",
            "/manifests?file=never.json",
            JSON_TYPE,
            daemon.single(root.resolve("in/never.raw"), "never"));
    String id = JSON.readTree(submitted.body()).at("/id").asText();
    assertThat(
            change("POST", "/manifests/{id}/cancel", "/manifests/" + id + "/cancel", JSON_TYPE, "")
                .statusCode())
        .isEqualTo(202);
    assertThat(daemon.awaitFailed("never.json")).exists();
    change("DELETE", "/drain", "/drain", JSON_TYPE, "");

    JsonNode one = JSON.readTree(get("/manifests/{id}", "/manifests/" + id).body());
    assertThat(one.at("/failure/code").asText()).isEqualTo("CANCELLED");
    assertThat(
            change(
                    "POST",
                    "/manifests/{id}/cancel",
                    "/manifests/" + completed + "/cancel",
                    JSON_TYPE,
                    "")
                .statusCode())
        .isEqualTo(409);
  }

  @Test
  @Order(8)
  void failedManifestIsRunAgain() throws Exception {
    daemon.disk("two");
    HttpResponse<String> answer =
        change("POST", "/manifests/{id}/retry", "/manifests/" + failed + "/retry", JSON_TYPE, "");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(daemon.awaitProcessed("batch.json")).exists();
    assertThat(
            change(
                    "POST",
                    "/manifests/{id}/retry",
                    "/manifests/" + completed + "/retry",
                    JSON_TYPE,
                    "")
                .statusCode())
        .isEqualTo(409);
  }

  @Test
  @Order(9)
  void everyOperationIsDescribedAndEveryDescribedOneIsThere() throws Exception {
    Set<String> there =
        daemon.webOperations().stream()
            .map(operation -> operation.replace(" /api/v1", " "))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(there).isEqualTo(description.operations());
  }

  @Test
  @Order(10)
  void everyOperationWasAskedWithSuccess() {
    for (String operation : description.operations()) {
      assertThat(description.seen.getOrDefault(operation, Set.of()))
          .as(operation)
          .anyMatch(status -> status < 300);
    }
  }

  @Test
  @Order(11)
  void undescribedKeyWouldBeSeen() throws Exception {
    // Guards the tests above: a wrong pointer into the description would make them hold for ever.
    JsonNode overview = client.json("/overview");
    String schema = "/components/schemas/Overview";
    assertThat(description.errors(schema, overview)).isEmpty();
    assertThat(description.errors(schema, Description.withMore(overview))).isNotEmpty();
    JsonNode one = client.json("/manifests/" + completed);
    assertThat(description.errors("/components/schemas/ManifestDetail", one)).isEmpty();
    assertThat(description.errors("/components/schemas/ManifestDetail", Description.withMore(one)))
        .isNotEmpty();
  }
}
