package io.hyper2kvm.daemon;

import static io.hyper2kvm.daemon.RunningDaemon.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.workflow.CancelRequest;
import io.hyper2kvm.workflow.FileIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a request to give up a manifest does to it, to its VMs, and to no other. */
@Tag("daemon")
class WorkflowCancelTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  RunningDaemon daemon;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
  }

  @AfterEach
  void stop() throws Exception {
    daemon.close();
  }

  private Path begun(String vm) {
    return daemon.root.resolve("begun-" + vm);
  }

  /** The conversion of the named VMs writes a part, tells its process, and goes on for ever. */
  private void holdConversionsOf(String vms) throws Exception {
    daemon.tools.before(
        "convert",
        """
        vm=$(basename "$last" | sed 's/^\\.\\([a-z]*\\)-.*/\\1/')
        case $vm in
          %s) : >"$last"; sleep 600 & echo "$$ $!" >'%s'.tmp
            mv '%s'.tmp '%s'-"$vm"; wait ;;
        esac
        """
            .formatted(
                vms,
                daemon.root.resolve("begun"),
                daemon.root.resolve("begun"),
                daemon.root.resolve("begun")));
  }

  private void awaitBegun(String vm) {
    await().atMost(RunningDaemon.LIMIT).until(() -> Files.exists(begun(vm)));
  }

  /** The conversion of the VM fails, but not before that of the other has begun. */
  private void failConversionOnceBegun(String vm, String other) throws Exception {
    Path script = daemon.tools.folder().resolve("on-convert.sh");
    Files.writeString(
        script,
        Files.readString(script)
            + "[ $vm != %s ] || { while [ ! -e '%s' ]; do sleep 0.05; done; exit 1; }\n"
                .formatted(vm, begun(other)));
  }

  /** Waits until the live status tells that the VM of a batch failed. */
  private void awaitFailed(String manifest, int vm) {
    Path status = processing(manifest + ".status.json");
    await()
        .atMost(RunningDaemon.LIMIT)
        .until(
            () ->
                JSON.readTree(Files.readAllBytes(status))
                    .at("/vms/%d/status".formatted(vm))
                    .asText()
                    .equals("failed"));
  }

  private void assertToolsEnd(String vm) throws Exception {
    for (String pid : Files.readString(begun(vm)).strip().split(" ")) {
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> !ProcessHandle.of(Long.parseLong(pid)).map(p -> p.isAlive()).orElse(false));
    }
  }

  private CancelRequest cancel(Path manifest) throws Exception {
    FileIdentity identity = FileIdentity.of(manifest).orElseThrow();
    return CancelRequest.write(daemon.directories, manifest.getFileName().toString(), identity);
  }

  private Path processing(String name) {
    return daemon.directories.processing().resolve(name);
  }

  private static void assertCancelled(JsonNode error) {
    assertThat(error.path("code").asText()).isEqualTo("CANCELLED");
    assertThat(error.path("status").asText()).isEqualTo("failed");
  }

  @Test
  void manifestAtWorkEndsWithItsToolsAndLeavesNothing() throws Exception {
    holdConversionsOf("web");
    daemon.start();
    daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
    awaitBegun("web");

    cancel(processing("web.json"));

    JsonNode error = daemon.error("web.json");
    assertCancelled(error);
    assertThat(error.path("error").asText()).isEqualTo("web was cancelled");
    assertThat(error.path("vm").asText()).isEqualTo("web");
    assertThat(error.path("stage").asText()).isEqualTo("convert");
    assertToolsEnd("web");
    assertThat(names(daemon.output())).isEmpty();
    assertThat(names(daemon.work())).isEmpty();
    assertThat(names(daemon.directories.processing())).isEmpty();
  }

  @Test
  void otherManifestAtWorkGoesOn() throws Exception {
    Path go = daemon.root.resolve("go");
    holdConversionsOf("web");
    Path script = daemon.tools.folder().resolve("on-convert.sh");
    Files.writeString(
        script,
        Files.readString(script)
            + "[ $vm != other ] || { : >'%s'; while [ ! -e '%s' ]; do sleep 0.05; done; }\n"
                .formatted(begun("other"), go));
    daemon.start();
    daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
    daemon.drop("other.json", daemon.single(daemon.disk("other"), "other"));
    awaitBegun("web");
    awaitBegun("other");

    cancel(processing("web.json"));
    assertCancelled(daemon.error("web.json"));
    Files.createFile(go);

    assertThat(daemon.report("other.json").path("status").asText()).isEqualTo("completed");
  }

  @Test
  void vmsThatWerePublishedStayAndThoseNotBegunAreNotBegun() throws Exception {
    daemon.maxConcurrentJobs = 1;
    holdConversionsOf("b");
    for (String name : new String[] {"a", "b", "c"}) {
      daemon.disk(name);
    }
    daemon.start();
    daemon.drop("three.json", daemon.batch("", "a", "b", "c"));
    awaitBegun("b");

    cancel(processing("three.json"));

    JsonNode error = daemon.error("three.json");
    assertCancelled(error);
    assertThat(error.path("vms").findValuesAsText("status")).isNotEmpty();
    assertThat(error.at("/vms/0/status").asText()).isEqualTo("completed");
    assertThat(error.at("/vms/1/code").asText()).isEqualTo("CANCELLED");
    assertThat(error.at("/vms/2/code").asText()).isEqualTo("CANCELLED");
    assertThat(error.at("/vms/2/stages/load/status").asText()).isEqualTo("not_run");
    assertThat(names(daemon.output()))
        .containsExactly("a-converted.raw", "a-converted.raw.provenance.json", "a.xml");
  }

  @Test
  void cancelStandsAboveTheFailureThatStopsTheBatch() throws Exception {
    daemon.maxConcurrentJobs = 2;
    holdConversionsOf("b");
    failConversionOnceBegun("a", "b");
    for (String name : new String[] {"a", "b", "c"}) {
      daemon.disk(name);
    }
    daemon.start();
    daemon.drop("three.json", daemon.batch("\"on_failure\": \"stop\",", "a", "b", "c"));
    awaitBegun("b");
    awaitFailed("three.json", 0);

    cancel(processing("three.json"));

    JsonNode error = daemon.error("three.json");
    assertCancelled(error);
    assertThat(error.at("/vms/0/code").asText()).isEqualTo("TOOL_EXITED_NONZERO");
    assertThat(error.at("/vms/1/code").asText()).isEqualTo("CANCELLED");
  }

  @Test
  void waitingManifestNeverRuns() throws Exception {
    daemon.maxInFlight = 1;
    holdConversionsOf("web");
    daemon.start();
    daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
    awaitBegun("web");
    Path waiting = daemon.drop("later.json", daemon.single(daemon.disk("later"), "later"));

    CancelRequest request = cancel(waiting);

    JsonNode error = daemon.error("later.json");
    assertCancelled(error);
    assertThat(error.path("error").asText())
        .isEqualTo("later.json was cancelled before it was begun");
    await().atMost(RunningDaemon.LIMIT).until(() -> !request.isPending());
    assertThat(waiting).doesNotExist();
    assertThat(begun("web")).exists();
    assertThat(processing("web.json")).exists();
    cancel(processing("web.json"));
    daemon.error("web.json");
  }

  @Test
  void requestForTheSameNameOfAnotherFileIsTakenAwayAndDoesNothing() throws Exception {
    Path other = Files.writeString(folder.resolve("gone.json"), "{}");
    FileIdentity gone = FileIdentity.of(other).orElseThrow();
    Files.delete(other);
    Path go = daemon.root.resolve("go");
    daemon.tools.before(
        "convert", ": >'%s'; while [ ! -e '%s' ]; do sleep 0.05; done".formatted(begun("web"), go));
    daemon.start();
    daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
    awaitBegun("web");

    CancelRequest request = CancelRequest.write(daemon.directories, "web.json", gone);

    await().atMost(RunningDaemon.LIMIT).until(() -> !request.isPending());
    Files.createFile(go);
    assertThat(daemon.report("web.json").path("status").asText()).isEqualTo("completed");
  }

  @Test
  void nonsenseAsRequestIsTakenAway() throws Exception {
    daemon.start();
    Path garbled = Files.writeString(processing(".web.json.cancel"), "1:2:x\u0000");
    Path link = Files.createSymbolicLink(processing(".link.json.cancel"), Path.of("/dev/zero"));
    await()
        .atMost(RunningDaemon.LIMIT)
        .until(() -> !Files.exists(garbled) && names(link.getParent()).isEmpty());
  }

  @Test
  void requestDuringAStopEndsTheManifestInsteadOfPuttingItBack() throws Exception {
    holdConversionsOf("web");
    daemon.shutdownTimeout = RunningDaemon.LIMIT;
    daemon.start();
    daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
    awaitBegun("web");
    Thread stop = new Thread(daemon::close);
    stop.start();
    await().atMost(RunningDaemon.LIMIT).until(daemon::isStopping);

    cancel(processing("web.json"));
    stop.join(Duration.ofMinutes(1).toMillis());

    assertCancelled(daemon.error("web.json"));
    assertThat(names(daemon.directories.toBeProcessed())).isEmpty();
  }

  @Test
  void requestOfBeforeACrashHoldsAfterTheStart() throws Exception {
    Path left = Files.writeString(processing("web.json"), daemon.single(daemon.disk("web"), "web"));
    cancel(left).heard();
    daemon.start();

    assertCancelled(daemon.error("web.json"));
    assertThat(CancelRequest.all(daemon.directories)).isEmpty();
    assertThat(daemon.tools.calls()).isEmpty();
    assertThat(names(daemon.directories.toBeProcessed())).isEmpty();
  }

  /** Moments of a manifest's way through the intake, each as soon as it can be seen. */
  enum Moment {
    NOT_YET_DROPPED,
    DROPPED,
    TAKEN,
    READ
  }

  private boolean has(Moment moment, String manifest) {
    return switch (moment) {
      case NOT_YET_DROPPED, DROPPED -> true;
      case TAKEN -> !Files.exists(daemon.directories.toBeProcessed().resolve(manifest));
      // A short one may be at its end already.
      case READ ->
          Files.exists(processing(manifest + ".status.json"))
              || has(Moment.TAKEN, manifest) && !Files.exists(processing(manifest));
    };
  }

  /** The request comes before, while and after the consumer takes the manifest. */
  @Test
  void manifestCancelledAtAnyInstantEndsExactlyOnce() throws Exception {
    daemon.start();
    Path disk = daemon.disk("web");
    int manifests = 40;
    for (int i = 0; i < manifests; i++) {
      String name = "m" + i + ".json";
      Path place = daemon.directories.toBeProcessed().resolve(name);
      Path beside = Files.writeString(folder.resolve("dropping"), daemon.single(disk, "m" + i));
      FileIdentity identity = FileIdentity.of(beside).orElseThrow();
      Moment moment = Moment.values()[i % Moment.values().length];
      if (moment == Moment.NOT_YET_DROPPED) {
        CancelRequest.write(daemon.directories, name, identity);
        Files.move(beside, place);
      } else {
        Files.move(beside, place);
        await()
            .atMost(RunningDaemon.LIMIT)
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> has(moment, name));
        CancelRequest.write(daemon.directories, name, identity);
      }
    }

    await().atMost(RunningDaemon.LIMIT).until(() -> ends().size() == manifests);
    await()
        .atMost(RunningDaemon.LIMIT)
        .until(() -> names(daemon.directories.processing()).isEmpty());
    List<String> ends = ends();
    assertThat(ends).doesNotHaveDuplicates().hasSize(manifests);
    assertThat(names(daemon.directories.toBeProcessed())).isEmpty();
    for (String name : ends) {
      if (names(RunningDaemon.day(daemon.directories.failed())).contains(name)) {
        assertCancelled(daemon.error(name));
      } else {
        daemon.report(name);
      }
    }
    // An error file without its manifest would be of a rename that another one won.
    assertThat(names(RunningDaemon.day(daemon.directories.failed())))
        .allMatch(name -> ends.contains(name.replace(".error.json", "")));
  }

  private List<String> ends() throws Exception {
    List<String> ends = new ArrayList<>();
    for (Path folder : List.of(daemon.directories.processed(), daemon.directories.failed())) {
      names(RunningDaemon.day(folder)).stream()
          .filter(name -> name.matches("m\\d+\\.json"))
          .forEach(ends::add);
    }
    return ends;
  }
}
