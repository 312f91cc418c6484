package io.hyper2kvm.stage.domain.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hyper2kvm.manifest.model.VolumeKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeSizeTest {

  /** The last column: the size in MiB of which 94 % are the disk's. */
  @ParameterizedTest
  @CsvSource({
    "1, 1Mi, 2Mi",
    "512, 1Mi, 2Mi",
    "1048576, 1Mi, 2Mi",
    "1048577, 2Mi, 3Mi",
    "98566144, 94Mi, 100Mi",
    "1073741824, 1Gi, 1090Mi",
    "10737418240, 10Gi, 10894Mi",
    "10737418241, 10241Mi, 10895Mi",
    "70368744177664, 65536Gi, 71392409Mi",
  })
  void aRequestIsWholeMebibytesAndHoldsTheDisk(long bytes, String volume, String claim) {
    assertThat(VolumeSize.text(VolumeSize.of(bytes, VolumeKind.DATA_VOLUME))).isEqualTo(volume);
    assertThat(VolumeSize.text(VolumeSize.of(bytes, VolumeKind.PVC))).isEqualTo(claim);
  }

  @Test
  void whatCdiKeepsFreeOfAClaimLeavesTheDiskItsRoom() {
    for (long bytes : new long[] {1, 1L << 20, (10L << 30) + 1, 123_456_789_012L}) {
      assertThat(VolumeSize.of(bytes, VolumeKind.PVC) * 94 / 100).isGreaterThanOrEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void aDiskHasASize(long bytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VolumeSize.of(bytes, VolumeKind.DATA_VOLUME));
  }
}
