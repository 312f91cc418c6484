package io.hyper2kvm.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("property")
class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "0B, 0",
    "512B, 512",
    "1K, 1024",
    "1KiB, 1024",
    "16M, 16777216",
    "1280MiB, 1342177280",
    "1 GiB, 1073741824",
    "2T, 2199023255552"
  })
  void sizeIsReadInBytes(String text, long bytes) {
    assertThat(DataSize.parse(text)).isEqualTo(new DataSize(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "16",
        "M",
        "-1M",
        "1.5G",
        "16MB",
        "16mib",
        "16M ",
        " 16M",
        "1PiB",
        "9999999999999999999B",
        "9223372036854775807KiB",
        "٣M"
      })
  void whatIsNoSizeIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DataSize.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"500ms, 500", "0s, 0", "90s, 90000", "5m, 300000", "12h, 43200000", "2 d, 172800000"})
  void durationIsReadWithItsUnit(String text, long milliseconds) {
    assertThat(DurationText.parse(text)).isEqualTo(Duration.ofMillis(milliseconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "-5s", "1.5h", "5 min", "5S", "5s\n", "1w", "999999999999999999d"})
  void whatIsNoDurationIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DurationText.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "1048576, 1", "1048577, 2", "9223372036854775807, 8796093022208"})
  void mebibytesAreRoundedUp(long bytes, long mebibytes) {
    assertThat(new DataSize(bytes).mebibytes()).isEqualTo(mebibytes);
  }

  @Property
  void writtenSizeIsReadBack(@ForAll @LongRange(min = 0) long bytes) {
    var size = new DataSize(bytes);
    assertThat(DataSize.parse(size.toString())).isEqualTo(size);
  }

  @Property
  void writtenWholeUnitIsReadBack(
      @ForAll @LongRange(min = 0, max = 8191) long number,
      @ForAll @LongRange(min = 0, max = 4) long unit) {
    var size = new DataSize(number << (10 * unit));
    assertThat(DataSize.parse(size.toString())).isEqualTo(size);
  }

  @Property
  void writtenDurationIsReadBack(
      @ForAll @LongRange(min = 0, max = 999_999_999_999_999L) long milliseconds) {
    var duration = Duration.ofMillis(milliseconds);
    assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
  }
}
