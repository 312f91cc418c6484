package io.hyper2kvm.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestWordTest {

  private static final List<String> WORDS =
      List.of("stabilize-all", "bypath-only", "noop", "qcow2", "raw", "vdi");

  @ParameterizedTest
  @CsvSource({
    "qcow2, qcow2",
    "QCOW2, qcow2",
    "qcow, qcow2",
    "qocw2, qcow2",
    "rwa, raw",
    "RAW, raw",
    "stabilizeAll, stabilize-all",
    "stabilise-all, stabilize-all",
    "bypath, bypath-only",
    "no_op, noop",
    "' vdi ', vdi",
    "vid, vdi"
  })
  void wordThatWasMeant(String written, String meant) {
    assertThat(NearestWord.among(WORDS, written)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"vmdk", "parquet", "''", "x", "everything", "' '"})
  void noWordWasMeant(String written) {
    assertThat(NearestWord.among(WORDS, written)).isEmpty();
  }
}
