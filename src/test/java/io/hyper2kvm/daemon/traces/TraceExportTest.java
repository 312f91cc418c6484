package io.hyper2kvm.daemon.traces;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.daemon.TraceCollector;
import io.hyper2kvm.daemon.TraceCollector.Answer;
import io.hyper2kvm.daemon.TraceCollector.SentSpan;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TraceExportTest {

  /** How many the sender takes from the queue for one request. */
  private static final int REQUEST = 512;

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:4318, http://127.0.0.1:4318/v1/traces",
    "http://127.0.0.1:4318/, http://127.0.0.1:4318/v1/traces",
    "http://127.0.0.1:4318/v1/traces, http://127.0.0.1:4318/v1/traces",
    "http://127.0.0.1:4318/v1/traces/, http://127.0.0.1:4318/v1/traces",
    "https://traces.example.org/team, https://traces.example.org/team/v1/traces",
    "http://[::1]:4318//, http://[::1]:4318/v1/traces"
  })
  void thePathOfTheProtocolIsAddedOnce(URI configured, String asked) {
    assertThat(TraceExport.endpoint(configured)).isEqualTo(asked);
  }

  @Test
  void spansThatWaitForTheCollectorAreBoundedAndNobodyWaitsToMakeOne() throws Exception {
    try (TraceCollector collector = new TraceCollector(Answer.HANGS)) {
      TraceExport export = new TraceExport(collector.address(), "1");
      for (int i = 0; i < 3 * TraceExport.QUEUE; i++) {
        export.tracer().spanBuilder("span").startSpan().end();
      }
      collector.release();
      export.close();

      assertThat(collector.spans()).hasSizeBetween(1, TraceExport.QUEUE + REQUEST);
    }
  }

  @Test
  void namesAndTextsOfASpanAreCutAndForeignAttributesAreNotSent() throws Exception {
    try (TraceCollector collector = new TraceCollector(Answer.TAKES)) {
      TraceExport export = new TraceExport(collector.address(), "1");
      export
          .tracer()
          .spanBuilder("n".repeat(5000))
          .setAttribute("hyper2kvm.vm", "v".repeat(5000))
          .setAttribute("camel.uri", "https://hooks.example.org/s3cr3t")
          .startSpan()
          .addEvent("s3cr3t")
          .end();
      export.close();

      assertThat(collector.spans())
          .singleElement()
          .extracting(SentSpan::name, SentSpan::attributes, SentSpan::events)
          .containsExactly("n".repeat(100), Map.of("hyper2kvm.vm", "v".repeat(256)), 0);
    }
  }
}
