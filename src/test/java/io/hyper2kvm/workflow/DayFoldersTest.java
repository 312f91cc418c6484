package io.hyper2kvm.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On 2026-01-24. */
class DayFoldersTest {

  @TempDir Path root;
  private Path processed;
  private DayFolders days;

  @BeforeEach
  void directories() throws IOException {
    processed = Files.createDirectory(root.resolve("processed"));
    days = new DayFolders(processed, new TestClock());
  }

  private Path file(String day, String name) throws IOException {
    Path folder = Files.createDirectories(processed.resolve(day));
    return Files.writeString(folder.resolve(name), "{}");
  }

  private int sweep(int daysToKeep) throws IOException {
    return days.removeOlderThan(Duration.ofDays(daysToKeep));
  }

  @Test
  void whatIsOlderGoesWithTheFilesAboutIt() throws IOException {
    file("2026-01-13", "web.yaml");
    file("2026-01-13", "web.yaml.report.json");
    file("2026-01-13", "web.yaml.report.json.intoto.jsonl");
    file("2026-01-13", "web.yaml.screen-1.png");
    file("2026-01-13", "db.yml");
    file("2026-01-13", "db.yml.error.json.intoto.jsonl");

    assertThat(sweep(10)).isEqualTo(6);
    assertThat(processed).isEmptyDirectory();
  }

  @Test
  void theLogsGoWithTheirManifestsAndOtherLogsStay() throws IOException {
    Path day = Files.createDirectories(root.resolve("2025-01-01"));
    for (String name : new String[] {"a.json", "a.json.log", "b.YAML.log", "own.log"}) {
      Files.writeString(day.resolve(name), "");
    }

    new DayFolders(root, new TestClock()).removeOlderThan(Duration.ofDays(1));

    assertThat(day.toFile().list()).containsExactly("own.log");
  }

  @Test
  void theLastDayWithinTheLimitStays() throws IOException {
    Path kept = file("2026-01-14", "web.json");

    assertThat(sweep(10)).isZero();
    assertThat(kept).exists();
  }

  @Test
  void aDayInTheFutureStays() throws IOException {
    Path kept = file("2027-01-01", "web.json");

    assertThat(sweep(1)).isZero();
    assertThat(kept).exists();
  }

  @Test
  void theSignatureOfAnImageIsForeign() throws IOException {
    Path kept = file("2025-01-01", "web-converted.qcow2.intoto.jsonl");

    assertThat(sweep(1)).isZero();
    assertThat(kept).exists();
  }

  @Test
  void aForeignFileStaysWithItsDay() throws IOException {
    file("2025-01-01", "web.json");
    Path disk = file("2025-01-01", "web-converted.qcow2");

    assertThat(sweep(1)).isEqualTo(1);
    assertThat(disk).exists();
  }

  @Test
  void aFolderThatIsNoDayStays() throws IOException {
    Path kept = file("archive", "web.json");
    Path nearly = file("2025-02-30", "web.json");

    assertThat(sweep(1)).isZero();
    assertThat(kept).exists();
    assertThat(nearly).exists();
  }

  @Test
  void aLinkedDayIsNotFollowed() throws IOException {
    Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
    Path kept = Files.writeString(elsewhere.resolve("web.json"), "{}");
    Files.createSymbolicLink(processed.resolve("2025-01-01"), elsewhere);

    assertThat(sweep(1)).isZero();
    assertThat(kept).exists();
  }

  @Test
  void aLinkInADayIsNotRemoved() throws IOException {
    Path target = Files.writeString(root.resolve("target.json"), "{}");
    Files.createDirectories(processed.resolve("2025-01-01"));
    Path link = Files.createSymbolicLink(processed.resolve("2025-01-01/link.json"), target);

    assertThat(sweep(1)).isZero();
    assertThat(link).isSymbolicLink();
    assertThat(target).exists();
  }
}
