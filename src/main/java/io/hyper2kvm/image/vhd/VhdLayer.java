package io.hyper2kvm.image.vhd;

import io.hyper2kvm.image.DiskLayer;
import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.TableEntries;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A VHD in a chain (Virtual Hard Disk Image Format Specification 1.0). Each block of a differencing
 * one has a bitmap in front of it, whose highest bit of the first byte is the first sector's: 1 is
 * a sector of this file, 0 is the parent's.
 */
public final class VhdLayer implements DiskLayer {

  private static final int SECTOR = 512;

  /** One whole byte of a bitmap; QEMU takes smaller blocks for ones without any. */
  private static final long SMALLEST_BLOCK = 8 * SECTOR;

  private static final long UNUSED = 0xffffffffL;

  /** 2 TiB in blocks of 512 KiB, the smallest that programs make. */
  private static final long MOST_BLOCKS = 1 << 22;

  private final ImageBytes image;
  private final VhdReader.Disk disk;
  private final VhdReader.Table table;
  private final TableEntries entries;
  private long bitmapBlock = -1;
  private ByteBuffer bitmap;

  private VhdLayer(ImageBytes image, VhdReader.Disk disk, VhdReader.Table table) {
    this.image = image;
    this.disk = disk;
    this.table = table;
    this.entries = new TableEntries(image, table.offset(), 4, ByteOrder.BIG_ENDIAN);
  }

  /** A layer whose blocks were checked: they are within the file and share no byte. */
  public static DiskLayer checked(ImageBytes image) {
    VhdReader.Disk disk = VhdReader.disk(image);
    if (disk.table().isEmpty()) {
      return new FlatLayer(image, disk.size());
    }
    VhdLayer layer = new VhdLayer(image, disk, disk.table().get());
    layer.checkBlocks();
    return layer;
  }

  /** That the blocks lie within the file is checked by {@link VhdReader}. */
  private void checkBlocks() {
    if (table.block() < SMALLEST_BLOCK) {
      throw ImageRefusedException.corrupt(
          image.path(), table.header() + 32, "blocks of %d bytes".formatted(table.block()));
    }
    long blocks = (disk.size() - 1) / table.block() + 1;
    if (blocks > MOST_BLOCKS) {
      throw ImageRefusedException.tooLarge(
          image.path(), table.offset(), "a table of %d blocks".formatted(blocks));
    }
    int[] starts = new int[(int) blocks];
    int used = 0;
    for (long block = 0; block < blocks - 1; block++) {
      long start = entries.get(block);
      if (start != UNUSED) {
        checkApart(start, table.block());
        starts[used++] = (int) start ^ Integer.MIN_VALUE; // so that they sort as unsigned
      }
    }
    Arrays.sort(starts, 0, used);
    // The last block may end with the disk.
    long lastLength = disk.size() - (blocks - 1) * table.block();
    long last = entries.get(blocks - 1);
    if (last != UNUSED) {
      checkApart(last, lastLength);
    }
    for (int i = 0; i < used; i++) {
      long start = unsigned(starts[i]);
      boolean apart =
          (i == 0 || start - unsigned(starts[i - 1]) >= sectors(table.block()))
              && (last == UNUSED
                  || start >= last + sectors(lastLength)
                  || start + sectors(table.block()) <= last);
      if (!apart) {
        throw overlap(start, "another block");
      }
    }
  }

  private static long unsigned(int sorted) {
    return Integer.toUnsignedLong(sorted ^ Integer.MIN_VALUE);
  }

  private long sectors(long data) {
    return (table.bitmap() + data) / SECTOR;
  }

  /** A block is no part of the footer's copy, the header or the table. */
  private void checkApart(long start, long data) {
    long from = start * SECTOR;
    long to = from + table.bitmap() + data;
    if (from < SECTOR
        || from < table.header() + 1024 && table.header() < to
        || from < table.offset() + table.entries() * 4 && table.offset() < to) {
      throw overlap(start, "the headers");
    }
  }

  private ImageRefusedException overlap(long start, String other) {
    return ImageRefusedException.corrupt(
        image.path(), start * SECTOR, "a block of the disk overlaps " + other);
  }

  @Override
  public Stretch at(long offset) {
    long block = offset / table.block();
    long within = offset % table.block();
    long start = entries.get(block);
    if (start == UNUSED) {
      return new Stretch(disk.differencing() ? Kind.PARENT : Kind.ZEROS, 0, table.block() - within);
    }
    long data = start * SECTOR + table.bitmap() + within;
    if (!disk.differencing()) {
      // Its bitmap says where zeros are as well; they stand in the block, where QEMU reads them.
      return new Stretch(Kind.DATA, data, table.block() - within);
    }
    if (block != bitmapBlock) {
      bitmap = image.big(start * SECTOR, table.bitmap(), "the sector bitmap of a block");
      bitmapBlock = block;
    }
    int sector = (int) (within / SECTOR);
    int end = sector + 1;
    while (end < table.block() / SECTOR && present(end) == present(sector)) {
      end++;
    }
    return new Stretch(
        present(sector) ? Kind.DATA : Kind.PARENT, data, (long) (end - sector) * SECTOR);
  }

  private boolean present(int sector) {
    return (bitmap.get(sector / 8) & 0x80 >> sector % 8) != 0;
  }

  @Override
  public ImageBytes bytes() {
    return image;
  }
}
