package io.hyper2kvm.guest.initramfs.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.guest.initramfs.Archive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class InitramfsReaderTest {

  private static final String MODULES = "lib/modules/6.1.0/modules.dep";

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(byte[]... parts) {
    return assertThatThrownBy(() -> Archive.read(parts))
        .isInstanceOf(InitramfsFormatException.class);
  }

  private static Archive small() {
    return new Archive().dir(".").dir("conf").file("conf/modules", "ext4\n").link("bin", "usr/bin");
  }

  @Test
  void emptyFileIsRefused() {
    refused(new byte[0]).hasMessageContaining("no archive before it");
    refused(new byte[4096]).hasMessageContaining("no archive before it");
  }

  @Test
  void unknownBytesAreRefusedWithOffsetAndWhatWasFound() {
    refused(small().end(), new byte[8], Archive.bytesOf("\u007fELF.."))
        .hasMessageContaining("7f 45 4c 46")
        .hasMessageContaining("at byte %d:".formatted(small().end().length + 8));
  }

  @Test
  void theNewerFrameOfLz4IsRefusedWithItsReason() {
    refused(new byte[] {0x04, 0x22, 0x4d, 0x18, 0x64, 0x40})
        .hasMessageContaining("an lz4 frame, which no kernel reads");
  }

  @ParameterizedTest
  @ValueSource(bytes = {0, 3, 8, 9})
  void lzopWithOtherChecksumsThanTheKernelReadsIsRefused(byte flags) {
    byte[] file = small().end(Compression.LZO);
    file[20] = (byte) (flags == 8 ? 1 : flags == 9 ? 1 : flags);
    file[19] = (byte) (flags == 8 ? 1 : flags == 9 ? 8 : 0);
    refused(file).hasMessageContaining("which the kernel does not read");
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void everyCompressionIsRead(Compression compression) throws IOException {
    byte[] file = small().end(compression);
    InitramfsContents contents = Archive.read(file);

    assertThat(contents.tree().entries()).containsOnlyKeys("conf", "conf/modules", "bin");
    assertThat(contents.text("/conf/modules")).contains("ext4\n");
    assertThat(contents.find("bin")).isEmpty();
    assertThat(contents.tree().entries().get("bin").linkTarget()).isEqualTo("usr/bin");
    assertThat(contents.segments())
        .containsExactly(new Segment(compression, 0, file.length, small().end().length));
    assertThat(contents.length()).isEqualTo(file.length);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void everyCompressionStopsExactlyBeforeTheNextSegment(Compression compression)
      throws IOException {
    byte[] first = small().end(compression);
    byte[] second = new Archive().dir("late").end(Compression.GZIP);
    // Nothing but zeros or its own magic ends an lz4 stream.
    byte[] gap = new byte[compression == Compression.LZ4 ? 4 : 0];

    assertThat(Archive.read(first, gap, second).segments())
        .extracting(Segment::offset)
        .containsExactly(0L, (long) first.length + gap.length);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void everyCutIsRefused(Compression compression) throws IOException {
    byte[] whole = small().end(compression);
    for (int length = 1; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Archive.read(cut))
          .as("the first %d of %d bytes", length, whole.length)
          .isInstanceOf(InitramfsFormatException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, names = "NONE", mode = Mode.EXCLUDE)
  void archiveWithoutEndMarkIsRefused(Compression compression) {
    refused(Archive.packed(compression, small().open())).hasMessageContaining("end mark");
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, names = "NONE", mode = Mode.EXCLUDE)
  void junkBehindTheArchiveWithinASegmentIsRefused(Compression compression) {
    refused(Archive.packed(compression, Archive.join(small().end(), Archive.bytesOf("junk"))))
        .hasMessageContaining("0x6a behind an archive");
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "ZSTD", "LZ4", "LZO"})
  void archiveMayBeCutIntoSeveralFrames(Compression compression) throws IOException {
    byte[] archive = small().end();
    InitramfsContents contents =
        Archive.read(
            Archive.packed(compression, Arrays.copyOf(archive, 150)),
            Archive.packed(compression, Arrays.copyOfRange(archive, 150, 333)),
            Archive.packed(compression, Arrays.copyOfRange(archive, 333, archive.length)));

    assertThat(contents.segments()).hasSize(1);
    assertThat(contents.text("conf/modules")).contains("ext4\n");
  }

  /** A gzip member of an archive whose header has the fields that the flags name. */
  private static byte[] gzip(int flags, byte[] fields, byte[] archive) {
    byte[] plain = Archive.packed(Compression.GZIP, archive);
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = (byte) flags;
    return Archive.join(header, fields, Arrays.copyOfRange(plain, 10, plain.length));
  }

  @Test
  void fieldsOfAGzipHeaderArePassedOver() throws IOException {
    byte[] fields =
        Archive.join(new byte[] {6, 0, 'A', 'B', 2, 0, 7, 7}, Archive.bytesOf("main\0by hand\0"));
    byte[] first = gzip(4 + 8 + 16, fields, small().end());

    InitramfsContents contents = Archive.read(first, small().end(Compression.GZIP));

    assertThat(contents.segments())
        .extracting(Segment::offset)
        .containsExactly(0L, (long) first.length);
    assertThat(contents.text("conf/modules")).contains("ext4\n");
  }

  @Test
  void gzipHeaderWithoutEndIsRefused() {
    refused(gzip(8, Archive.bytesOf("x".repeat(1 << 20)), small().end()))
        .hasMessageContaining("a header without an end");
  }

  @Test
  void microcodeThenZerosThenCompressedMainIsRead() throws IOException {
    byte[] early = new Archive().dirs("kernel/x86").file("kernel/x86/ucode.bin", "x").end();
    InitramfsContents contents =
        Archive.read(early, new byte[512 - early.length % 512], small().end(Compression.ZSTD));

    assertThat(contents.segments())
        .extracting(Segment::compression)
        .containsExactly(Compression.NONE, Compression.ZSTD);
    assertThat(contents.tree().entries()).containsKeys("kernel/x86/ucode.bin", "conf/modules");
  }

  @Test
  void plainArchiveOffItsAlignmentIsRefusedAsTheKernelDoes() {
    refused(small().end(), new byte[2], small().end()).hasMessageContaining("aligned");
  }

  @Test
  void laterSegmentOverridesEarlierOne() throws IOException {
    InitramfsContents contents =
        Archive.read(
            small().end(Compression.XZ), new Archive().file("conf/modules", "virtio_blk\n").end());

    assertThat(contents.text("conf/modules")).contains("virtio_blk\n");
    assertThat(contents.tree().entries().get("conf/modules").size()).isEqualTo(11);
  }

  @Test
  void hardLinksShareTheContentThatComesWithTheLast() throws IOException {
    InitramfsContents contents =
        Archive.read(
            new Archive()
                .dir("conf")
                .raw(5, 0100644, 3, "conf/a", new byte[0])
                .raw(5, 0100644, 3, "conf/b", Archive.bytesOf("both"))
                .raw(5, 0100644, 3, "conf/c", new byte[0])
                .end());

    assertThat(contents.keptFiles()).containsExactly("conf/a", "conf/b", "conf/c");
    assertThat(contents.text("conf/a")).contains("both");
    assertThat(contents.tree().entries().get("conf/c").size()).isEqualTo(4);
  }

  @Test
  void modulesAreFoundThroughTheLinkOfAMergedUsr() throws IOException {
    InitramfsContents contents =
        Archive.read(
            new Archive()
                .dirs("usr/lib/modules/6.1.0/kernel")
                .link("lib", "usr/lib")
                .file(MODULES, "")
                .end());

    assertThat(contents.tree().entries()).containsKey("usr/" + MODULES);
    assertThat(contents.find(MODULES)).isPresent();
  }

  @Test
  void hostileHeadersAreRefused() {
    refused(new Archive().header(1, 0100644, 1, 0, 0).end()).hasMessageContaining("name of 0");
    refused(new Archive().header(1, 0100644, 1, 0, 0xffffffffL).end())
        .hasMessageContaining("name of 4294967295");
    refused(new Archive().header(1, 0100644, 1, 0xffffffffL, 5).bytes(new byte[6]).end())
        .hasMessageContaining("ends within a file's content");
    refused(new Archive().header(1, 0120777, 1, 1 << 20, 2).bytes(Archive.bytesOf("a\0")).end())
        .hasMessageContaining("more than 4096 bytes in a link target");
    refused(new Archive().file("a/../../etc/passwd", "").end()).hasMessageContaining("upwards");
    refused(new Archive().file("a/".repeat(200) + "b", "").end()).hasMessageContaining("128");
    refused(Archive.bytesOf("07070Q" + "0".repeat(110))).hasMessageContaining("no newc header");
    refused(Archive.bytesOf("070701" + "x".repeat(110))).hasMessageContaining("no hexadecimal");
  }

  @Test
  void limitsHold() {
    byte[] file =
        Archive.join(
            new Archive().dir("conf").file("conf/big", new byte[5000]).end(Compression.ZSTD),
            new Archive().dir("b").end(Compression.GZIP));
    var whole = new ReadLimits(12_000, 10, 64, 1000, 6000, 6000, 2, 80 << 20);
    assertThat(failureWith(whole, file)).isNull();
    assertThat(failureWith(new ReadLimits(5000, 10, 64, 1000, 6000, 6000, 2, 80 << 20), file))
        .hasMessageContaining("more than 5000 unpacked bytes");
    assertThat(failureWith(new ReadLimits(12_000, 2, 64, 1000, 6000, 6000, 2, 80 << 20), file))
        .hasMessageContaining("more than 2 entries");
    assertThat(failureWith(new ReadLimits(12_000, 10, 64, 9, 6000, 6000, 2, 80 << 20), file))
        .hasMessageContaining("more than 9 bytes of names");
    assertThat(failureWith(new ReadLimits(12_000, 10, 64, 1000, 4999, 6000, 2, 80 << 20), file))
        .hasMessageContaining("more than 4999 bytes in \"conf/big\"");
    assertThat(failureWith(new ReadLimits(12_000, 10, 64, 1000, 6000, 4999, 2, 80 << 20), file))
        .hasMessageContaining("more than 4999 bytes of files to keep");
    assertThat(failureWith(new ReadLimits(12_000, 10, 64, 1000, 6000, 6000, 1, 80 << 20), file))
        .hasMessageContaining("more than 1 segments");
    assertThat(failureWith(new ReadLimits(12_000, 10, 64, 1000, 6000, 6000, 2, 4096), file))
        .hasMessageContaining("a window of");
  }

  private static Exception failureWith(ReadLimits limits, byte[] file) {
    try {
      new InitramfsReader(limits, KeptFiles.DEFAULT).read(new ByteArrayInputStream(file));
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  @Test
  void bombIsGivenUpAtTheBudget() {
    byte[] bomb = new Archive().file("zeros", new byte[64 << 20]).end(Compression.ZSTD);
    var limits = new ReadLimits(32 << 20, 10, 64, 1000, 6000, 6000, 2, 80 << 20);

    assertThat(bomb).hasSizeLessThan(1 << 20);
    assertThat(failureWith(limits, bomb)).isInstanceOf(InitramfsFormatException.class);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void unreadableDiskIsNotCalledACorruptFile(Compression compression) {
    var disk = new IOException("Input/output error");
    byte[] file = small().end(compression);
    var in =
        new InputStream() {
          private int at;

          @Override
          public int read() throws IOException {
            if (at == file.length / 2) {
              throw disk;
            }
            return file[at++] & 0xff;
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            target[offset] = (byte) read();
            return 1;
          }
        };

    assertThatThrownBy(() -> new InitramfsReader().read(in)).isSameAs(disk);
  }
}
