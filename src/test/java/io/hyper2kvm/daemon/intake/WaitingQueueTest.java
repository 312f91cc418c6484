package io.hyper2kvm.daemon.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.TestClock;
import io.hyper2kvm.manifest.schedule.Timing;
import io.hyper2kvm.workflow.DrainFile;
import io.hyper2kvm.workflow.DropZone;
import io.hyper2kvm.workflow.WaitingTiming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which manifests of the drop zone are next. */
class WaitingQueueTest {

  @TempDir private Path root;
  private Path folder;
  private final TestClock clock = new TestClock();
  private final Set<String> held = new HashSet<>();
  private long nanos;
  private Drain drain;
  private WaitingQueue queue;

  @BeforeEach
  void queue() throws IOException {
    folder = Files.createDirectory(root.resolve("zone"));
    queue = queue(folder);
  }

  private WaitingQueue queue(Path zone) {
    drain = new Drain(new DrainFile(root.resolve("drain")));
    Holds holds = new Holds(drain, true, clock);
    return new WaitingQueue(
        zone,
        new DropZone(Duration.ZERO, clock),
        WaitingTiming::of,
        holds,
        held::contains,
        () -> nanos++);
  }

  private Path put(String name, int age, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    return Files.setLastModifiedTime(file, FileTime.from(clock.instant().minusSeconds(age)));
  }

  private static String priority(int priority) {
    return "{\"priority\": %d}".formatted(priority);
  }

  private static String from(String time) {
    return "{\"schedule\": {\"not_before\": \"%s\"}}".formatted(time);
  }

  /** The names that are chosen, in their order. */
  private List<String> chosen(int most) throws IOException {
    int count = queue.choose(most);
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(queue::isChosen)
              .sorted(queue::compare)
              .toList();
      assertThat(names).hasSizeGreaterThanOrEqualTo(count);
      return names;
    }
  }

  @Test
  void higherPriorityIsFirstThenTheOlderThenTheName() throws IOException {
    put("e.json", 10, priority(-1));
    put("d.json", 10, "{}");
    put("c.json", 10, "{}");
    put("b.json", 20, "{}");
    put("a.json", 5, priority(7));

    assertThat(chosen(9)).containsExactly("a.json", "b.json", "c.json", "d.json", "e.json");
    assertThat(chosen(2)).containsExactly("a.json", "b.json");
  }

  @Test
  void whatIsNoManifestOrWaitsForItsTimeIsNotChosen() throws IOException {
    put("now.yaml", 1, "schedule: {not_before: 2026-01-24T14:30:45Z}");
    put("later.json", 9, from("2026-01-24T14:30:46Z"));
    put(".hidden.json", 9, "{}");
    put("notes.txt", 9, "{}");
    Files.createDirectory(folder.resolve("folder.json"));
    Files.createSymbolicLink(folder.resolve("link.json"), folder.resolve("now.yaml"));

    assertThat(chosen(9)).containsExactly("now.yaml");
    assertThat(queue.scheduled()).isEqualTo(1);

    clock.advance(Duration.ofSeconds(1));
    assertThat(chosen(9)).containsExactly("later.json", "now.yaml");
    assertThat(queue.scheduled()).isZero();
  }

  @Test
  void manifestThatWasChangedIsReadAgain() throws IOException {
    put("web.json", 9, from("2027-01-01T00:00:00Z"));
    assertThat(chosen(9)).isEmpty();

    put("web.json", 8, "{\"priority\": 4}");
    nanos += Duration.ofMinutes(1).toNanos();
    assertThat(chosen(9)).containsExactly("web.json");
    assertThat(queue.timing("web.json")).isEqualTo(new Timing(Timing.NONE.schedule(), 4));
  }

  @Test
  void manifestThatHasLeftIsForgotten() throws IOException {
    put("a.json", 9, priority(2));
    put("b.json", 9, "{}");
    assertThat(chosen(1)).containsExactly("a.json");

    queue.taken("a.json");
    Files.delete(folder.resolve("a.json"));
    assertThat(chosen(1)).containsExactly("b.json");

    // Somebody took it away, and the poll did not find it: the folder is listed at once.
    Files.delete(folder.resolve("b.json"));
    assertThat(queue.choose(1)).isZero();
  }

  @Test
  void oneWhoseNamesakeIsStillAtWorkDoesNotStandInTheWay() throws IOException {
    put("a.json", 9, "{}");
    put("b.json", 8, "{}");
    held.add(folder.resolve("a.json").toAbsolutePath().toString());

    assertThat(chosen(1)).containsExactly("b.json");
  }

  @Test
  void ofVeryManyTheHighestPriorityAloneIsChosen() throws IOException {
    for (int i = 0; i < 2_500; i++) {
      put("m%04d.json".formatted(i), 9, "{}");
    }
    put("urgent.json", 1, priority(1));
    put("later.json", 9, from("2027-01-01T00:00:00Z"));
    // What is new is read for a while only; then the known ones have their turn.
    while (queue.timing("urgent.json").priority() == 0) {
      queue.choose(16);
    }

    assertThat(chosen(16)).containsExactly("urgent.json");
    assertThat(queue.choose(16)).isEqualTo(1);

    queue.taken("urgent.json");
    assertThat(queue.choose(16)).isEqualTo(16);
    assertThat(queue.isChosen("m0000.json")).isTrue();
    assertThat(queue.isChosen("later.json")).isFalse();
  }

  @Test
  void nothingIsChosenAndNothingReadWhileDrained() throws IOException {
    put("a.json", 9, priority(3));
    drain.request(true);
    assertThat(chosen(9)).isEmpty();
    assertThat(queue.timing("a.json")).isEqualTo(Timing.NONE);

    drain.request(false);
    assertThat(chosen(9)).containsExactly("a.json");
  }

  @Test
  void ofVeryManyTheNextPriorityIsChosenWhileTheHighestWaitsForItsNamesake() throws IOException {
    for (int i = 0; i < 2_500; i++) {
      put("m%04d.json".formatted(i), 9, "{}");
    }
    put("urgent.json", 1, priority(1));
    while (queue.timing("urgent.json").priority() == 0) {
      queue.choose(16);
    }
    held.add(folder.resolve("urgent.json").toAbsolutePath().toString());

    assertThat(queue.choose(16)).isEqualTo(16);
    assertThat(queue.isChosen("m0000.json")).isTrue();
  }

  @Test
  void folderThatIsNotThereIsAnError() {
    queue = queue(root.resolve("none"));

    assertThatThrownBy(() -> queue.choose(1)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void folderIsListedAgainAfterAPauseInProportion() throws IOException {
    put("a.json", 9, from("2027-01-01T00:00:00Z"));
    assertThat(queue.choose(1)).isZero();
    put("b.json", 9, "{}");
    // A step of this clock is a nanosecond, and the first listing took a few.
    assertThat(queue.choose(1)).isZero();

    nanos += 1_000;
    assertThat(queue.choose(1)).isEqualTo(1);
  }
}
