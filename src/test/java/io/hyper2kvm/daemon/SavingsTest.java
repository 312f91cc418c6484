package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report says of the space of disks. */
@Tag("daemon")
class SavingsTest {

  @TempDir Path folder;

  @Test
  void batchSaysWhatBecameOfTheSpaceOfEachVmAndOfAll() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(folder).start()) {
      daemon.disk("a");
      daemon.disk("b");
      daemon.drop("all.json", daemon.batch("", "a", "b"));
      JsonNode report =
          new ObjectMapper()
              .readTree(Files.readAllBytes(daemon.awaitProcessed("all.json.report.json")));

      JsonNode one = report.at("/vms/0/stages/convert/savings");
      assertThat(one.path("virtual_size_bytes").asInt()).isEqualTo(RunningDaemon.DISK_BYTES);
      assertThat(one.path("source_data_bytes").asInt()).isEqualTo(RunningDaemon.DISK_BYTES);
      assertThat(one.path("output_size_bytes").asInt()).isEqualTo(RunningDaemon.DISK_BYTES);
      assertThat(one.path("output_allocated_bytes").asInt()).isEqualTo(RunningDaemon.DISK_BYTES);
      assertThat(one.has("trimmed_bytes")).as("without a fix").isFalse();
      assertThat(report.at("/savings/output_size_bytes").asInt())
          .isEqualTo(2 * RunningDaemon.DISK_BYTES);
    }
  }
}
