package io.hyper2kvm.guest.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.Size;

/** Blocks of a hostile volume. */
@Tag("property")
class NtfsVolumePropertiesTest {

  private static void overlay(byte[] block, byte[] bytes, int at) {
    for (int i = 0; i < bytes.length && at + i < block.length; i++) {
      block[at + i] = bytes[i];
    }
  }

  @Property
  void anySectorIsReadWithoutAnException(@ForAll @Size(max = 80) byte[] bytes) {
    byte[] sector = NtfsVolumeTest.sector(512, 8, -10);
    overlay(sector, bytes, 0x0b);

    Optional<NtfsVolume> volume = NtfsVolume.of(sector);

    volume.ifPresent(
        it -> {
          assertThat(it.recordsOffset()).isNotNegative();
          assertThat(it.recordBytes()).isBetween(512, 1 << 16);
        });
  }

  @Property
  void anyRecordsAndJournalAreReadWithoutAnException(
      @ForAll @Size(max = 120) byte[] head,
      @ForAll @Size(max = 120) byte[] volumeHead,
      @ForAll @Size(max = 64) byte[] page) {
    NtfsVolume volume = NtfsVolume.of(NtfsVolumeTest.sector(512, 8, -10)).orElseThrow();
    byte[] records = NtfsVolumeTest.records(0);
    overlay(records, head, 4);
    overlay(records, volumeHead, 1024 + 4);
    byte[] log = new byte[NtfsVolume.LOG_BYTES];
    overlay(log, "RSTR".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0);
    overlay(log, page, 4);

    assertThat(volume.state(records, log)).isNotNull();
    volume.logOffset(records).ifPresent(offset -> assertThat(offset).isNotNegative());
  }
}
