package io.hyper2kvm.image.probe;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.Lineage;
import io.hyper2kvm.image.ova.MergedDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Writes differencing VHDs and VHDXs with their parents, from what each sector of each file shall
 * be. Of VHD by Microsoft's Virtual Hard Disk Image Format Specification 1.0: footer and its copy,
 * dynamic header with parent locators (offset 576), block table, and blocks behind their bitmaps,
 * whose highest bit is the first. Of VHDX by [MS-VHDX]: parent locator (2.6.2.6), table with a
 * bitmap's entry behind each chunk (2.5), and bitmaps whose lowest bit is the first (2.4).
 */
public final class DifferencingImages {

  static final int SECTOR = 512;

  /** Where the table stands in a VHD of {@link #vhd}. */
  static final int VHD_TABLE = 2560;

  /** Where the table stands in a VHDX of {@link #vhdx}. */
  static final int VHDX_TABLE = 2 << 20;

  static final int VHDX_BLOCK = 1 << 20;

  private DifferencingImages() {}

  /**
   * A parent as a child names it.
   *
   * @param relative its Windows path, relative to the child
   */
  public record Parent(String relative, UUID id) {}

  /** A child that names its parent by its plain name. */
  public static Parent beside(String name, UUID id) {
    return new Parent(".\\" + name, id);
  }

  /**
   * A dynamic VHD, or a differencing one.
   *
   * @param block bytes of a block
   * @param sectors what each sector is; null is left out, or to the parent
   * @param parent null for a dynamic disk
   */
  public static byte[] vhd(UUID id, int block, byte[][] sectors, Parent parent) {
    int perBlock = block / SECTOR;
    int blocks = (sectors.length - 1) / perBlock + 1;
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    ByteBuffer table = ByteBuffer.allocate((blocks * 4 + SECTOR - 1) / SECTOR * SECTOR);
    int first = VHD_TABLE + table.capacity();
    for (int b = 0; b < blocks; b++) {
      byte[][] own = Arrays.copyOfRange(sectors, b * perBlock, (b + 1) * perBlock);
      boolean used = Arrays.stream(own).anyMatch(s -> s != null);
      table.putInt(b * 4, used ? (first + data.size()) / SECTOR : -1);
      if (used) {
        byte[] bitmap = new byte[((perBlock + 7) / 8 + SECTOR - 1) / SECTOR * SECTOR];
        byte[] content = new byte[block];
        for (int s = 0; s < perBlock; s++) {
          if (own[s] != null) {
            bitmap[s / 8] |= (byte) (0x80 >> s % 8);
            System.arraycopy(own[s], 0, content, s * SECTOR, SECTOR);
          } else if (parent != null) {
            Arrays.fill(content, s * SECTOR, (s + 1) * SECTOR, (byte) 0xee); // must not be read
          }
        }
        data.writeBytes(bitmap);
        data.writeBytes(content);
      }
    }
    byte[] footer = TestImages.vhdFooter(parent == null ? 3 : 4, sectors.length * 512L, "win ");
    putId(footer, 68, id);
    TestImages.vhdSum(footer, 0, 512, 64);
    byte[] image = new byte[first + data.size() + 512];
    System.arraycopy(footer, 0, image, 0, 512);
    System.arraycopy(footer, 0, image, image.length - 512, 512);
    TestImages.put(image, 512, "cxsparse");
    ByteBuffer.wrap(image)
        .putLong(512 + 8, -1)
        .putLong(512 + 16, VHD_TABLE)
        .putInt(512 + 24, 0x10000)
        .putInt(512 + 28, blocks)
        .putInt(512 + 32, block);
    if (parent != null) {
      parent(image, parent);
    }
    System.arraycopy(table.array(), 0, image, VHD_TABLE, table.capacity());
    System.arraycopy(data.toByteArray(), 0, image, first, data.size());
    return TestImages.vhdSum(image, 512, 1024, 36);
  }

  private static void parent(byte[] image, Parent parent) {
    putId(image, 512 + 40, parent.id());
    byte[] path = parent.relative().getBytes(StandardCharsets.UTF_16LE);
    TestImages.put(image, 512 + 576, "W2ru");
    ByteBuffer.wrap(image)
        .putInt(512 + 580, 512)
        .putInt(512 + 584, path.length)
        .putLong(512 + 592, 1536);
    System.arraycopy(path, 0, image, 1536, path.length);
  }

  /** A fixed VHD; a sector that is null is zeros. */
  public static byte[] fixedVhd(UUID id, byte[][] sectors) {
    byte[] image = Arrays.copyOf(flat(sectors), sectors.length * SECTOR + 512);
    byte[] footer = TestImages.vhdFooter(2, sectors.length * 512L, "win ");
    putId(footer, 68, id);
    System.arraycopy(TestImages.vhdSum(footer, 0, 512, 64), 0, image, sectors.length * SECTOR, 512);
    return image;
  }

