package io.hyper2kvm.image.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.image.ImageRefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is in which file of a chain, the disk is what its writes one after the other make. */
@Tag("property")
class DifferencingPropertyTest {

  /** Each try writes and reads a chain of files: a thousand of each would take two minutes. */
  private static final int TRIES = 200;

  private static final int SECTOR = DifferencingImages.SECTOR;

  /** Sectors of a VHDX's block. */
  private static final int PER_BLOCK = DifferencingImages.VHDX_BLOCK / SECTOR;

  private static Path dir;

  @BeforeContainer
  static void makeFolder() throws IOException {
    dir = Files.createTempDirectory("h2k-differencing").toRealPath();
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    try (var files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(dir);
  }

  /** What a run of sectors is in one file of a chain. */
  enum Content {
    ABSENT,
    ZEROS,
    DATA
  }

  /** Sectors of one kind, one after the other. */
  record Run(int sectors, Content content) {}

  /** Runs of sectors that are there, as guests write them, and of others. */
  private static Arbitrary<List<Run>> runs() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 40),
            Arbitraries.frequency(
                Tuple.of(4, Content.ABSENT), Tuple.of(1, Content.ZEROS), Tuple.of(4, Content.DATA)))
        .as(Run::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  /** The runs again and again, up to the count; no two sectors of data are alike. */
  private static byte[][] sectors(int file, int first, int count, List<Run> runs) {
    byte[][] sectors = new byte[count][];
    int s = 0;
    while (s < count) {
      for (Run run : runs) {
        for (int end = Math.min(count, s + run.sectors()); s < end; s++) {
          sectors[s] =
              switch (run.content()) {
                case ABSENT -> null;
                case ZEROS -> new byte[SECTOR];
                case DATA -> data(file, first + s);
              };
        }
      }
    }
    return sectors;
  }

  private static byte[] data(int file, int sector) {
    byte[] data = new byte[SECTOR];
    Arrays.fill(data, (byte) (1 + file * 31 + sector));
    ByteBuffer.wrap(data).putInt(file).putInt(sector);
    return data;
  }

  private static void write(byte[][] sectors, byte[] disk, int at) {
    for (int s = 0; s < sectors.length && at + s * SECTOR < disk.length; s++) {
      if (sectors[s] != null) {
        System.arraycopy(sectors[s], 0, disk, at + s * SECTOR, SECTOR);
      }
    }
  }

  /**
   * One VHD of a chain.
   *
   * @param block bytes of a block
   * @param fixed whether it is a fixed disk, if it is the first
   */
  record VhdFile(int block, boolean fixed, List<Run> runs) {}

  @Provide
  Arbitrary<List<VhdFile>> vhdChains() {
    return Combinators.combine(
            Arbitraries.of(4096, 8192, 16384, 32768), Arbitraries.of(false, true), runs())
        .as(VhdFile::new)
        .list()
        .ofMinSize(2)
        .ofMaxSize(4);
  }

  @Property(tries = TRIES)
  void vhd(
      @ForAll("vhdChains") List<VhdFile> chain, @ForAll @IntRange(min = 1, max = 200) int count) {
    byte[] model = new byte[count * SECTOR];
    DifferencingImages.Parent parent = null;
    Path leaf = null;
    for (int level = 0; level < chain.size(); level++) {
      UUID id = new UUID(level, count);
      VhdFile file = chain.get(level);
      byte[][] sectors = sectors(level, 0, count, file.runs());
      write(sectors, model, 0);
      String name = "disk%d.vhd".formatted(level);
      byte[] image =
          level == 0 && file.fixed()
              ? DifferencingImages.fixedVhd(id, sectors)
              : DifferencingImages.vhd(id, file.block(), sectors, parent);
      leaf = TestImages.write(dir.resolve(name), image);
      parent = DifferencingImages.beside(name, id);
    }

    assertThat(DifferencingImages.merged(leaf)).isEqualTo(model);
  }

  /**
   * One block of a VHDX.
   *
   * @param state as in the table: 0 to 3 are no data, 6 is all there, 7 some of it
   * @param runs of its sectors; with 6, those that are absent are there, too
   */
  record VhdxBlock(int state, List<Run> runs) {}

  /** Chains of files of three blocks each. */
  @Provide
  Arbitrary<List<List<VhdxBlock>>> vhdxChains() {
    return Combinators.combine(Arbitraries.of(0, 1, 2, 3, 6, 6, 6, 7, 7), runs())
        .as(VhdxBlock::new)
        .list()
        .ofSize(3)
        .list()
        .ofMinSize(2)
        .ofMaxSize(3);
  }

  @Property(tries = TRIES)
  void vhdx(
      @ForAll("vhdxChains") List<List<VhdxBlock>> chain,
      @ForAll @IntRange(min = 1, max = PER_BLOCK) int inLastBlock) {
    byte[] model = new byte[(2 * PER_BLOCK + inLastBlock) * SECTOR];
    DifferencingImages.Parent parent = null;
    Path leaf = null;
    for (int level = 0; level < chain.size(); level++) {
      UUID id = new UUID(level, inLastBlock);
      Map<Long, DifferencingImages.Block> blocks = new LinkedHashMap<>();
      for (int block = 2; block >= 0; block--) {
        VhdxBlock wanted = chain.get(level).get(block);
        // The first disk of a chain has nobody to leave sectors to.
        int state = parent == null ? Math.min(6, wanted.state()) : wanted.state();
        int first = block * PER_BLOCK;
        byte[][] sectors = sectors(level, first, PER_BLOCK, wanted.runs());
        for (int s = 0; s < PER_BLOCK && state == 6; s++) {
          sectors[s] = sectors[s] == null ? data(level, first + s) : sectors[s];
        }
        blocks.put((long) block, new DifferencingImages.Block(state, sectors));
        int at = first * SECTOR;
        if (state >= 6) {
          write(sectors, model, at);
        } else if (state > 0) {
          Arrays.fill(model, at, Math.min(model.length, at + (1 << 20)), (byte) 0);
        }
      }
      String name = "disk%d.vhdx".formatted(level);
      byte[] image = DifferencingImages.vhdx(id, model.length, blocks, parent);
      leaf = TestImages.write(dir.resolve(name), image);
      parent = DifferencingImages.beside(name, id);
    }

    assertThat(DifferencingImages.merged(leaf)).isEqualTo(model);
  }

  /** One byte that becomes another. */
  record ByteChange(int at, byte value) {}

  /** In the entries of both blocks and of the bitmap; half of the values are a state. */
  @Provide
  Arbitrary<List<ByteChange>> tableChanges() {
    Arbitrary<Integer> places =
        Combinators.combine(Arbitraries.of(0, 8, 4096 * 8), Arbitraries.integers().between(0, 7))
            .as(Integer::sum);
    Arbitrary<Byte> states = Arbitraries.integers().between(0, 7).map(state -> (byte) (state << 4));
    return Combinators.combine(places, Arbitraries.oneOf(Arbitraries.bytes(), states))
        .as(ByteChange::new)
        .list()
        .ofSize(2);
  }

  @Provide
  Arbitrary<List<Run>> anyRuns() {
    return runs();
  }

  @Property(tries = TRIES)
  void changedVhdxs(
      @ForAll("anyRuns") List<Run> runs, @ForAll("tableChanges") List<ByteChange> changes) {
    byte[][] sectors = sectors(1, 0, PER_BLOCK, runs);
    DifferencingImages.Block part = new DifferencingImages.Block(7, sectors);
    UUID id = new UUID(1, 2);
    TestImages.write(
        dir.resolve("base.vhdx"), DifferencingImages.vhdx(id, 2 << 20, Map.of(), null));
    byte[] leaf =
        DifferencingImages.vhdx(
            new UUID(3, 4),
            2 << 20,
            Map.of(0L, part, 1L, part),
            DifferencingImages.beside("base.vhdx", id));
    changes.forEach(change -> leaf[DifferencingImages.VHDX_TABLE + change.at()] = change.value());
    Path file = TestImages.write(dir.resolve("leaf.vhdx"), leaf);

    try {
      assertThat(DifferencingImages.merged(file)).hasSize(2 << 20);
    } catch (ImageRefusedException e) {
      assertThat(e.getMessage()).contains(dir.toString());
    }
  }

  /** In the dynamic header, or in the table and the bitmaps behind it. */
  @Provide
  Arbitrary<List<ByteChange>> vhdChanges() {
    Arbitrary<Integer> places =
        Arbitraries.frequencyOf(
            Tuple.of(1, Arbitraries.integers().between(512, 512 + 1099)),
            Tuple.of(
                3,
                Arbitraries.integers()
                    .between(
                        DifferencingImages.VHD_TABLE - 1024, DifferencingImages.VHD_TABLE + 575)));
    return Combinators.combine(places, Arbitraries.bytes()).as(ByteChange::new).list().ofSize(2);
  }

  /** Whatever a chain's headers and tables say, it is read within its files or refused. */
  @Property(tries = TRIES)
  void changedVhds(
      @ForAll("anyRuns") List<Run> runs,
      @ForAll("vhdChanges") List<ByteChange> inBase,
      @ForAll("vhdChanges") List<ByteChange> inLeaf) {
    UUID id = new UUID(1, 2);
    byte[][] sectors = sectors(1, 0, 40, runs);
    byte[] base = DifferencingImages.vhd(id, 4096, sectors, null);
    byte[] leaf =
        DifferencingImages.vhd(
            new UUID(3, 4), 4096, sectors, DifferencingImages.beside("base.vhd", id));
    TestImages.write(dir.resolve("base.vhd"), changed(base, inBase));
    Path file = TestImages.write(dir.resolve("leaf.vhd"), changed(leaf, inLeaf));

    try {
      assertThat(DifferencingImages.merged(file)).hasSize(40 * SECTOR);
    } catch (ImageRefusedException e) {
      assertThat(e.getMessage()).contains(dir.toString());
    }
  }

  /** Changed before its footer; the header's checksum is right again. */
  private static byte[] changed(byte[] image, List<ByteChange> changes) {
    changes.forEach(change -> image[Math.min(image.length - 513, change.at())] = change.value());
    return TestImages.vhdSum(image, 512, 1024, 36);
  }
}
