package io.hyper2kvm.image.vhdx;

import io.hyper2kvm.image.DiskLayer;
import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import io.hyper2kvm.image.TableEntries;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * A VHDX in a chain ([MS-VHDX] 2.4 and 2.5). The table's entries are of blocks of data, and behind
 * those of each chunk stands one of its sector bitmap, whose lowest bit of the first byte is the
 * first sector's: 1 is a sector of this file, 0 is the parent's.
 */
public final class VhdxLayer implements DiskLayer {

  private static final int SECTOR = 512;
  private static final long MIB = 1L << 20;
  private static final int PRESENT = 6;
  private static final int PARTIALLY_PRESENT = 7;

  /** 64 TiB of a disk, twice; so that a bit for each MiB fits in memory. */
  private static final long LARGEST_FILE = 128L << 40;

  private final ImageBytes image;
  private final VhdxReader.Disk disk;
  private final boolean differencing;
  private final TableEntries entries;
  private long bitmapBlock = -1;
  private ByteBuffer bitmap;

  private VhdxLayer(ImageBytes image, VhdxReader.Disk disk) {
    this.image = image;
    this.disk = disk;
    this.differencing = disk.metadata().parent().isPresent();
    this.entries =
        new TableEntries(image, disk.regions().blockTable().offset(), 8, ByteOrder.LITTLE_ENDIAN);
  }

  /** A layer whose blocks were checked: they are within the file and share no byte. */
  public static DiskLayer checked(ImageBytes image) {
    VhdxReader.Disk disk = VhdxReader.disk(image);
    if (disk.dirty()) {
      throw ImageRefusedException.unreplayed(image.path());
    }
    VhdxLayer layer = new VhdxLayer(image, disk);
    layer.checkBlocks();
    return layer;
  }

  /** Everything in the file has whole MiB of its own. */
  private void checkBlocks() {
    if (image.size() > LARGEST_FILE) {
      throw ImageRefusedException.tooLarge(image.path(), 0, "%d bytes".formatted(image.size()));
    }
    BitSet used = new BitSet((int) (image.size() / MIB) + 1);
    used.set(0);
    VhdxTables.Regions regions = disk.regions();
    take(used, regions.blockTable().offset(), regions.blockTable().length(), 0);
    take(used, regions.metadata().offset(), regions.metadata().length(), 0);
    if (disk.log().length() > 0) {
      take(used, disk.log().offset(), disk.log().length(), 0);
    }
    boolean bitmapNeeded = false;
    for (long block = 0; block < disk.blocks(); block++) {
      long index = index(block);
      long entry = entries.get(index);
      int state = (int) (entry & 7);
      if (state == PRESENT || state == PARTIALLY_PRESENT) {
        // The last block may end with the disk.
        take(used, place(entry), Math.min(disk.block(), left(block)), index);
      }
      if (state == 4 || state == 5 || state == PARTIALLY_PRESENT && !differencing) {
        throw corrupt(index, "has the state %d".formatted(state));
      }
      bitmapNeeded |= state == PARTIALLY_PRESENT;
      boolean chunkEnds =
          block % disk.chunkRatio() == disk.chunkRatio() - 1 || block == disk.blocks() - 1;
      if (differencing && chunkEnds) {
        checkBitmap(used, block, bitmapNeeded);
        bitmapNeeded = false;
      }
    }
  }

  private void checkBitmap(BitSet used, long block, boolean needed) {
    long index = bitmapIndex(block);
    long entry = entries.get(index);
    int state = (int) (entry & 7);
    if (state == PRESENT) {
      take(used, place(entry), MIB, index);
    } else if (state != 0 || needed) {
      throw corrupt(index, "has the state %d, where a sector bitmap must be".formatted(state));
    }
  }

  private void take(BitSet used, long from, long length, long index) {
    if (from < 0 || from > Layout.LARGEST) {
      throw corrupt(index, "names byte %s".formatted(Long.toUnsignedString(from)));
    }
    if (from + length > image.size()) {
      throw ImageRefusedException.truncated(
          image.path(), "a block of the disk's data", from + length, image.size());
    }
    int first = (int) (from / MIB);
    int end = (int) ((from + length - 1) / MIB) + 1;
    int taken = used.nextSetBit(first);
    if (taken >= 0 && taken < end) {
      throw corrupt(index, "names byte %d, where something else is".formatted(from));
    }
    used.set(first, end);
  }

  private ImageRefusedException corrupt(long index, String found) {
    return ImageRefusedException.corrupt(
        image.path(),
        disk.regions().blockTable().offset() + index * 8,
        "an entry of the block table " + found);
  }

  private long left(long block) {
    return disk.metadata().diskSize() - block * disk.block();
  }

  private long index(long block) {
    return block + block / disk.chunkRatio();
  }

  private long bitmapIndex(long block) {
    return (block / disk.chunkRatio() + 1) * (disk.chunkRatio() + 1) - 1;
  }

  /** The upper 44 bits count in MiB. */
  private static long place(long entry) {
    return entry & -MIB;
  }

  @Override
  public Stretch at(long offset) {
    long block = offset / disk.block();
    long within = offset % disk.block();
    long entry = entries.get(index(block));
    long length = disk.block() - within;
    return switch ((int) (entry & 7)) {
      case 0 -> new Stretch(differencing ? Kind.PARENT : Kind.ZEROS, 0, length);
      case PRESENT -> new Stretch(Kind.DATA, place(entry) + within, length);
      case PARTIALLY_PRESENT -> partly(block, within, entry);
      // Undefined, zero, or unmapped: the parent must not be asked.
      default -> new Stretch(Kind.ZEROS, 0, length);
    };
  }

  private Stretch partly(long block, long within, long entry) {
    int sectors = (int) (disk.block() / SECTOR);
    if (block != bitmapBlock) {
      long chunk = place(entries.get(bitmapIndex(block)));
      long inChunk = block % disk.chunkRatio() * (sectors / 8);
      bitmap = image.little(chunk + inChunk, sectors / 8, "the sector bitmap of a block");
      bitmapBlock = block;
    }
    int sector = (int) (within / SECTOR);
    int end = sector + 1;
    while (end < sectors && present(end) == present(sector)) {
      end++;
    }
    return new Stretch(
        present(sector) ? Kind.DATA : Kind.PARENT,
        place(entry) + within,
        (long) (end - sector) * SECTOR);
  }

  private boolean present(int sector) {
    return (bitmap.get(sector / 8) & 1 << sector % 8) != 0;
  }

  @Override
  public ImageBytes bytes() {
    return image;
  }
}
