package io.hyper2kvm.report;

import static io.hyper2kvm.report.StageName.CONVERT;
import static io.hyper2kvm.report.StageName.FIX;
import static io.hyper2kvm.report.StageName.INSPECT;
import static io.hyper2kvm.report.StageName.VALIDATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What earlier VMs tell of the time and the size of the next one. */
class EstimateTest {

  private static final long GIB = 1L << 30;
  private static final Set<StageName> ALL = EnumSet.of(INSPECT, FIX, CONVERT, VALIDATE);

  /** A VM with so many GiB of data, whose copy took so many seconds. */
  private static PastVm vm(double gib, double convert, String output, boolean boot) {
    return new PastVm(
        Map.of(INSPECT, 10.0, FIX, 20.0, CONVERT, convert, VALIDATE, boot ? 60.0 : convert / 2),
        (long) (gib * GIB),
        (long) (gib * GIB / 2),
        output,
        boot);
  }

  private static Estimate.Work work(double gib, String output, boolean boot) {
    return new Estimate.Work(ALL, (long) (gib * GIB), output, boot);
  }

  private static List<PastVm> three() {
    return List.of(
        vm(2, 20, "qcow2 zstd", false),
        vm(2, 40, "qcow2 zstd", false),
        vm(4, 40, "qcow2 zstd", false));
  }

  @Test
  void copyTakesItsTimeByTheDataAndTheGuestDoesNot() {
    Estimate estimate = Estimate.of(three(), work(3, "qcow2 zstd", false)).orElseThrow();

    assertThat(estimate.seconds()).containsEntry(INSPECT, 10.0).containsEntry(FIX, 20.0);
    assertThat(estimate.seconds().get(CONVERT)).isEqualTo(30.0);
    assertThat(estimate.seconds().get(VALIDATE)).isEqualTo(15.0);
    assertThat(estimate.total()).isEqualTo(75.0);
    assertThat(estimate.outputBytes()).isEqualTo(3 * GIB / 2);
    assertThat(estimate.vms()).isEqualTo(3);
  }

  @Test
  void bootTestTakesWhatOthersTook() {
    List<PastVm> past = new ArrayList<>(three());
    for (int i = 0; i < 3; i++) {
      past.add(vm(3, 30, "qcow2 zstd", true));
    }

    assertThat(Estimate.of(past, work(3, "qcow2 zstd", true)).orElseThrow().seconds())
        .containsEntry(VALIDATE, 60.0);
  }

  @Test
  void vmsOfAboutTheSameSizeTellIfThereAreEnough() {
    List<PastVm> past = new ArrayList<>(three());
    for (int i = 0; i < 9; i++) {
      past.add(vm(0.01, 10, "qcow2 zstd", false));
    }

    Estimate estimate = Estimate.of(past, work(3, "qcow2 zstd", false)).orElseThrow();
    assertThat(estimate.seconds().get(CONVERT)).isEqualTo(30.0);
    assertThat(estimate.vms()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    // another compression, another format, a boot test: nobody has done that yet
    "qcow2, false",
    "qcow2 zlib, false",
    "raw, false",
    "vdi, false",
    "qcow2 zstd, true"
  })
  void nothingIsGuessed(String output, boolean boot) {
    assertThat(Estimate.of(three(), work(3, output, boot))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void tooFewTellNothing(int count) {
    assertThat(Estimate.of(three().subList(0, count), work(3, "qcow2 zstd", false))).isEmpty();
  }

  @Test
  void stageOfNoTimeIsNoDivisionByZero() {
    List<PastVm> past =
        List.of(vm(1, 0, "raw", false), vm(1, 0, "raw", false), vm(1, 0, "raw", false));

    assertThat(Estimate.of(past, work(1, "raw", false)).orElseThrow().total())
        .isBetween(30.0, 30.1);
  }

  @Test
  void reportIsReadAsItsVms() throws IOException {
    String stages =
        """
        {"inspect": {"status": "success", "duration_seconds": 1.5},
         "fix": {"status": "skipped"},
         "convert": {"status": "success", "duration_seconds": 4, "output_format": "qcow2",
           "compression_type": "zlib", "size_bytes": 7,
           "savings": {"virtual_size_bytes": 9, "source_data_bytes": 8, "output_size_bytes": 7}},
         "validate": {"status": "success", "duration_seconds": 2, "boot_test": {"booted": true}}}
        """;
    PastVm expected =
        new PastVm(Map.of(INSPECT, 1.5, CONVERT, 4.0, VALIDATE, 2.0), 8, 7, "qcow2 zlib", true);

    assertThat(read("{\"manifest\": \"a\", \"stages\": %s}".formatted(stages)))
        .containsExactly(expected);
    assertThat(
            read(
                "{\"vms\": [{\"stages\": %1$s}, {\"reused\": true, \"stages\": %1$s}]}"
                    .formatted(stages)))
        .containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"stages\": []}",
        "{\"vms\": [1, null, {}]}",
        "{\"stages\": {\"convert\": {\"status\": \"success\", \"savings\": {\"source_data_bytes\": -1}}}}",
        "{\"stages\": {\"convert\": {\"output_format\": \"raw\", \"savings\": {\"source_data_bytes\": 0, \"output_size_bytes\": 1}}}}"
      })
  void nonsenseTellsNothing(String report) throws IOException {
    assertThat(read(report)).isEmpty();
  }

  private static List<PastVm> read(String report) throws IOException {
    return PastVm.read(new ByteArrayInputStream(report.getBytes(StandardCharsets.UTF_8)));
  }
}
