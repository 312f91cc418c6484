package io.hyper2kvm.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveStatusTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  private final TestClock clock = new TestClock();
  private Path file;

  @BeforeEach
  void file() throws IOException {
    file = Files.createDirectory(directory.resolve("processing")).resolve("web.json.status.json");
  }

  private LiveStatus status() {
    return new LiveStatus(file, "batch", "web.json", List.of("web", "db"), clock);
  }

  private JsonNode written() throws IOException {
    return JSON.readTree(Files.readAllBytes(file));
  }

  private JsonNode vm(int index) throws IOException {
    return written().path("vms").path(index);
  }

  @Test
  void aFolderThatIsGoneFailsNobody() throws IOException {
    LiveStatus status = status();
    Files.delete(file);
    Files.delete(file.getParent());

    assertThatCode(
            () -> {
              status.entered("web", StageName.LOAD);
              clock.advance(Duration.ofSeconds(5));
              status.progressed("web", 10);
              status.ended(Outcomes.succeeded("web"));
              status.close();
            })
        .doesNotThrowAnyException();
  }

  @Test
  void aFolderThatWasNeverThereFailsNobody() {
    Path nowhere = directory.resolve("nowhere/x.status.json");

    assertThatCode(() -> new LiveStatus(nowhere, "x", "x.json", List.of(), clock))
        .doesNotThrowAnyException();
  }

  @Test
  void vmThatBeginsWaitsForNoTimeAnyMore() throws IOException {
    LiveStatus status = status();
    status.holds(Optional.of("schedule"), Optional.of(clock.instant()));
    assertThat(written().has("begins_at")).isTrue();

    status.entered("web", StageName.LOAD);

    assertThat(written().has("begins_at")).isFalse();
    assertThat(vm(0).has("waiting_for")).isFalse();
  }

  @Test
  void laterStageOfOneVmSaysNothingOfTheOthersThatAreHeld() throws IOException {
    LiveStatus status = status();
    status.entered("web", StageName.LOAD);
    status.holds(Optional.of("schedule"), Optional.of(clock.instant()));

    status.entered("web", StageName.CONVERT);

    assertThat(written().has("begins_at")).isTrue();
    assertThat(vm(1).path("waiting_for").asText()).isEqualTo("schedule");
  }

  @Test
  void copyHasItsSpeedAndTheTimeLeft() throws IOException {
    LiveStatus status = status();
    status.entered("web", StageName.CONVERT);
    status.copies("web", 1_000_000, 500_000);
    clock.advance(Duration.ofSeconds(10));
    status.progressed("web", 25);

    assertThat(vm(0).path("bytes_per_second").asLong()).isEqualTo(25_000);
    assertThat(vm(0).path("seconds_left").asLong()).isEqualTo(50);
  }

  @Test
  void speedIsThatOfTheLastDisk() throws IOException {
    LiveStatus status = status();
    status.entered("web", StageName.CONVERT);
    status.copies("web", 1_000_000, 400_000);
    clock.advance(Duration.ofSeconds(10));
    status.progressed("web", 100);
    status.copies("web", 400_000, 0);
    clock.advance(Duration.ofSeconds(2));
    status.progressed("web", 50);

    assertThat(vm(0).path("bytes_per_second").asLong()).isEqualTo(100_000);
    assertThat(vm(0).path("seconds_left").asLong()).isEqualTo(2);
  }

  @Test
  void speedOfNoCopyOrOfTooShortATimeIsMissing() throws IOException {
    LiveStatus status = status();
    status.entered("web", StageName.CONVERT);
    status.copies("web", 1_000_000, 0);
    clock.advance(Duration.ofMillis(900));
    status.progressed("web", 50);
    assertThat(vm(0).has("bytes_per_second")).isFalse();

    clock.advance(Duration.ofSeconds(5));
    status.progressed("web", 0);
    assertThat(vm(0).has("bytes_per_second")).isFalse();
    status.progressed("web", 50);
    clock.advance(Duration.ofSeconds(5));
    status.progressed("web", 60);
    assertThat(vm(0).has("bytes_per_second")).isTrue();
    status.entered("web", StageName.VALIDATE);
    assertThat(vm(0).has("bytes_per_second")).isFalse();
    assertThat(vm(0).has("seconds_left")).isFalse();
  }

  @Test
  void screenIsKeptUnderItsVmsNumber() throws IOException {
    status().keepScreen("db", new byte[] {7});

    assertThat(file.resolveSibling(".web.json.screen-2.png.tmp")).hasBinaryContent(new byte[] {7});
  }

  @Test
  void everyVmIsThereFromTheStart() throws IOException {
    status();

    assertThat(written().path("job_id").asText()).isEqualTo("batch");
    assertThat(written().path("original_name").asText()).isEqualTo("web.json");
    assertThat(written().path("status").asText()).isEqualTo("processing");
    assertThat(written().path("started_at").asText()).isEqualTo("2026-01-24T14:30:45Z");
    assertThat(vm(0).path("name").asText()).isEqualTo("web");
    assertThat(vm(1).path("status").asText()).isEqualTo("waiting");
  }

  @Test
  void aStageIsWrittenAtOnce() throws IOException {
    LiveStatus status = status();
    clock.advance(Duration.ofMillis(1));

    status.entered("db", StageName.CONVERT);

    assertThat(vm(1).path("status").asText()).isEqualTo("running");
    assertThat(vm(1).path("stage").asText()).isEqualTo("convert");
    assertThat(vm(1).path("percent").asInt()).isZero();
    assertThat(vm(0).path("status").asText()).isEqualTo("waiting");
  }

  @Test
  void percentagesAreWrittenTwiceASecondAtMost() throws IOException {
    LiveStatus status = status();
    status.entered("web", StageName.CONVERT);

    clock.advance(Duration.ofMillis(499));
    status.progressed("web", 10);
    assertThat(vm(0).path("percent").asDouble()).isZero();

    clock.advance(Duration.ofMillis(1));
    status.progressed("web", 10.07);
    assertThat(vm(0).path("percent").asDouble()).isEqualTo(10.1);

    clock.advance(Duration.ofMillis(100));
    status.progressed("web", 20);
    assertThat(vm(0).path("percent").asDouble()).isEqualTo(10.1);
  }

  @Test
  void theLastPercentageOfADiskIsNotHeldBack() throws IOException {
    LiveStatus status = status();
    status.entered("web", StageName.CONVERT);
    status.progressed("web", 99);
    assertThat(vm(0).path("percent").asDouble()).isZero();

    status.progressed("web", 100);

    assertThat(vm(0).path("percent").asDouble()).isEqualTo(100);
  }

  @Test
  void theStartOfTheFirstStageStays() throws IOException {
    LiveStatus status = status();
    status.entered("web", StageName.LOAD);
    clock.advance(Duration.ofSeconds(10));
    status.entered("web", StageName.CONVERT);

    assertThat(vm(0).path("started_at").asText()).isEqualTo("2026-01-24T14:30:45Z");
    assertThat(vm(0).path("stage_started_at").asText()).isEqualTo("2026-01-24T14:30:55Z");
  }

  @Test
  void theEndOfAVmIsWrittenWithItsCode() throws IOException {
    LiveStatus status = status();
    status.ended(Outcomes.failed("db"));
    status.ended(Outcomes.succeeded("web"));

    assertThat(vm(1).path("status").asText()).isEqualTo("failed");
    assertThat(vm(1).path("code").asText()).isEqualTo("TOOL_EXITED_NONZERO");
    assertThat(vm(0).path("status").asText()).isEqualTo("completed");
  }

  @Test
  void aReaderOfTheOldStateKeepsReadingTheOldState() throws IOException {
    LiveStatus status = status();
    byte[] old = Files.readAllBytes(file);
    try (var reader = Files.newInputStream(file)) {
      status.entered("web", StageName.LOAD);

      assertThat(reader.readAllBytes()).isEqualTo(old);
    }
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void afterTheCloseNothingComesBack() throws IOException {
    LiveStatus status = status();
    status.close();
    clock.advance(Duration.ofSeconds(5));
    status.progressed("web", 99);
    status.entered("web", StageName.VALIDATE);

    assertThat(file).doesNotExist();
  }
}
