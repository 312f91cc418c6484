package io.hyper2kvm.doctor;

import io.hyper2kvm.config.WorkflowConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The clock is set, and the file system's agrees: a manifest's age is told by both. */
final class ClockCheck implements Check {

  private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration APART = Duration.ofSeconds(5);
  private final Path workflow;
  private final Clock clock;

  ClockCheck(WorkflowConfig workflow, Clock clock) {
    this.workflow = workflow.dir();
    this.clock = clock;
  }

  @Override
  public List<Finding> run(Host host) {
    Instant now = clock.instant();
    if (now.isBefore(EARLIEST)) {
      return List.of(
          Finding.fail("Clock", now + ": not set", "set the clock, or let it be set by NTP"));
    }
    Path folder = workflow.resolve("to_be_processed");
    Path place =
        host.configured() && Files.isDirectory(folder) && Files.isWritable(folder)
            ? folder
            : host.scratch();
    try {
      Path file = Files.createTempFile(place, ".doctor", ".tmp");
      try {
        Duration apart = Duration.between(Files.getLastModifiedTime(file).toInstant(), now).abs();
        return List.of(
            apart.compareTo(APART) <= 0
                ? Finding.ok(
                    "Clock", now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString())
                : Finding.warn(
                    "Clock",
                    "%d s apart from that of the file system of %s"
                        .formatted(apart.toSeconds(), place),
                    "let both machines be set by NTP; until then a manifest is taken later, or"
                        + " before it is whole"));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      return List.of(
          Finding.fail("Clock", "no file can be made in " + place + ": " + e, "let it be written"));
    }
  }
}
