package io.hyper2kvm.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What became of the space of disks, added up and read back. */
class SavingsTest {

  private static final Savings FIXED =
      new Savings(1000, Optional.of(500L), Optional.of(100L), 300, Optional.of(320L));
  private static final Savings PLAIN =
      new Savings(10, Optional.of(5L), Optional.empty(), 5, Optional.empty());

  private static EndView read(String report) throws IOException {
    return EndView.read(new ByteArrayInputStream(report.getBytes(StandardCharsets.UTF_8)));
  }

  private static String vm(String name, String more, String savings) {
    return """
        {"name": "%s", "status": "completed", %s "artifacts": {},
         "stages": {"load": {"artifacts": [{"virtual_size_bytes": 7}]},
                    "convert": {"status": "success", "size_bytes": 5, "savings": %s}}}
        """
        .formatted(name, more, savings);
  }

  @Test
  void sumHasWhatWasMeasuredOfAny() {
    assertThat(FIXED.plus(PLAIN))
        .isEqualTo(new Savings(1010, Optional.of(505L), Optional.of(100L), 305, Optional.of(320L)));
  }

  @Test
  void batchIsReadAsTheSumOfWhatWasCopiedInThisRun() throws IOException {
    String fixed =
        "{\"virtual_size_bytes\": 1000, \"source_data_bytes\": 500, \"trimmed_bytes\": 100,"
            + " \"output_size_bytes\": 300, \"output_allocated_bytes\": 320}";
    String plain =
        "{\"virtual_size_bytes\": 10, \"source_data_bytes\": 5, \"output_size_bytes\": 5}";
    EndView end =
        read(
            "{\"vms\": [%s, %s, %s]}"
                .formatted(
                    vm("a", "", fixed), vm("b", "", plain), vm("c", "\"reused\": true,", fixed)));

    assertThat(end.vms().get(0).savings()).contains(FIXED);
    assertThat(end.vms().get(1).savings()).contains(PLAIN);
    assertThat(end.vms().get(2).savings()).isEmpty();
    assertThat(end.savings()).contains(FIXED.plus(PLAIN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "7",
        "[]",
        "null",
        "{\"virtual_size_bytes\": -1, \"output_size_bytes\": 5}",
        "{\"virtual_size_bytes\": \"many\", \"output_size_bytes\": 5}",
        "{\"output_size_bytes\": 5}"
      })
  void nonsenseHasNoSavings(String savings) throws IOException {
    assertThat(read("{\"vms\": [%s]}".formatted(vm("a", "", savings))).savings()).isEmpty();
  }
}
