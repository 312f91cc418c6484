package io.hyper2kvm.cli;

import static io.hyper2kvm.cli.ClientFixture.golden;
import static io.hyper2kvm.cli.ClientFixture.names;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.tool.ProcessIdentity;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmitCommandTest {

  @TempDir Path folder;
  private ClientFixture client;

  @BeforeEach
  void directories() throws IOException {
    client = new ClientFixture(folder);
  }

  private Path good(String name) throws IOException {
    return client.file(name, client.manifest("web"));
  }

  @Test
  void allProblemsOfAllManifestsAreShownAndNoneIsSubmitted() throws IOException {
    int exit =
        client.run(
            "submit",
            good("good.json").toString(),
            client.file("bad.json", "{\"version\": \"1.0\", \"pipelin\": {}}").toString(),
            client.file("worse.yaml", "version: \"2.0\"\nx\u001b[2J: 1\n").toString(),
            client.root + "/mine/none.json");

    assertThat(exit).isEqualTo(1);
    assertThat(client.err()).isEqualTo(golden("submit-problems.txt"));
    assertThat(client.out()).isEmpty();
    assertThat(names(client.directories.toBeProcessed())).isEmpty();
  }

  @Test
  void keepGoingSubmitsTheGoodOnesAndIsStillExitCodeOne() throws IOException {
    Path bad = client.file("bad.json", "{");

    assertThat(client.run("submit", "--keep-going", bad.toString(), good("web.json").toString()))
        .isEqualTo(1);
    assertThat(names(client.directories.toBeProcessed())).containsExactly("web.json");
    assertThat(client.err()).contains("bad.json:1:");
  }

  @Test
  void manifestLiesInTheDropZoneAsItWasGiven() throws IOException {
    client.announceDaemon();

    assertThat(client.run("submit", good("web.json").toString())).isZero();
    assertThat(client.out()).isEqualTo("submitted ROOT/flow/to_be_processed/web.json\n");
    assertThat(client.err()).isEmpty();
    assertThat(client.directories.toBeProcessed().resolve("web.json"))
        .hasContent(client.manifest("web"));
  }

  @Test
  void takenNameIsToldWithTheNumber() throws IOException {
    client.waiting("web.json");
    client.announceDaemon();

    assertThat(client.run("submit", good("web.json").toString())).isZero();
    assertThat(client.out())
        .isEqualTo("submitted ROOT/flow/to_be_processed/web.2.json (web.json is taken there)\n");
  }

  @Test
  void withoutADaemonItSaysSo() throws IOException {
    assertThat(client.run("submit", good("web.json").toString())).isZero();
    assertThat(client.err())
        .isEqualTo("hyper2kvm: no daemon is running there; what waits is taken when one starts\n");
  }

  @Test
  void standardInputIsAManifestOfTheGivenName() throws IOException {
    client.stdin("version: \"1.0\"\npipeline: {load: {source_path: /data/a.raw}}\n");

    assertThat(client.run("submit", "-", "--name", "web.yaml")).isZero();
    assertThat(names(client.directories.toBeProcessed())).containsExactly("web.yaml");
  }

  @Test
  void runningDaemonsSettingsCountNotTheCommandsOwn() throws IOException {
    client.announceDaemon();
    Path relative =
        client.file(
            "web.json",
            "{\"version\": \"1.0\", \"pipeline\": {\"load\": {\"source_path\": \"a.raw\"}}}");

    assertThat(client.run("submit", relative.toString())).isZero();
  }

  @Test
  void withoutTheDaemonsSettingsNothingCanBeJudged() throws IOException {
    client.environment.remove("HYPER2KVM_OUTPUT_DIR");
    client.announce(new ProcessIdentity(1, 1, "another-boot"));

    assertThat(client.run("submit", good("web.json").toString())).isEqualTo(2);
    assertThat(client.err()).contains("no daemon runs on ROOT/flow", "--config", "--output-dir");
  }

  @ParameterizedTest
  @CsvSource({
    "submit, Missing required parameter: 'FILE'",
    "submit -, - needs --name",
    "submit - a.json, - is for a single FILE",
    "submit a.json b.json --name c.json, --name is for a single FILE",
    "submit a.json --timeout 5s, --timeout needs --wait",
    "submit a.json --wait --timeout 5, a time is written like",
    "submit a.json --output xml, 'xml'"
  })
  void wrongUseIsExitCodeTwo(String arguments, String reason) {
    assertThat(client.run(arguments.split(" "))).isEqualTo(2);
    assertThat(client.err()).contains(reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".web.json",
        "web.txt",
        "web.json.tmp",
        "web.report.json",
        "a/web.json",
        "w\u0007.json"
      })
  void nameThatTheDaemonWouldNotTakeIsRefused(String name) throws IOException {
    client.stdin(client.manifest("web"));

    assertThat(client.run("submit", "-", "--name", name)).isEqualTo(1);
    assertThat(client.rawOut()).isEmpty();
    assertThat(names(client.directories.toBeProcessed())).isEmpty();
  }

  @Test
  void largerThanTheDaemonReadsIsRefused() throws IOException {
    client.announceDaemon();
    Path large = client.file("web.json", client.manifest("web") + " ".repeat(1 << 20));

    assertThat(client.run("submit", large.toString())).isEqualTo(1);
    assertThat(client.err()).contains("more than the 1048576 bytes of max_manifest_size");
  }

  @Test
  void folderThatIsNoWorkflowDirectoryIsExitCodeTwo() throws IOException {
    client.environment.put("HYPER2KVM_MANIFEST_WORKFLOW_DIR", client.root + "/nowhere");

    assertThat(client.run("submit", good("web.json").toString())).isEqualTo(2);
    assertThat(client.err()).contains("ROOT/nowhere is no workflow directory");
  }

  /** Stands for the daemon: moves the manifest on as soon as it is there. */
  private Thread takes(String name, Path end, String about, AtomicReference<Exception> failure) {
    Thread daemon =
        new Thread(
            () -> {
              try {
                Path waiting = client.directories.toBeProcessed().resolve(name);
                Awaitility.await().until(() -> Files.exists(waiting));
                Path running = client.directories.processing().resolve("web.7.json");
                Files.move(waiting, running);
                Path day = Files.createDirectories(WorkflowDirectories.day(end, LocalDate.now()));
                boolean good = end.equals(client.directories.processed());
                Files.writeString(
                    day.resolve("web.9.json" + (good ? ".report.json" : ".error.json")), about);
                Files.move(running, day.resolve("web.9.json"));
              } catch (Exception e) {
                failure.set(e);
              }
            });
    daemon.start();
    return daemon;
  }

  @ParameterizedTest
  @CsvSource({"true, 0", "false, 1"})
  void waitEndsWithTheManifestUnderWhateverName(boolean good, int expected) throws Exception {
    client.announceDaemon();
    AtomicReference<Exception> failure = new AtomicReference<>();
    Thread daemon =
        takes(
            "web.json",
            good ? client.directories.processed() : client.directories.failed(),
            good
                ? "{\"manifest\": \"web\", \"status\": \"completed\", \"artifacts\": {\"output\": \"/out/web.qcow2\"}}"
                : "{\"job_id\": \"web\", \"code\": \"NO_SPACE\", \"error\": \"full\", \"hint\": \"h\"}",
            failure);

    int exit = client.run("submit", good("web.json").toString(), "--wait");

    daemon.join();
    assertThat(failure.get()).isNull();
    assertThat(exit).isEqualTo(expected);
    assertThat(client.out())
        .contains(
            good
                ? "web.9.json: completed\n  web: completed\n    output: /out/web.qcow2\n"
                : "web.9.json: failed\n  code: NO_SPACE\n  error: full\n  hint: h\n");
  }

  @Test
  void timeThatIsUpIsExitCodeThreeAndTheManifestStays() throws IOException {
    client.announceDaemon();

    assertThat(client.run("submit", good("web.json").toString(), "--wait", "--timeout=1ms"))
        .isEqualTo(3);
    assertThat(names(client.directories.toBeProcessed())).containsExactly("web.json");
    assertThat(client.out()).contains("web.json: waiting for H:MM:SS\n");
  }

  @Test
  void jsonIsOneObjectAndNothingElse() throws IOException {
    client.announceDaemon();

    assertThat(client.run("submit", good("web.json").toString(), "--output=json")).isZero();
    var json = new ObjectMapper().readTree(client.rawOut());
    assertThat(json.at("/manifests/0/state").asText()).isEqualTo("waiting");
    assertThat(json.at("/manifests/0/file").asText()).isEqualTo("web.json");
  }
}
