package io.hyper2kvm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("property")
class QemuImgTest {

  private static final String IMAGE = "json:{\"driver\":\"qcow2\"}";

  @Test
  void aBackingThatIsNoDescriptionIsRefused() {
    // QEMU would look for it beside the overlay, or take "nbd:x" for a protocol.
    assertThatThrownBy(() -> QemuImg.createOverlay("nbd:x", "raw", Path.of("/job/overlay")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void overlayArguments() {
    assertThat(QemuImg.createOverlay(IMAGE, "qcow2", Path.of("/job 1/overlay.qcow2")))
        .containsExactly(
            "create", "-q", "-f", "qcow2", "-b", IMAGE, "-F", "qcow2", "/job 1/overlay.qcow2");
  }

  @Test
  void infoCheckAndCompareArguments() {
    assertThat(QemuImg.info(IMAGE)).containsExactly("info", "--output=json", IMAGE);
    assertThat(QemuImg.check(IMAGE)).containsExactly("check", "-q", IMAGE);
    assertThat(QemuImg.compare(IMAGE, "json:{}"))
        .containsExactly("compare", "-p", IMAGE, "json:{}");
  }

  @Test
  void convertArgumentsWithoutCompression() {
    assertThat(QemuImg.convert(IMAGE, "raw", Path.of("/out/a b.part"), "", 8))
        .containsExactly("convert", "-p", "-O", "raw", "-m", "8", IMAGE, "/out/a b.part");
  }

  @Test
  void convertArgumentsWithCompression() {
    assertThat(QemuImg.convert(IMAGE, "qcow2", Path.of("/out/a"), "zstd", 16))
        .containsExactly(
            "convert",
            "-p",
            "-O",
            "qcow2",
            "-m",
            "16",
            "-W",
            "-c",
            "-o",
            "compression_type=zstd",
            IMAGE,
            "/out/a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "qemu-img: Could not open",
        "{",
        "[]",
        "null",
        "42",
        "{}",
        "{\"format\":\"qcow2\"}",
        "{\"virtual-size\":1}",
        "{\"format\":1,\"virtual-size\":1}",
        "{\"format\":\"raw\",\"virtual-size\":\"1\"}",
        "{\"format\":\"raw\",\"virtual-size\":1.5e300}",
        "{\"format\":\"raw\",\"virtual-size\":99999999999999999999}",
        "{\"format\":null,\"virtual-size\":1}"
      })
  void anAnswerThatIsNoInfoIsRefused(String answer) {
    assertThatThrownBy(() -> QemuImg.parseInfo(answer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("qemu-img info");
  }

  @Test
  void aDeeplyNestedAnswerIsRefusedAndNoStackOverflow() {
    assertThatThrownBy(() -> QemuImg.parseInfo("[".repeat(200_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void anyAnswerIsReadOrRefused(@ForAll String answer) {
    try {
      assertThat(QemuImg.parseInfo(answer)).isNotNull();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("qemu-img info");
    }
  }

  @Test
  void formatAndSizesAreRead() {
    String answer =
        """
        {"children": [{"name": "file"}], "virtual-size": 10737418240, "filename": "json:{}",
         "format": "vmdk", "actual-size": 1048576, "dirty-flag": false}
        """;

    assertThat(QemuImg.parseInfo(answer)).isEqualTo(new QemuImg.Info("vmdk", 10L << 30, 1L << 20));
  }

  @Test
  void aMissingActualSizeCountsAsNothing() {
    assertThat(QemuImg.parseInfo("{\"format\":\"raw\",\"virtual-size\":512}").actualSize())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "'    (0.00/100%)', 0",
    "'    (42.17/100%)', 42.17",
    "'    (100.00/100%)', 100",
    "'    (999.99/100%)', 100"
  })
  void progressIsRead(String line, double percent) {
    assertThat(QemuImg.parseProgress(line)).hasValue(percent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Image is corrupt", "(a/100%)", "(5/100%)", "5.00%", "(1234.00/100%)"})
  void otherLinesAreNoProgress(String line) {
    assertThat(QemuImg.parseProgress(line)).isEmpty();
  }
}
