package io.hyper2kvm.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropZoneTest {

  @TempDir Path directory;
  private final TestClock clock = new TestClock();
  private final DropZone zone = new DropZone(Duration.ofSeconds(2), clock);

  private Path old(String name) throws IOException {
    return aged(Files.writeString(directory.resolve(name), "{}"), Duration.ofMinutes(1));
  }

  private Path aged(Path file, Duration age) throws IOException {
    return Files.setLastModifiedTime(file, FileTime.from(clock.instant().minus(age)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".web.json",
        ".json",
        "web.json.tmp",
        "web.tmp",
        "web.JSON.TMP",
        "web.json.part",
        "web.json.report.json",
        "web.report.json",
        "web.json.error.json",
        "web.json.report.json.intoto.jsonl",
        "web.json.status.json",
        "web.Report.Json",
        "web.retry.json.tmp",
        "web",
        "web.txt",
        "web.json.swp",
        "web.json~",
        "json",
        "web.json5"
      })
  void otherNamesAreNoManifests(String name) throws IOException {
    assertThat(zone.accepts(old(name))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb.json",
        "a\u001b[31m.json",
        "a\tb.yaml",
        "a\u007f.json",
        "a\\b.json",
        "a\u0085.json"
      })
  void namesWithControlCharactersAreNotTaken(String name) throws IOException {
    assertThat(zone.accepts(old(name))).isFalse();
  }

  @Test
  void aNameThatLeavesNoRoomForItsReportIsNotTaken() throws IOException {
    assertThat(zone.accepts(old("a".repeat(196) + ".json"))).isFalse();
    assertThat(zone.accepts(old("ü".repeat(98) + ".json"))).isFalse();
    assertThat(zone.accepts(old("a".repeat(195) + ".json"))).isTrue();
  }

  @Test
  void aFolderIsNoManifest() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("web.json"));

    assertThat(zone.accepts(aged(folder, Duration.ofMinutes(1)))).isFalse();
  }

  @Test
  void aSymbolicLinkIsNoManifest() throws IOException {
    Path target = old("real.json");
    Path link = Files.createSymbolicLink(directory.resolve("link.json"), target);

    assertThat(zone.accepts(link)).isFalse();
    assertThat(zone.accepts(target)).isTrue();
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeIsNoManifestAndBlocksNobody() throws Exception {
    Path pipe = directory.resolve("pipe.json");
    Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertThat(mkfifo.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(pipe).exists();

    assertThat(zone.accepts(pipe)).isFalse();
  }

  @Test
  void aFileThatIsGoneIsNotTaken() {
    assertThat(zone.accepts(directory.resolve("gone.json"))).isFalse();
  }

  @Test
  void aFileThatIsStillWrittenToWaitsUntilItIsQuiet() throws IOException {
    Path file = aged(old("web.json"), Duration.ofMillis(1999));
    assertThat(zone.accepts(file)).isFalse();

    clock.advance(Duration.ofMillis(1));
    assertThat(zone.accepts(file)).isTrue();
  }

  @Test
  void anotherWriteStartsTheWaitAnew() throws IOException {
    Path file = old("web.json");
    assertThat(zone.accepts(file)).isTrue();

    aged(file, Duration.ZERO);
    assertThat(zone.accepts(file)).isFalse();
  }

  @Test
  void aTimeInTheFutureHoldsNothingUp() throws IOException {
    assertThat(zone.accepts(aged(old("web.json"), Duration.ofHours(-1)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web.json",
        "web.yaml",
        "web.yml",
        "WEB.JSON",
        "my vm (2).json",
        "web.retry.json",
        "web.json.json",
        "Ünïcode.json",
        "-rf.json"
      })
  void manifestsAreTaken(String name) throws IOException {
    assertThat(zone.accepts(old(name))).isTrue();
  }
}
