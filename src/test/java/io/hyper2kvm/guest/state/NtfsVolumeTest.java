package io.hyper2kvm.guest.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.state.FileSystemState.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NtfsVolumeTest {

  /** The first sector of a volume whose table begins in cluster 4. */
  static byte[] sector(int bytesPerSector, int sectorsPerCluster, int recordSize) {
    ByteBuffer sector = little(512);
    sector.put(3, "NTFS    ".getBytes(StandardCharsets.US_ASCII));
    sector.putShort(0x0b, (short) bytesPerSector);
    sector.put(0x0d, (byte) sectorsPerCluster);
    sector.putLong(0x30, 4);
    sector.put(0x40, (byte) recordSize);
    return sector.array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The records of the journal, in cluster 0x1234, and of the volume with these flags. */
  static byte[] records(int flags) {
    ByteBuffer records = little(2048);
    header(records, 0);
    records.putInt(0x38, 0x80).putInt(0x3c, 0x48).put(0x40, (byte) 1);
    records.putShort(0x58, (short) 0x40);
    records.put(0x78, new byte[] {0x21, 0x10, 0x34, 0x12, 0});
    header(records, 1024);
    records.putInt(1024 + 0x38, 0x10).putInt(1024 + 0x3c, 0x30);
    records.putInt(1024 + 0x68, 0x70).putInt(1024 + 0x6c, 0x28);
    records.putShort(1024 + 0x68 + 0x14, (short) 0x18);
    records.putShort(1024 + 0x68 + 0x18 + 0x0a, (short) flags);
    return records.array();
  }

  private static void header(ByteBuffer records, int at) {
    records.put(at, "FILE".getBytes(StandardCharsets.US_ASCII));
    records.putShort(at + 4, (short) 0x30).putShort(at + 6, (short) 3);
    records.putShort(at + 0x14, (short) 0x38);
  }

  /** A page of the journal. */
  static void page(ByteBuffer log, int at, long number, int client, int flags) {
    log.put(at, "RSTR".getBytes(StandardCharsets.US_ASCII));
    log.putShort(at + 0x18, (short) 0x30);
    log.putLong(at + 0x30, number);
    log.putShort(at + 0x30 + 12, (short) client).putShort(at + 0x30 + 14, (short) flags);
  }

  private static NtfsVolume volume() {
    return NtfsVolume.of(sector(512, 8, -10)).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "512, 8, -10, 4096, 1024, 16384",
    "512, 1, 2, 512, 1024, 2048",
    "4096, 1, -12, 4096, 4096, 16384",
    "512, 128, -10, 65536, 1024, 262144",
    "512, 244, -10, 2097152, 1024, 8388608",
  })
  void sizesAreThoseOfTheFirstSector(
      int bytesPerSector, int sectors, int record, int cluster, int recordBytes, long table) {
    assertThat(NtfsVolume.of(sector(bytesPerSector, sectors, record)))
        .contains(new NtfsVolume(cluster, recordBytes, table));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8, -10",
    "512, 0, -10",
    "500, 8, -10",
    "512, 8, 0",
    "512, 8, -31",
    "512, 200, -10",
    "512, 8, -128",
    "512, 3, -10"
  })
  void sizesThatNoVolumeHasAreRefused(int bytesPerSector, int sectors, int record) {
    assertThat(NtfsVolume.of(sector(bytesPerSector, sectors, record))).isEmpty();
  }

  @Test
  void otherFileSystemsAreNone() {
    byte[] bitLocker = sector(512, 8, -10);
    System.arraycopy("-FVE-FS-".getBytes(StandardCharsets.US_ASCII), 0, bitLocker, 3, 8);

    assertThat(NtfsVolume.of(bitLocker)).isEmpty();
    assertThat(NtfsVolume.of(new byte[0])).isEmpty();
    assertThat(NtfsVolume.of(new byte[512])).isEmpty();
    assertThat(NtfsVolume.of(Arrays.copyOf(sector(512, 8, -10), 511))).isEmpty();
  }

  @Test
  void theJournalIsWhereItsRecordSays() {
    assertThat(volume().recordsOffset()).isEqualTo(16384 + 2048);
    assertThat(volume().logOffset(records(0))).isEqualTo(OptionalLong.of(0x1234 * 4096L));
    assertThat(volume().logOffset(new byte[2048])).isEmpty();
    assertThat(volume().logOffset(new byte[0])).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, CLEAN", "1, ERRORS", "3, ERRORS", "0x8000, CLEAN", "0x8001, ERRORS"})
  void aVolumeThatWindowsMarkedIsDirty(String flags, Kind kind) {
    assertThat(volume().state(records(Integer.decode(flags)), empty()).kind()).isEqualTo(kind);
  }

  /** The number, client and flags of both pages. */
  @ParameterizedTest
  @CsvSource({
    "10, 0, 0, 10, 0, 0, JOURNAL",
    "10, 0, 2, 10, 0, 2, CLEAN",
    "10, 65535, 0, 12, 65535, 0, CLEAN",
    "10, 65535, 0, 12, 0, 0, JOURNAL",
    "12, 65535, 0, 10, 0, 0, CLEAN",
    "12, 0, 0, 10, 65535, 2, JOURNAL",
  })
  void theLaterPageOfTheJournalDecides(
      long one, int client, int flags, long two, int client2, int flags2, Kind kind) {
    ByteBuffer log = little(NtfsVolume.LOG_BYTES);
    page(log, 0, one, client, flags);
    page(log, 4096, two, client2, flags2);

    assertThat(volume().state(records(0), log.array()).kind()).isEqualTo(kind);
  }

  @Test
  void anEmptyJournalIsClean() {
    assertThat(volume().state(records(0), empty()).kind()).isEqualTo(Kind.CLEAN);
  }

  private static byte[] empty() {
    byte[] empty = new byte[NtfsVolume.LOG_BYTES];
    Arrays.fill(empty, (byte) 0xff);
    return empty;
  }

  @Test
  void aJournalThatChkdskLeftIsClean() {
    byte[] checked = new byte[NtfsVolume.LOG_BYTES];
    System.arraycopy("CHKD".getBytes(StandardCharsets.US_ASCII), 0, checked, 0, 4);

    assertThat(volume().state(records(0), checked).kind()).isEqualTo(Kind.CLEAN);
  }

  @Test
  void aJournalOfOtherBytesWasNotClosed() {
    assertThat(volume().state(records(0), new byte[NtfsVolume.LOG_BYTES]).kind())
        .isEqualTo(Kind.JOURNAL);
  }

  @Test
  void recordsThatSayNothingAreNotKnown() {
    assertThat(volume().state(new byte[2048], new byte[0]).kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(volume().state(new byte[3], new byte[0]).kind()).isEqualTo(Kind.UNKNOWN);
  }

  @Test
  void aDirtyMarkBehindTheEndOfASectorIsFound() {
    // The last two bytes of each sector are kept in the record's head.
    ByteBuffer records = ByteBuffer.wrap(records(1)).order(ByteOrder.LITTLE_ENDIAN);
    records.putShort(1024 + 510, (short) 0xbeef);

    assertThat(volume().state(records.array(), new byte[0]).kind()).isEqualTo(Kind.ERRORS);
  }
}
