package io.hyper2kvm.cli.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.report.StageName;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {

  @Test
  void aLineForEachStageAndNoneForPercentages() {
    StringWriter out = new StringWriter();
    Clock clock = Clock.fixed(Instant.parse("2026-11-24T12:30:00.5Z"), ZoneOffset.UTC);
    try (ProgressLines lines = new ProgressLines(new PrintWriter(out), clock)) {
      lines.entered("web", StageName.LOAD);
      lines.progressed("web", 50);
      lines.entered("web", StageName.CONVERT);
    }

    assertThat(out).hasToString("12:30:00 web: load\n12:30:00 web: convert\n");
  }
}
