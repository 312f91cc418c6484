package io.hyper2kvm.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.workflow.JobState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestSearchTest {

  @TempDir Path root;
  private Folders folders;

  @BeforeEach
  void folders() throws Exception {
    folders = new Folders(root);
  }

  private static Query query(String text) {
    return new Query(Optional.empty(), Optional.empty(), Optional.of(text), 50);
  }

  private List<String> found(Query query) throws Exception {
    List<String> names = new ArrayList<>();
    Optional<String> next = Optional.empty();
    do {
      Listing part = folders.search().find(query, next);
      assertThat(part.items()).hasSizeLessThanOrEqualTo(query.limit());
      part.items().forEach(one -> names.add(one.job().file().name()));
      next = part.next();
    } while (next.isPresent());
    return names;
  }

  @ParameterizedTest
  @CsvSource({
    "WEB, web01.json",
    "shop, batch.json",
    "DB-7, batch.json",
    "2026-11-24, 'batch.json web01.json'",
    "source_not_found, gone.yaml",
    "gone, gone.yaml",
    "nothing, ''",
    ".yaml, gone.yaml"
  })
  void textIsFoundInNamesVmsCodesAndDays(String text, String expected) throws Exception {
    folders.completed("2026-11-24", "web01.json", Folders.report("first", "first"));
    folders.completed("2026-11-24", "batch.json", Folders.report("the shop", "db-7", "db-8"));
    folders.failed(
        "2026-11-25", "gone.yaml", "{\"job_id\": \"x\", \"code\": \"SOURCE_NOT_FOUND\"}");

    assertThat(found(query(text)).stream().sorted().toList())
        .isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
  }

  @Test
  void partsTogetherAreTheWholeList() throws Exception {
    for (int i = 0; i < 25; i++) {
      folders.completed("2026-11-2" + i % 3, "web%d.json".formatted(i), Folders.report("w", "w"));
      Files.writeString(
          folders.directories.toBeProcessed().resolve("wait%d.json".formatted(i)), "{}");
    }
    Query query = new Query(Optional.empty(), Optional.empty(), Optional.empty(), 7);

    assertThat(found(query)).hasSize(50).doesNotHaveDuplicates();
    assertThat(
            found(new Query(Optional.of(JobState.WAITING), Optional.empty(), Optional.empty(), 7)))
        .hasSize(25);
    assertThat(
            found(
                new Query(
                    Optional.empty(),
                    Optional.of(LocalDate.parse("2026-11-21")),
                    Optional.empty(),
                    7)))
        .hasSize(8);
  }

  @Test
  void manifestThatCameMeanwhileIsSeen() throws Exception {
    folders.completed("2026-11-24", "a.json", Folders.report("a", "a"));
    assertThat(found(query(".json"))).hasSize(1);

    Path other = folders.completed("2026-11-24", "b.json", Folders.report("b", "b"));
    assertThat(found(query(".json"))).hasSize(2);
    Files.delete(other);
    assertThat(found(query(".json"))).containsExactly("a.json");
  }

  @Test
  void reportThatWasReplacedIsReadAgain() throws Exception {
    Path place = folders.completed("2026-11-24", "a.json", Folders.report("a", "old-vm"));
    assertThat(found(query("old-vm"))).hasSize(1);

    Files.writeString(
        place.resolveSibling("a.json.report.json"), Folders.report("a", "replaced-vm"));
    assertThat(found(query("replaced-vm"))).hasSize(1);
    assertThat(found(query("old-vm"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "{\"vms\": [{\"name\": \"\\ud800\"}]}",
        "{\"vms\": 5, \"manifest\": {}, \"code\": []}",
        "{\"vms\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "{\"manifest\": \"<script>\", \"started_at\": \"yesterday\", \"vms\": [{\"stages\": []}]}",
        "\u0000\u0001\u0002"
      })
  void hostileReportHurtsNobody(String report) throws Exception {
    folders.completed("2026-11-24", "bad.json", report);
    folders.completed("2026-11-24", "good.json", Folders.report("good", "searched"));

    assertThat(found(query("searched"))).containsExactly("good.json");
    assertThat(found(query("bad"))).containsExactly("bad.json");
  }

  @Test
  @Timeout(30)
  void linksAndPipesAreNotOpened() throws Exception {
    Path day = Files.createDirectories(folders.directories.processed().resolve("2026-11-24"));
    Files.createSymbolicLink(day.resolve("link.json"), Path.of("/etc/passwd"));
    assertThat(new ProcessBuilder("mkfifo", day.resolve("pipe.json").toString()).start().waitFor())
        .isZero();
    Files.writeString(day.resolve("web.json"), "{}");
    assertThat(
            new ProcessBuilder("mkfifo", day.resolve("web.json.report.json").toString())
                .start()
                .waitFor())
        .isZero();

    assertThat(found(query("e"))).containsExactly("web.json");
  }

  @Test
  @Timeout(60)
  void tenThousandAreSearchedInBoundedSteps() throws Exception {
    for (int i = 0; i < 10_000; i++) {
      folders.completed("2026-11-24", "m%d.json".formatted(i), Folders.report("m" + i, "vm-" + i));
    }
    ManifestSearch search = folders.search();
    Optional<String> next = Optional.empty();
    int steps = 0;
    List<Placed> items = new ArrayList<>();
    do {
      long begin = System.nanoTime();
      Listing part = search.find(query("vm-777"), next);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
      items.addAll(part.items());
      next = part.next();
      steps++;
    } while (next.isPresent());

    assertThat(items).hasSize(11);
    assertThat(steps).isGreaterThan(1);
    assertThat(
            new History(folders.days, folders.index)
                .days(LocalDate.parse("2026-11-01"), LocalDate.parse("2026-11-30")))
        .singleElement()
        .satisfies(day -> assertThat(day.completed()).isEqualTo(10_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "cnVubmluZw", "!!!!", "MjAyNi0xMS0yNCB4IGE"})
  void placeOfNoListIsRefused(String after) {
    assertThatThrownBy(() -> folders.search().find(query("a"), Optional.of(after)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void daysCountWhatTheirReportsSay() throws Exception {
    folders.completed("2026-11-24", "a.json", Folders.report("a", "a", "b"));
    folders.failed(
        "2026-11-24", "f.json", "{\"code\": \"NO_SPACE\", \"vms\": [{\"name\": \"x\"}]}");

    History.Day day =
        new History(folders.days, folders.index)
            .days(LocalDate.parse("2026-11-24"), LocalDate.parse("2026-11-24"))
            .get(0);

    assertThat(day)
        .isEqualTo(new History.Day(LocalDate.parse("2026-11-24"), 1, 1, 2, 1, 12_000, true));
  }
}