  /** The sectors one after the other; one that is null is zeros. */
  public static byte[] flat(byte[][] sectors) {
    byte[] disk = new byte[sectors.length * SECTOR];
    for (int s = 0; s < sectors.length; s++) {
      if (sectors[s] != null) {
        System.arraycopy(sectors[s], 0, disk, s * SECTOR, SECTOR);
      }
    }
    return disk;
  }

  /**
   * A dynamic VHDX with blocks of 1 MiB, or a differencing one.
   *
   * @param id its data write GUID
   * @param size of the disk, in bytes
   * @param blocks what is in the table: by the block's number its state and sectors
   * @param parent null for a dynamic disk
   */
  public static byte[] vhdx(UUID id, long size, Map<Long, Block> blocks, Parent parent) {
    byte[] head = parent == null ? TestImages.vhdx() : TestImages.vhdxOn(locator(parent));
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    Map<Long, byte[]> bitmaps = new LinkedHashMap<>();
    long ratio = (1L << 23) * 512 / VHDX_BLOCK;
    blocks.forEach(
        (number, block) -> {
          long entry = block.state();
          if (block.state() >= 6) {
            entry |= (long) (head.length + data.size());
            data.writeBytes(flat(block.sectors()));
          }
          TestImages.little(head).putLong(VHDX_TABLE + (int) (number + number / ratio) * 8, entry);
          if (block.state() == 7) {
            byte[] bitmap = bitmaps.computeIfAbsent(number / ratio, c -> new byte[1 << 20]);
            int at = (int) (number % ratio) * (VHDX_BLOCK / SECTOR / 8);
            for (int s = 0; s < block.sectors().length; s++) {
              bitmap[at + s / 8] |= (byte) (block.sectors()[s] == null ? 0 : 1 << s % 8);
            }
          }
        });
    bitmaps.forEach(
        (chunk, bitmap) -> {
          int index = (int) ((chunk + 1) * (ratio + 1) - 1);
          TestImages.little(head)
              .putLong(VHDX_TABLE + index * 8, (long) (head.length + data.size()) | 6);
          data.writeBytes(bitmap);
        });
    TestImages.little(head)
        .putInt(TestImages.vhdxItem(0), VHDX_BLOCK)
        .putLong(TestImages.vhdxItem(8), size);
    for (int header : new int[] {64 << 10, 128 << 10}) {
      TestImages.guid(head, header + 32, id.toString());
      TestImages.crc(head, header, 4096);
    }
    byte[] image = Arrays.copyOf(head, head.length + data.size());
    System.arraycopy(data.toByteArray(), 0, image, head.length, data.size());
    return image;
  }

  /**
   * A differencing disk on top of one that is there.
   *
   * @param type {@code vhd}, with blocks of 2 MiB, or {@code vhdx}, of 1 MiB
   * @param sectors all of the disk's; null is the parent's
   * @param base the parent, beside it
   */
  public static byte[] leaf(String type, byte[][] sectors, Path base) {
    Parent parent = beside(base.getFileName().toString(), id(base));
    UUID id = new UUID(7, 8);
    if (type.equals("vhd")) {
      return vhd(id, 2 << 20, sectors, parent);
    }
    int perBlock = VHDX_BLOCK / SECTOR;
    Map<Long, Block> blocks = new LinkedHashMap<>();
    for (int at = 0; at < sectors.length; at += perBlock) {
      byte[][] own = Arrays.copyOfRange(sectors, at, at + perBlock);
      boolean used = Arrays.stream(own).anyMatch(sector -> sector != null);
      blocks.put((long) at / perBlock, new Block(used ? 7 : 0, own));
    }
    return vhdx(id, sectors.length * 512L, blocks, parent);
  }

  /**
   * A block of a VHDX.
   *
   * @param state as in the table
   * @param sectors all of the block's, for states 6 and 7; with 7, null is the parent's
   */
  public record Block(int state, byte[][] sectors) {}

  private static Map<String, String> locator(Parent parent) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("parent_linkage", "{%s}".formatted(parent.id()));
    values.put("relative_path", parent.relative());
    return values;
  }

  private static void putId(byte[] image, int at, UUID id) {
    ByteBuffer.wrap(image)
        .putLong(at, id.getMostSignificantBits())
        .putLong(at + 8, id.getLeastSignificantBits());
  }

  /** What a disk with its parents shows; the merged file, beside it, is gone again. */
  static byte[] merged(Path leaf) {
    Path target = leaf.resolveSibling("merged.raw");
    try {
      MergedDisk.write(new ImageProbe().probe(leaf), target);
      return Files.readAllBytes(target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      target.toFile().delete();
    }
  }

  /** What children must know their parent by. */
  static UUID id(Path disk) {
    try (ImageBytes bytes = ImageBytes.open(disk)) {
      Lineage lineage = Headers.read(bytes, FormatSniffer.sniff(bytes), true).lineage();
      return UUID.fromString(lineage.id().orElseThrow());
    }
  }
}
