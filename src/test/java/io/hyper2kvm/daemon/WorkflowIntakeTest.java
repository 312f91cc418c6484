package io.hyper2kvm.daemon;

import static io.hyper2kvm.daemon.RunningDaemon.images;
import static io.hyper2kvm.daemon.RunningDaemon.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files are taken from the drop zone, how many at once, and that nothing in them is run. */
@Tag("daemon")
class WorkflowIntakeTest {

  @TempDir Path folder;
  RunningDaemon daemon;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
  }

  @Test
  void whatIsNoManifestStaysAndBlocksNothing() throws Exception {
    Path zone = daemon.directories.toBeProcessed();
    Path elsewhere = Files.writeString(daemon.root.resolve("elsewhere.json"), "{}");
    Files.writeString(zone.resolve(".hidden.json"), "{}");
    Files.writeString(zone.resolve("half.json.tmp"), "{");
    Files.writeString(zone.resolve("half.json.part"), "{");
    Files.writeString(zone.resolve("web.json.report.json"), "{}");
    Files.writeString(zone.resolve("web.json.error.json"), "{}");
    Files.writeString(zone.resolve("notes.txt"), "x");
    Files.createDirectory(zone.resolve("folder.json"));
    Files.writeString(zone.resolve("folder.json").resolve("inner.json"), "{}");
    Files.createSymbolicLink(zone.resolve("link.json"), elsewhere);
    assertThat(new ProcessBuilder("mkfifo", zone.resolve("fifo.json").toString()).start().waitFor())
        .isZero();
    List<String> before = names(zone);
    try (RunningDaemon running = daemon.start()) {
      running.drop("zz.json", running.single(running.disk("zz"), "zz"));

      running.report("zz.json");
      assertThat(names(zone)).isEqualTo(before);
      assertThat(names(running.directories.failed())).isEmpty();
    }
  }

  @Test
  void hostileFileNamesAreOnlyNames() throws Exception {
    List<String> hostile =
        List.of(
            "with space.json",
            "quote'\".json",
            "$HOME $(id).json",
            "{{h2k.intake.directory}}.json",
            "${body}.json",
            "${sys.user.name}-${date:now:yyyy}.json",
            "$simple{body}.json",
            "umlaut-ü-日本.json",
            "?move=.x&delete=true.json",
            "RAW(x)%2e%2e.json",
            "#ref.json",
            "-rf.json");
    try (RunningDaemon running = daemon.start()) {
      for (String name : hostile) {
        running.drop(name, "{}");
      }
      for (String name : hostile) {
        JsonNode error = running.error(name);
        assertThat(error.path("original_name").asText()).isEqualTo(name);
        assertThat(error.path("code").asText()).isEqualTo("MANIFEST_INVALID");
      }
      assertThat(names(running.directories.processing())).isEmpty();
      assertThat(names(RunningDaemon.day(running.directories.failed())))
          .hasSize(2 * hostile.size());
    }
  }

  @Test
  void valuesOfAManifestAreNeverEvaluated() throws Exception {
    String hostile = "x ${sys.java.version} {{h2k.vm.endpoint}} $simple{body} #{1+1} %s";
    Path source = daemon.disk(hostile);
    String manifest =
        daemon
            .single(source, "web")
            .replace("\"raw\"}}}", "\"raw\", \"output_path\": \"%s.raw\"}},".formatted(hostile))
            .concat("\"metadata\": {\"owner\": \"%s\"}}".formatted(hostile));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", manifest);

      JsonNode report = running.report("web.json");
      assertThat(report.path("metadata").path("owner").asText()).isEqualTo(hostile);
      assertThat(images(running.output())).containsExactly(hostile + ".raw");
    }
  }

  @Test
  void oneLimitHoldsForTheVmsOfAllManifests() throws Exception {
    Path go = daemon.root.resolve("go");
    daemon.tools.before(
        "convert",
        """
        : >"$here/running.$$"
        while [ ! -e '%s' ]; do sleep 0.02; done
        ls "$here" | grep -c '^running' >>"$here/counts"
        rm "$here/running.$$"
        """
            .formatted(go));
    for (String name : List.of("a", "b", "c", "d", "e")) {
      daemon.disk(name);
    }
    try (RunningDaemon running = daemon.start()) {
      running.drop("one.json", running.batch("", "a", "b"));
      running.drop("two.json", running.batch("", "c", "d"));
      running.drop("three.json", running.batch("", "e"));
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> conversionsAtWork() == 2 && stagesOfVms().size() == 5);
      running.awaitLook();
      assertThat(stagesOfVms()).containsExactly("", "", "", "convert", "convert");
      Files.createFile(go);
      running.report("one.json");
      running.report("two.json");
      running.report("three.json");
    }
    List<Integer> counts =
        Files.readAllLines(daemon.tools.folder().resolve("counts")).stream()
            .map(Integer::valueOf)
            .toList();
    assertThat(counts).hasSize(5).allMatch(count -> count <= 2);
  }

  private long conversionsAtWork() throws IOException {
    return names(daemon.tools.folder()).stream().filter(n -> n.startsWith("running.")).count();
  }

  /** The stages of all VMs of the manifests at work; none of one that waits for a free place. */
  private List<String> stagesOfVms() throws IOException {
    List<String> stages = new ArrayList<>();
    for (String name : names(daemon.directories.processing())) {
      if (name.endsWith(".status.json") && !name.startsWith(".")) {
        RunningDaemon.json(daemon.directories.processing().resolve(name))
            .path("vms")
            .forEach(vm -> stages.add(vm.path("stage").asText()));
      }
    }
    stages.sort(null);
    return stages;
  }

  @Test
  void noMoreManifestsAreTakenThanMayBeInFlight() throws Exception {
    daemon.maxInFlight = 2;
    daemon.maxConcurrentJobs = 1;
    Path go = daemon.root.resolve("go");
    daemon.tools.before("convert", "while [ ! -e '%s' ]; do sleep 0.02; done".formatted(go));
    List<String> all = List.of("a", "b", "c", "d", "e");
    for (String name : all) {
      daemon.drop(name + ".json", daemon.single(daemon.disk(name), name));
    }
    try (RunningDaemon running = daemon.start()) {
      Path zone = running.directories.toBeProcessed();
      await().atMost(RunningDaemon.LIMIT).until(() -> names(zone).size() == 3);
      running.awaitLook();
      assertThat(names(zone)).hasSize(3);
      Files.createFile(go);
      for (String name : all) {
        running.report(name + ".json");
      }
    }
  }

  @Test
  void statusIsThereWhileRunningAndGoneAfterwards() throws Exception {
    Path go = daemon.root.resolve("go");
    daemon.tools.before(
        "convert",
        "printf '    (12.50/100%%%%)\\r'; while [ ! -e '%s' ]; do sleep 0.02; done".formatted(go));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      Path status = running.directories.processing().resolve("web.json.status.json");
      await()
          .atMost(RunningDaemon.LIMIT)
          .ignoreException(NoSuchFileException.class)
          .ignoreException(java.io.FileNotFoundException.class)
          .until(
              () ->
                  RunningDaemon.json(status).at("/vms/0/stage").asText().equals("convert")
                      && RunningDaemon.json(status).at("/vms/0/status").asText().equals("running"));
      Files.createFile(go);
      running.report("web.json");
      assertThat(status).doesNotExist();
    }
  }

  @Test
  void filesAboutManifestsAreWholeWheneverTheyAreSeen() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<String> broken = new AtomicReference<>();
    List<String> seen = new ArrayList<>();
    Thread watcher =
        new Thread(
            () -> {
              while (!done.get()) {
                look(broken, seen);
              }
            });
    watcher.start();
    try (RunningDaemon running = daemon.start()) {
      for (int i = 0; i < 10; i++) {
        running.drop("bad-%d.json".formatted(i), "{}");
      }
      running.drop("web.json", running.single(running.disk("web"), "web"));
      running.report("web.json");
      for (int i = 0; i < 10; i++) {
        running.error("bad-%d.json".formatted(i));
      }
      // Whatever stands there with its manifest is announced by it.
      look(broken, seen);
    } finally {
      done.set(true);
      watcher.join();
    }
    assertThat(broken.get()).isNull();
    assertThat(seen).anyMatch(name -> name.endsWith(".error.json"));
  }

  private void look(AtomicReference<String> broken, List<String> seen) {
    try {
      List<Path> places = new ArrayList<>(List.of(daemon.directories.processing()));
      for (Path end : List.of(daemon.directories.failed(), daemon.directories.processed())) {
        places.add(RunningDaemon.day(end));
      }
      for (Path place : places) {
        for (String name : names(place)) {
          boolean about =
              name.endsWith(".report.json")
                  || name.endsWith(".error.json")
                  || name.endsWith(".status.json");
          if (about && !name.startsWith(".")) {
            check(place.resolve(name), broken);
            synchronized (seen) {
              seen.add(name);
            }
          } else if (place != places.get(0) && !name.startsWith(".")) {
            boolean announced =
                Files.exists(place.resolve(name + ".report.json"))
                    || Files.exists(place.resolve(name + ".error.json"));
            if (!announced) {
              broken.set(name + " stands there before its report");
            }
          }
        }
      }
    } catch (IOException e) {
      // A folder appeared or went while it was listed.
    }
  }

  private static void check(Path file, AtomicReference<String> broken) throws IOException {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return; // A status that has gone meanwhile.
    }
    try {
      if (!new ObjectMapper().readTree(content).isObject()) {
        broken.set(file + " is no object: " + new String(content, "UTF-8"));
      }
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      broken.set(file + " is incomplete: " + new String(content, "UTF-8"));
    }
  }
}
