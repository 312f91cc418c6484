package io.hyper2kvm.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyper2kvm.tool.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionTest {

  @TempDir Path folder;
  private WorkflowDirectories directories;
  private Submission dropping;

  @BeforeEach
  void directories() throws IOException {
    directories = new WorkflowDirectories(folder);
    directories.create();
    dropping = new Submission(directories);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Set<String> zone() throws IOException {
    try (Stream<Path> files = Files.list(directories.toBeProcessed())) {
      return new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }

  private Path failed(String name, String content) throws IOException {
    Path day = Files.createDirectories(directories.failed().resolve("2026-01-24"));
    return Files.writeString(day.resolve(name), content);
  }

  @Test
  void manifestIsThereAsItWasGivenAndNothingElse() throws IOException {
    Submitted dropped = dropping.write(new ManifestFile("web.json"), bytes("{}"));

    assertThat(dropped.place()).hasContent("{}").hasFileName("web.json");
    assertThat(zone()).containsExactly("web.json");
  }

  @Test
  void identityIsThatOfTheFileWhereverItGoes() throws IOException {
    Submitted dropped = dropping.write(new ManifestFile("web.json"), bytes("{}"));
    Path elsewhere = Files.move(dropped.place(), directories.processing().resolve("web.2.json"));

    assertThat(dropped.identity().isAt(elsewhere)).isTrue();
  }

  @Test
  void daemonOfAnotherUserMayReadIt() throws IOException {
    Path place = dropping.write(new ManifestFile("web.json"), bytes("{}")).place();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
        .isEqualTo("rw-r--r--");
  }

  @Test
  void takenNameGetsANumberAndStaysAsItWas() throws IOException {
    Files.writeString(directories.toBeProcessed().resolve("web.json"), "first");
    Files.createSymbolicLink(directories.toBeProcessed().resolve("web.2.json"), Path.of("nowhere"));

    Path place = dropping.write(new ManifestFile("web.json"), bytes("mine")).place();

    assertThat(place).hasFileName("web.3.json").hasContent("mine");
    assertThat(directories.toBeProcessed().resolve("web.json")).hasContent("first");
  }

  @Test
  void moveTakesTheNameItIsGiven() throws IOException {
    Path failed = failed("web.2.json", "mine");

    Submitted dropped = dropping.move(failed, new ManifestFile("web.json"));

    assertThat(dropped.place()).hasContent("mine").hasFileName("web.json");
    assertThat(failed).doesNotExist();
    assertThat(zone()).containsExactly("web.json");
  }

  @Test
  void aHiddenManifestGetsANameThatIsFree() throws IOException {
    Path hidden = dropping.hidden(new ManifestFile("web.json"));
    Files.writeString(hidden, "mine");
    Files.writeString(directories.toBeProcessed().resolve("web.json"), "dropped meanwhile");

    Path place = dropping.show(hidden, new ManifestFile("web.json"));

    assertThat(place).hasFileName("web.2.json").hasContent("mine");
    assertThat(directories.toBeProcessed().resolve("web.json")).hasContent("dropped meanwhile");
    assertThat(zone()).containsExactly("web.2.json", "web.json");
  }

  /** Between two file systems there is no hard link, as within some of them. */
  @Test
  void withoutHardLinksAHiddenManifestReplacesNothingEither() throws IOException {
    Path shared = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(shared), "/dev/shm is not there");
    assumeFalse(Files.getFileStore(shared).equals(Files.getFileStore(folder)));
    Path hidden = Files.createTempFile(shared, "h2k", ".retry");
    Files.writeString(hidden, "mine");
    Files.writeString(directories.toBeProcessed().resolve("web.json"), "dropped meanwhile");

    Path place = dropping.show(hidden, new ManifestFile("web.json"));

    assertThat(place).hasFileName("web.2.json").hasContent("mine");
    assertThat(zone()).containsExactly("web.2.json", "web.json");
    assertThat(hidden).doesNotExist();
  }

  @Test
  void moveOfWhatIsNotThereLeavesNothing() throws IOException {
    Path gone = failed("web.json", "mine");
    Files.delete(gone);

    assertThatThrownBy(() -> dropping.move(gone, new ManifestFile("web.json")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(zone()).isEmpty();
  }

  @Test
  void moveThatCannotBeNamedPutsTheManifestBack() throws IOException {
    Path failed = failed("web.json", "mine");
    ManifestFile tooLong = new ManifestFile("w".repeat(240) + ".json");
    Files.createFile(directories.toBeProcessed().resolve(tooLong.name()));
    for (int n = 2; n <= 9; n++) {
      Files.createFile(directories.toBeProcessed().resolve(tooLong.numbered(n).name()));
    }

    // Its hidden name would have more than 255 bytes.
    assertThatThrownBy(() -> dropping.move(failed, tooLong)).isInstanceOf(IOException.class);
    assertThat(failed).hasContent("mine");
  }

  /** Twelve threads, one name: while half of them write, the others move. */
  @Test
  void concurrentDropsOfOneNameLoseNone() throws Exception {
    int threads = 12;
    int each = 25;
    List<Callable<Void>> work = new ArrayList<>();
    Set<String> expected = new TreeSet<>();
    for (int t = 0; t < threads; t++) {
      boolean writes = t % 2 == 0;
      List<String> mine = new ArrayList<>();
      for (int i = 0; i < each; i++) {
        mine.add(t + "-" + i);
      }
      expected.addAll(mine);
      work.add(
          () -> {
            for (String content : mine) {
              if (writes) {
                dropping.write(new ManifestFile("web.json"), bytes(content));
              } else {
                dropping.move(failed(content + ".json", content), new ManifestFile("web.json"));
              }
            }
            return null;
          });
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Void> done : pool.invokeAll(work)) {
        done.get();
      }
    } finally {
      pool.shutdownNow();
    }

    Set<String> found = new TreeSet<>();
    for (String name : zone()) {
      assertThat(name).matches("web(\\.\\d+)?\\.json");
      found.add(Files.readString(directories.toBeProcessed().resolve(name)));
    }
    assertThat(found).isEqualTo(expected);
  }

  /** As a process that is killed there leaves it; no process has that number. */
  private Path hidden(String name, String content) throws IOException {
    Path file = directories.toBeProcessed().resolve("." + name + ".4194999-1-0.retry");
    return Files.writeString(file, content);
  }

  @Test
  void manifestLeftHiddenGetsItsName() throws IOException {
    hidden("web.json", "{}");
    Files.writeString(directories.toBeProcessed().resolve("web.json"), "another");

    assertThat(dropping.finish())
        .singleElement()
        .satisfies(place -> assertThat(place).hasContent("{}").hasFileName("web.2.json"));
    assertThat(zone()).containsExactly("web.2.json", "web.json");
  }

  @Test
  void manifestLeftHiddenThatHasItsNameGetsNoOther() throws IOException {
    Path hidden = hidden("web.json", "{}");
    Files.createLink(directories.processing().resolve("web.json"), hidden);

    assertThat(dropping.finish()).isEmpty();
    assertThat(zone()).isEmpty();
    assertThat(directories.processing().resolve("web.json")).hasContent("{}");
  }

  @Test
  void manifestThatIsBeingMovedIsLeftAlone() throws IOException {
    ProcessIdentity self = ProcessIdentity.current();
    String name = ".web.json.%d-%d-7.retry".formatted(self.pid(), self.start());
    Files.writeString(directories.toBeProcessed().resolve(name), "{}");

    assertThat(dropping.finish()).isEmpty();
    assertThat(zone()).containsExactly(name);
  }

  @Test
  void hiddenFileOfAnotherShapeIsLeftAlone() throws IOException {
    Files.writeString(directories.toBeProcessed().resolve(".notes.retry"), "mine");

    assertThat(dropping.finish()).isEmpty();
    assertThat(zone()).containsExactly(".notes.retry");
  }

  @Test
  void processThatCannotBeIsNoReasonToBreak() throws IOException {
    String name = ".x.json.1-9999999999999999999-0.retry";
    Files.writeString(directories.toBeProcessed().resolve(name), "{}");

    assertThat(dropping.finish()).isEmpty();
    assertThat(zone()).containsExactly(name);
  }
}
