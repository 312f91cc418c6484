package io.hyper2kvm.image.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.image.ImageRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is in which file of a chain, the disk is what its writes one after the other make. */
class DifferencingPropertyTest {

  private static final int SECTOR = DifferencingImages.SECTOR;
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

  private static byte[] sector(Random random) {
    byte[] sector = new byte[SECTOR];
    if (random.nextInt(8) > 0) {
      random.nextBytes(sector);
    }
    return sector;
  }

  /** Runs of sectors that are there, as guests write them, and of others. */
  private static byte[][] sectors(Random random, int count) {
    byte[][] sectors = new byte[count][];
    boolean there = random.nextBoolean();
    for (int s = 0; s < count; s++) {
      there = random.nextInt(4) == 0 ? !there : there;
      sectors[s] = there ? sector(random) : null;
    }
    return sectors;
  }

  private static void write(byte[][] sectors, byte[] disk, int at) {
    for (int s = 0; s < sectors.length && at + s * SECTOR < disk.length; s++) {
      if (sectors[s] != null) {
        System.arraycopy(sectors[s], 0, disk, at + s * SECTOR, SECTOR);
      }
    }
  }

  @Property(tries = 200)
  void vhd(@ForAll long seed) {
    Random random = new Random(seed);
    int count = 1 + random.nextInt(200);
    byte[] model = new byte[count * SECTOR];
    DifferencingImages.Parent parent = null;
    int levels = 2 + random.nextInt(3);
    Path leaf = null;
    for (int level = 0; level < levels; level++) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      int block = 4096 << random.nextInt(4);
      byte[][] sectors = sectors(random, count);
      write(sectors, model, 0);
      String name = "disk%d.vhd".formatted(level);
      byte[] image =
          level == 0 && random.nextBoolean()
              ? DifferencingImages.fixedVhd(id, sectors)
              : DifferencingImages.vhd(id, block, sectors, parent);
      leaf = TestImages.write(dir.resolve(name), image);
      parent = DifferencingImages.beside(name, id);
    }

    assertThat(DifferencingImages.merged(leaf)).isEqualTo(model);
  }

  @Property(tries = 12)
  void vhdx(@ForAll long seed) {
    Random random = new Random(seed);
    int perBlock = DifferencingImages.VHDX_BLOCK / SECTOR;
    int count = 2 * perBlock + 1 + random.nextInt(perBlock);
    byte[] model = new byte[count * SECTOR];
    DifferencingImages.Parent parent = null;
    int levels = 2 + random.nextInt(2);
    Path leaf = null;
    for (int level = 0; level < levels; level++) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      Map<Long, DifferencingImages.Block> blocks = new LinkedHashMap<>();
      for (long block = 2; block >= 0; block--) {
        int state = random.nextInt(parent == null ? 7 : 8);
        state = state == 4 || state == 5 ? 6 : state;
        byte[][] sectors = sectors(random, perBlock);
        for (int s = 0; s < perBlock && state == 6; s++) {
          sectors[s] = sectors[s] == null ? sector(random) : sectors[s];
        }
        blocks.put(block, new DifferencingImages.Block(state, sectors));
        int at = (int) block * DifferencingImages.VHDX_BLOCK;
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

  @Property(tries = 40)
  void changedVhdxs(@ForAll long seed) {
    Random random = new Random(seed);
    byte[][] sectors = sectors(random, DifferencingImages.VHDX_BLOCK / SECTOR);
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
    int[] entries = {0, 8, 4096 * 8};
    for (int i = 0; i < 2; i++) {
      int at = DifferencingImages.VHDX_TABLE + entries[random.nextInt(3)] + random.nextInt(8);
      leaf[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(8) << 4);
    }
    Path file = TestImages.write(dir.resolve("leaf.vhdx"), leaf);

    try {
      assertThat(DifferencingImages.merged(file)).hasSize(2 << 20);
    } catch (ImageRefusedException e) {
      assertThat(e.getMessage()).contains(dir.toString());
    }
  }

  /** Whatever a chain's headers and tables say, it is read within its files or refused. */
  @Property(tries = 300)
  void changedVhds(@ForAll long seed) {
    Random random = new Random(seed);
    UUID id = new UUID(1, 2);
    byte[][] sectors = sectors(random, 40);
    byte[] base = DifferencingImages.vhd(id, 4096, sectors, null);
    byte[] leaf =
        DifferencingImages.vhd(
            new UUID(3, 4), 4096, sectors, DifferencingImages.beside("base.vhd", id));
    for (byte[] image : new byte[][] {base, leaf}) {
      int at = random.nextInt(4) == 0 ? 512 : DifferencingImages.VHD_TABLE - 1024;
      int many = at == 512 ? 1100 : 1600;
      for (int i = 0; i < 2; i++) {
        int place = Math.min(image.length - 513, at + random.nextInt(many));
        image[place] = (byte) random.nextInt(256);
      }
      TestImages.vhdSum(image, 512, 1024, 36);
    }
    TestImages.write(dir.resolve("base.vhd"), base);
    Path file = TestImages.write(dir.resolve("leaf.vhd"), leaf);

    try {
      assertThat(DifferencingImages.merged(file)).hasSize(40 * SECTOR);
    } catch (ImageRefusedException e) {
      assertThat(e.getMessage()).contains(dir.toString());
    }
  }
}
