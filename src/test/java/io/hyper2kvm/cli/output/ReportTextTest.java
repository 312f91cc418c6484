package io.hyper2kvm.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person reads, against golden files beside the reports they are made of. */
class ReportTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "refused",
        "batch",
        "reused",
        "plan",
        "expected",
        "unexpected",
        "saved",
        "targets"
      })
  void text(String name) throws Exception {
    StringWriter out = new StringWriter();
    ReportText.print(new ObjectMapper().readTree(resource(name + ".json")), new PrintWriter(out));

    assertThat(out.toString()).isEqualTo(resource(name + ".txt"));
  }

  private static String resource(String name) throws Exception {
    try (var in = ReportTextTest.class.getResourceAsStream("reports/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
