package io.hyper2kvm.image.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.QemuFileName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How parents are found, and what lies at the edges of a block table. */
class DifferencingImagesTest {

  private static final UUID BASE = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
  private static final UUID LEAF = UUID.fromString("11111111-2222-3333-4444-555555555555");
  private static final long SIZE = 2 << 20;

  @TempDir Path temporary;
  private Path dir;

  @BeforeEach
  void realPath() throws IOException {
    dir = temporary.toRealPath();
  }

  private static byte[][] sectors(int count, int set) {
    byte[][] sectors = new byte[count][];
    sectors[set] = new byte[512];
    sectors[set][0] = (byte) set;
    return sectors;
  }

  private Path base() {
    return TestImages.write(
        dir.resolve("base.vhdx"), DifferencingImages.vhdx(BASE, SIZE, Map.of(), null));
  }

  private Path leaf(Map<String, String> locator) {
    byte[] image = TestImages.vhdxOn(locator);
    TestImages.little(image)
        .putInt(TestImages.vhdxItem(0), 1 << 20)
        .putLong(TestImages.vhdxItem(8), SIZE);
    return TestImages.write(dir.resolve("leaf.avhdx"), image);
  }

  @Test
  void theFactsNameAllFilesFromTheLeafDown() {
    Path base = base();
    Path leaf = leaf(Map.of("relative_path", ".\\base.vhdx", "parent_linkage", "{" + BASE + "}"));

    ImageFacts facts = new ImageProbe().probe(leaf, ImageFormat.VHDX);

    assertThat(facts.files()).containsExactly(leaf, base);
    assertThat(facts.subformat()).isEqualTo("differencing");
    assertThat(facts.differencing()).isTrue();
    assertThat(facts.parent().orElseThrow().subformat()).isEqualTo("dynamic");
  }

