package io.hyper2kvm.cli;

import static io.hyper2kvm.cli.ClientFixture.names;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.workflow.CancelRequest;
import io.hyper2kvm.workflow.FileIdentity;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code retry}, and {@code cancel} as far as it needs no daemon. */
class RetryAndCancelTest {

  @TempDir Path folder;
  private ClientFixture client;

  @BeforeEach
  void directories() throws IOException {
    client = new ClientFixture(folder);
  }

  private static String error(String originalName) throws IOException {
    return new ObjectMapper()
        .writeValueAsString(
            java.util.Map.of("job_id", "web", "original_name", originalName, "code", "NO_SPACE"));
  }

  @Test
  void failedManifestGoesBackUnderTheNameItWasDroppedBy() throws IOException {
    client.announceDaemon();
    Path failed = client.failed("web.2.json", error("web.json"));

    assertThat(client.run("retry", "web")).isZero();
    assertThat(client.out())
        .isEqualTo("moved failed/DAY/web.2.json back to ROOT/flow/to_be_processed/web.json\n");
    assertThat(names(client.directories.toBeProcessed())).containsExactly("web.json");
    assertThat(failed).doesNotExist();
    assertThat(failed.resolveSibling("web.2.json.error.json")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rack.retry.json", "failed/DAY/rack.retry.json"})
  void retryManifestGoesWithoutItsBatch(String word) throws IOException {
    Path failed = client.failed("rack.json", error("rack.json"));
    Path retry = Files.writeString(failed.resolveSibling("rack.retry.json"), "{}");
    String day = failed.getParent().getFileName().toString();

    assertThat(client.run("retry", word.replace("DAY", day))).isZero();
    assertThat(names(client.directories.toBeProcessed())).containsExactly("rack.retry.json");
    assertThat(retry).doesNotExist();
    assertThat(failed).exists();
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    client.waiting("web.json");
    client.failed("web.json", error("web.json"));

    assertThat(client.run("retry", "web.json")).isZero();
    assertThat(names(client.directories.toBeProcessed())).containsExactly("web.2.json", "web.json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../../web.json", "/etc/web.json", ".web.json", "web.tmp", "", "a\u001b.json"})
  void nameThatIsNoManifestsIsNotTakenFromTheErrorFile(String name) throws IOException {
    client.failed("web.json", error(name));

    assertThat(client.run("retry", "web.json")).isZero();
    assertThat(names(client.directories.toBeProcessed())).containsExactly("web.json");
  }

  @Test
  void lastOneThatFailedIsMeant() throws IOException {
    Path older =
        Files.createDirectories(
            WorkflowDirectories.day(client.directories.failed(), LocalDate.now().minusDays(2)));
    Files.writeString(older.resolve("web.json"), "older");
    client.failed("web.json", error("web.json"));

    assertThat(client.run("retry", "web")).isZero();
    assertThat(older.resolve("web.json")).exists();
  }

  @Test
  void manifestThatDidNotFailIsExitCodeOne() throws IOException {
    client.completed("web.json", "{}");

    assertThat(client.run("retry", "web")).isEqualTo(1);
    assertThat(client.err())
        .isEqualTo("hyper2kvm: there is no manifest web in failed/ of ROOT/flow\n");
  }

  @Test
  void manifestThatIsNowhereCannotBeCancelled() {
    assertThat(client.run("cancel", "web")).isEqualTo(1);
    assertThat(client.err())
        .isEqualTo(
            "hyper2kvm: there is no manifest web waiting or running in any folder of"
                + " ROOT/flow\n");
  }

  @Test
  void manifestThatHasEndedCannotBeCancelled() throws IOException {
    client.completed("web.json", "{}");

    assertThat(client.run("cancel", "web")).isEqualTo(1);
    assertThat(client.err()).isEqualTo("hyper2kvm: web.json has ended already: completed\n");
  }

  @Test
  void withoutADaemonAWaitingManifestEndsAtOnce() throws IOException {
    client.waiting("web.json");

    assertThat(client.run("cancel", "web")).isZero();
    assertThat(client.out())
        .isEqualTo(
            """
            web.json: failed at TIME after H:MM:SS
              code: CANCELLED
              error: web.json was cancelled before it was begun
              hint: Move the manifest back to run it again.
              manifest: ROOT/flow/failed/DAY/web.json
              error file: ROOT/flow/failed/DAY/web.json.error.json
            """);
    assertThat(names(client.directories.toBeProcessed())).isEmpty();
  }

  @Test
  void withoutADaemonALeftoverIsNotTouched() throws IOException {
    Path left = client.running("web.json", "{}");

    assertThat(client.run("cancel", "web")).isEqualTo(1);
    assertThat(client.err()).contains("no daemon is running", "left there by one that died");
    assertThat(left).exists();
    assertThat(names(client.directories.processing()))
        .containsExactly("web.json", "web.json.status.json");
  }

  @Test
  void requestAloneIsWrittenWhereNobodyWaits() throws IOException {
    client.announceDaemon();
    Path waiting = client.waiting("web.json");

    assertThat(client.run("cancel", "web", "--no-wait")).isZero();
    assertThat(client.out()).isEqualTo("web.json: cancel requested\n");
    assertThat(CancelRequest.all(client.directories))
        .extracting(CancelRequest::manifest)
        .containsExactly(FileIdentity.of(waiting).orElseThrow());
  }

  @Test
  void manifestCanBeRetriedAfterItWasCancelled() throws IOException {
    client.waiting("web.json");
    client.run("cancel", "web");

    assertThat(client.run("retry", "web")).isZero();
    assertThat(names(client.directories.toBeProcessed())).containsExactly("web.json");
  }
}
