package io.hyper2kvm.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.doctor.Finding;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingLinesTest {

  private static final List<Finding> FINDINGS =
      List.of(
          new Finding("Java", Finding.Level.OK, "17", ""),
          new Finding("KVM", Finding.Level.WARN, "does not work", "do without"),
          new Finding("qemu-img", Finding.Level.FAIL, "says \u001b[2J", "install qemu-utils"));

  private static String printed(boolean unicode, List<Finding> findings) {
    StringWriter text = new StringWriter();
    FindingLines lines = new FindingLines(new PrintWriter(text), unicode);
    findings.forEach(finding -> lines.print("Tools", finding));
    lines.summary(findings);
    return text.toString();
  }

  @Test
  void marksOnATerminalThatShowsThem() {
    assertThat(printed(true, FINDINGS))
        .isEqualTo(
            """
            Tools
              ✔ Java                   17
              ! KVM                    does not work
                                       → do without
              ✘ qemu-img               says ?[2J
                                       → install qemu-utils

            Not fit for work: 1 failed, 1 warned
            """);
  }

  @Test
  void wordsElsewhere() {
    assertThat(printed(false, FINDINGS))
        .isEqualTo(
            """
            Tools
              ok   Java                   17
              warn KVM                    does not work
                                          -> do without
              FAIL qemu-img               says ?[2J
                                          -> install qemu-utils

            Not fit for work: 1 failed, 1 warned
            """);
  }

  @Test
  void summarySaysWhetherTheMachineIsFit() {
    assertThat(printed(false, FINDINGS.subList(0, 1))).endsWith("\nFit for work\n");
    assertThat(printed(false, FINDINGS.subList(0, 2))).endsWith("\nFit for work; 1 warned\n");
  }
}
