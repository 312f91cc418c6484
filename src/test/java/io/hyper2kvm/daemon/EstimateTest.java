package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon expects of the next VM, and how far off that was. */
@Tag("daemon")
class EstimateTest {

  @TempDir Path folder;

  private static JsonNode report(RunningDaemon daemon, String file) throws Exception {
    return new ObjectMapper()
        .readTree(Files.readAllBytes(daemon.awaitProcessed(file + ".report.json")));
  }

  @Test
  void withoutHistoryItSaysSoAndWithItHowFarOffItWas() throws Exception {
    RunningDaemon daemon = new RunningDaemon(folder);
    daemon.disk("a");
    daemon.disk("b");
    daemon.disk("c");
    daemon.start();
    daemon.drop("first.json", daemon.batch("", "a", "b", "c"));
    assertThat(report(daemon, "first.json").at("/vms/0/estimate").toString())
        .isEqualTo("{\"vms\":0}");
    // The reports are read anew after a while; or by a new start.
    daemon.stop();
    try (RunningDaemon again = daemon.start()) {
      again.drop("second.json", again.single(again.disk("d"), "d"));
      JsonNode estimate = report(again, "second.json").path("estimate");

      assertThat(estimate.path("vms").asInt()).isEqualTo(3);
      assertThat(estimate.path("output_bytes").asInt()).isEqualTo(RunningDaemon.DISK_BYTES);
      assertThat(estimate.path("output_off_percent").asDouble()).isZero();
      assertThat(estimate.path("stages").has("convert")).isTrue();
      assertThat(estimate.path("stages").has("fix")).isFalse();
      assertThat(estimate.path("took_seconds").asDouble()).isPositive();
      assertThat(estimate.has("off_percent")).isTrue();
    }
  }
}