  @Test
  void qemuIsGivenNoDifferencingDisk() {
    base();
    Path leaf = leaf(Map.of("relative_path", "base.vhdx", "parent_linkage", "{" + BASE + "}"));
    ImageFacts facts = new ImageProbe().probe(leaf);

    assertThatThrownBy(() -> QemuFileName.image(facts))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Copied away from their host, the files lie in one folder. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "..\\Virtual Hard Disks\\base.vhdx",
        "C:\\ClusterStorage\\Volume1\\base.vhdx",
        "\\\\?\\Volume{0123}\\vm\\base.vhdx"
      })
  void aParentOfAnotherFolderIsFoundBesideItsChild(String path) {
    Path base = base();
    Path leaf = leaf(Map.of("absolute_win32_path", path, "parent_linkage", "{" + BASE + "}"));

    assertThat(new ImageProbe().probe(leaf).files()).containsExactly(leaf, base);
  }

  @Test
  void aParentBelowItsChildsFolderIsFoundThere() throws IOException {
    Path below = Files.createDirectory(dir.resolve("base"));
    Path base = Files.move(base(), below.resolve("base.vhdx"));
    Path leaf =
        leaf(Map.of("relative_path", "base\\base.vhdx", "parent_linkage", "{" + BASE + "}"));

    assertThat(new ImageProbe().probe(leaf).files()).containsExactly(leaf, base);
  }

  @Test
  void theSecondLinkageOfAMergeCountsAsWell() {
    base();
    Path leaf =
        leaf(
            Map.of(
                "relative_path", "base.vhdx",
                "parent_linkage", "{" + LEAF + "}",
                "parent_linkage2", "{" + BASE.toString().toUpperCase(Locale.ROOT) + "}"));

    assertThat(new ImageProbe().probe(leaf).differencing()).isTrue();
  }

  /** Some programs fill in no locator, and Windows' old ones have one byte for a character. */
  @ParameterizedTest
  @ValueSource(strings = {"name", "Wi2r", "Wi2k"})
  void aVhdsParentIsFoundByEachOfItsNames(String where) {
    byte[] image =
        DifferencingImages.vhd(LEAF, 4096, sectors(8, 1), DifferencingImages.beside("", BASE));
    if (where.equals("name")) {
      byte[] name = "base.vhd".getBytes(StandardCharsets.UTF_16BE);
      System.arraycopy(name, 0, image, 512 + 64, name.length);
      ByteBuffer.wrap(image).putInt(512 + 576, 0);
    } else {
      TestImages.put(image, 1536, "base.vhd");
      TestImages.put(image, 512 + 576, where);
      ByteBuffer.wrap(image).putInt(512 + 584, 8);
    }
    Path base =
        TestImages.write(
            dir.resolve("base.vhd"), DifferencingImages.vhd(BASE, 4096, sectors(8, 2), null));
    Path leaf = TestImages.write(dir.resolve("leaf.vhd"), TestImages.vhdSum(image, 512, 1024, 36));

    assertThat(new ImageProbe().probe(leaf).files()).containsExactly(leaf, base);
  }

  /** A chunk is 4 GiB with sectors of 512 bytes, and each has a bitmap of its own. */
  @Test
  void aBlockBehindTheFirstChunkHasItsBitmapInTheSecond() throws IOException {
    long size = (4L << 30) + (3 << 20);
    DifferencingImages.Block base = new DifferencingImages.Block(6, sectors(2048, 100));
    DifferencingImages.Block leaf = new DifferencingImages.Block(7, sectors(2048, 50));
    TestImages.write(
        dir.resolve("base.vhdx"), DifferencingImages.vhdx(BASE, size, Map.of(4097L, base), null));
    Path file =
        TestImages.write(
            dir.resolve("leaf.avhdx"),
            DifferencingImages.vhdx(
                LEAF, size, Map.of(4097L, leaf), DifferencingImages.beside("base.vhdx", BASE)));
    Map<Long, Integer> firstBytes = new LinkedHashMap<>();
    long[] at = {0};

    try (MergedImage image = MergedImage.open(new ImageProbe().probe(file))) {
      image.copyTo(
          new MergedImage.Sink() {
            @Override
            public void data(ByteBuffer bytes) {
              for (int i = 0; i < bytes.remaining(); i += 512) {
                if (bytes.get(bytes.position() + i) != 0) {
                  firstBytes.put(at[0] + i, (int) bytes.get(bytes.position() + i));
                }
              }
              at[0] += bytes.remaining();
            }

            @Override
            public void zeros(long length) {
              at[0] += length;
            }
          });
    }

    long block = 4097L << 20;
    assertThat(firstBytes)
        .containsExactly(Map.entry(block + 50 * 512, 50), Map.entry(block + 100 * 512, 100));
    assertThat(at[0]).isEqualTo(size);
  }

  /** A sector that is there by its bitmap, and behind the file's end by its place. */
  @Test
  void aBlockWhoseDataIsCutIsRefusedWhenItIsRead() {
    byte[] image =
        DifferencingImages.vhd(
            LEAF, 4096, sectors(8, 7), DifferencingImages.beside("base.vhd", BASE));
    TestImages.write(
        dir.resolve("base.vhd"), DifferencingImages.vhd(BASE, 4096, sectors(8, 2), null));
    Path leaf = TestImages.write(dir.resolve("leaf.vhd"), HostileImage.cut(image, 1024));

    assertThatThrownBy(() -> DifferencingImages.merged(leaf))
        .isInstanceOfSatisfying(
            ImageRefusedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.IMAGE_TRUNCATED));
  }

  @Test
  void aDifferencingDiskWithinAnArchiveIsRefused() throws IOException {
    base();
    Path leaf = leaf(Map.of("relative_path", "base.vhdx", "parent_linkage", "{" + BASE + "}"));

    assertThatThrownBy(() -> new ImageProbe().probe(leaf, 0, Files.size(leaf), ImageFormat.VHDX))
        .isInstanceOfSatisfying(
            ImageRefusedException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.PARENT_UNSUPPORTED));
  }
}
