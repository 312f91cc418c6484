package io.hyper2kvm.stage.inspect.volume;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlkidTextTest {

  /** The printed forms are blkid's own. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "root, root",
        "EFI\\ System\\ Partition, EFI System Partition",
        "my\\ r\\\\o\\\"o\\$t, my r\\o\"o$t",
        "M-CM-\\<\\ M-CM-), ü é",
        "M-CM-^_, ß",
        "M-disk, M-disk",
        "M-, M-",
        "x\\, x\\",
        "~~, ~~"
      })
  void aLabelIsTheOneThatTheGuestKnows(String printed, String label) {
    assertThat(BlkidText.decoded(printed == null ? "" : printed))
        .isEqualTo(label == null ? "" : label);
  }
}
