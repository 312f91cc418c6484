package io.hyper2kvm.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.parse.ManifestInvalidException;
import io.hyper2kvm.manifest.parse.Problem;
import io.hyper2kvm.manifest.schedule.Schedule;
import io.hyper2kvm.manifest.schedule.Timing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code schedule} and {@code priority} as a manifest writes them. */
class ScheduleManifestTest {

  private static final ManifestReader READER = new ManifestReader(Installations.OPEN);

  private static byte[] yaml(String timing) {
    return """
        version: "1.0"
        %s
        pipeline:
          load: {source_path: /data/web.vmdk}
        """
        .formatted(timing)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Timing read(String timing) {
    return READER.read("web.yaml", yaml(timing)).timing();
  }

  private static List<Problem> problems(String timing) {
    return catchThrowableOfType(ManifestInvalidException.class, () -> read(timing)).problems();
  }

  @Test
  void manifestWithoutItMayBeginAtAnyTime() {
    assertThat(read("")).isEqualTo(Timing.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{not_before: 22:00, not_after: 06:00} | each day from 22:00 to 06:00",
        "{not_before: '22:00', not_after: '06:00:30'} | each day from 22:00 to 06:00:30",
        "{not_before: 22:00, not_after: 06:00, time_zone: Europe/Berlin}"
            + " | each day from 22:00 to 06:00 (Europe/Berlin)",
        "{not_before: 2026-11-28T22:00:00+01:00} | from 2026-11-28T22:00+01:00 on",
        "{not_before: 2026-11-28t22:00z} | from 2026-11-28T22:00Z on",
        "{not_before: 2026-11-28 22:00:00.5-05:30} | from 2026-11-28T22:00:00.500-05:30 on",
        "{not_after: 2026-11-30T06:00Z} | until 2026-11-30T06:00Z",
        "{not_before: 2026-11-28T22:00Z, not_after: 2026-11-28T23:00+00:30, x-why: change 17}"
            + " | from 2026-11-28T22:00Z until 2026-11-28T23:00+00:30"
      })
  void scheduleIsRead(String schedule, String words) {
    assertThat(read("schedule: " + schedule).schedule().text()).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "{not_before: 9:00, not_after: 17:00} | /schedule/not_before | two digits | \"09:00\"",
        "{not_before: 22:00, not_after: 24:00} | /schedule/not_after | within | \"00:00\"",
        "{not_before: 22:61, not_after: 23:00} | /schedule/not_before | within | -",
        "{not_before: 22:00} | /schedule/not_before | needs both | not_after",
        "{not_after: 06:00} | /schedule/not_after | needs both | not_before",
        "{not_before: 22:00, not_after: 22:00} | /schedule/not_after | must differ | Remove",
        "{not_before: 22:00, not_after: 2026-11-28T22:00Z} | /schedule/not_after | both | same form",
        "{not_before: 2026-11-28T22:00Z, not_after: 06:00} | /schedule/not_after | both | same form",
        "{not_before: 2026-11-28T22:00} | /schedule/not_before | offset | T22:00+01:00",
        "{not_before: 2026-11-28} | /schedule/not_before | a time of that day | T22:00:00+01:00",
        "{not_before: 2026-02-30T22:00Z} | /schedule/not_before | a time that there is | -",
        "{not_before: 2026-11-28T22:00+19:00} | /schedule/not_before | offset within | -",
        "{not_before: tonight} | /schedule/not_before | time of day such as | -",
        "{not_before: 2200} | /schedule/not_before | must be text | quotes",
        "{not_before: 2026-11-28T22:00Z, not_after: 2026-11-28T22:00Z}"
            + " | /schedule/not_after | later than not_before | -",
        "{not_before: 22:00, not_after: 06:00, time_zone: Europe/Berln}"
            + " | /schedule/time_zone | name of a time zone | Europe/Berlin",
        "{not_before: 2026-11-28T22:00Z, time_zone: UTC} | /schedule/time_zone | times of day | Remove",
        "{} | /schedule | not_before | Remove",
        "{not_befor: 22:00, not_after: 06:00} | /schedule/not_befor | not_befor | not_before",
        "22:00-06:00 | /schedule | must be an object | -"
      })
  void wrongScheduleHasOneProblem(String schedule, String path, String message, String hint) {
    assertThat(problems("schedule: " + schedule))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).isEqualTo(path);
              assertThat(problem.line()).isEqualTo(2);
              assertThat(problem.column()).isGreaterThan(1);
              assertThat(problem.message()).contains(message);
              if (hint != null) {
                assertThat(problem.suggestion().orElseThrow()).contains(hint);
              }
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {-1000, -1, 0, 7, 1000})
  void priorityIsRead(int priority) {
    assertThat(read("priority: " + priority).priority()).isEqualTo(priority);
  }

  @ParameterizedTest
  @CsvSource({
    "1001, 1000 or less",
    "-1001, -1000 or more",
    "1.5, a whole number",
    "high, a whole number",
    "'\"5\"', a whole number",
    "99999999999999999999, a whole number"
  })
  void wrongPriorityIsAProblem(String priority, String message) {
    assertThat(problems("priority: " + priority))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.path()).isEqualTo("/priority");
              assertThat(problem.message()).contains(message);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "priority: 5\nschedule: {not_before: 2026-11-28T22:00Z}",
        "\"priori\\x74y\": 5\n\"s\\x63hedule\": {not_before: 2026-11-28T22:00Z}",
        "priority: 5\nschedule: {not_before: 2026-11-28T22:00Z}\nwrong: [this, is]",
        "metadata: {w: &w {not_before: 2026-11-28T22:00Z}}\npriority: 5\nschedule: *w"
      })
  void timingIsReadWithoutTheRest(String timing) {
    Timing read = ManifestReader.timing("web.yaml", yaml(timing));

    assertThat(read.priority()).isEqualTo(5);
    assertThat(read.schedule().text()).isEqualTo("from 2026-11-28T22:00Z on");
  }

  @Test
  void retryManifestHasNoScheduleWhenItIsOver(@TempDir Path folder) throws IOException {
    byte[] content = yaml("priority: 5\nschedule: {not_after: 2026-11-28T22:00Z}");
    Path file = Files.write(folder.resolve("web.yaml"), content);
    Manifest manifest = READER.read("web.yaml", content);
    RetryManifest retries = new RetryManifest(READER, 1 << 20);

    byte[] without = retries.of(file, "web.yaml", manifest, Set.of("web"), true).orElseThrow();
    assertThat(READER.read("retry.json", without))
        .isEqualTo(manifest.at(new Timing(Schedule.ANY_TIME, 5)));

    byte[] with = retries.of(file, "web.yaml", manifest, Set.of("web"), false).orElseThrow();
    assertThat(READER.read("retry.json", with)).isEqualTo(manifest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "priority: high",
        "schedule: {not_before: tonight}",
        "schedule: [",
        "schedule: {not_before: 2026-11-28T22:00Z}\nschedule: {not_before: 2099-11-28T22:00Z}",
        "schedule: {not_before: 2026-11-28T22:00Z, not_before: 2099-11-28T22:00Z}",
        "priority: 1e9"
      })
  void whatCannotBeReadHasNoTiming(String timing) {
    assertThat(ManifestReader.timing("web.yaml", yaml(timing))).isEqualTo(Timing.NONE);
  }
}
