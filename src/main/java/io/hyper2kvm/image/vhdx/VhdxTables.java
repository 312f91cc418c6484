package io.hyper2kvm.image.vhdx;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import io.hyper2kvm.image.Lineage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/** The region table and the metadata table of a VHDX. */
final class VhdxTables {

  /** A stretch of the file, in bytes. */
  record Region(long offset, long length) {}

  /** The two regions that every VHDX has. */
  record Regions(Region blockTable, Region metadata) {}

  /**
   * What the metadata say.
   *
   * @param offset where the metadata stand in the file, for messages
   * @param blockSize in bytes, unsigned
   * @param leaveAllocated whether the disk is fixed
   * @param parent what a differencing disk is on top of
   * @param diskSize in bytes, unsigned
   * @param sectorSize of the guest's disk in bytes, unsigned
   */
  record Metadata(
      long offset,
      int blockSize,
      boolean leaveAllocated,
      Optional<Lineage.Parent> parent,
      long diskSize,
      int sectorSize) {}

  private static final long MIB = 1L << 20;
  private static final int TABLE = 64 << 10;
  private static final int MOST_ENTRIES = 2047;
  private static final long REGION_TABLE = 192L << 10;
  private static final long REGION_TABLE_COPY = 256L << 10;

  private static final UUID BLOCK_TABLE = UUID.fromString("2dc27766-f623-4200-9d64-115e9bfd4a08");
  private static final UUID METADATA = UUID.fromString("8b7ca206-4790-4b9a-b8fe-575f050f886e");
  private static final UUID FILE_PARAMETERS =
      UUID.fromString("caa16737-fa36-4d43-b3b6-33f0aa44e76b");
  private static final UUID DISK_SIZE = UUID.fromString("2fa54224-cd1b-4876-b211-5dbed83bf4b8");
  private static final UUID DISK_ID = UUID.fromString("beca12ab-b2e6-4523-93ef-c309e000c746");
  private static final UUID LOGICAL_SECTOR =
      UUID.fromString("8141bf1d-a96f-4709-ba47-f233a8faab5f");
  private static final UUID PHYSICAL_SECTOR =
      UUID.fromString("cda348c7-445d-4471-9cc9-e9885251c556");
  private static final UUID PARENT_LOCATOR =
      UUID.fromString("a8d35f2d-b30b-454d-abf7-d3d84834ab0c");

  private static final Map<UUID, Integer> ITEM_LENGTHS =
      Map.of(
          FILE_PARAMETERS,
          8,
          DISK_SIZE,
          8,
          DISK_ID,
          16,
          LOGICAL_SECTOR,
          4,
          PHYSICAL_SECTOR,
          4,
          PARENT_LOCATOR,
          0);

  private VhdxTables() {}

  /** Whether the CRC-32C at offset 4, taken over all bytes with itself as zero, is right. */
  static boolean checksumRight(ByteBuffer bytes) {
    byte[] copy = bytes.array().clone();
    ByteBuffer.wrap(copy).putInt(4, 0);
    CRC32C crc = new CRC32C();
    crc.update(copy, 0, copy.length);
    return (int) crc.getValue() == bytes.getInt(4);
  }

  /** QEMU reads the first table only, so its copy does not count. */
  static Regions regions(ImageBytes image) {
    ByteBuffer table = image.little(REGION_TABLE, TABLE, "the region table");
    if (!image.has(REGION_TABLE, "regi") || !checksumRight(table)) {
      ByteBuffer copy = image.upTo(REGION_TABLE_COPY, TABLE).order(ByteOrder.LITTLE_ENDIAN);
      boolean copyRight =
          copy.limit() == TABLE && image.has(REGION_TABLE_COPY, "regi") && checksumRight(copy);
      throw ImageRefusedException.corrupt(
          image.path(),
          REGION_TABLE,
          copyRight
              ? "the region table is damaged, its copy is not: let Hyper-V open and repair it"
              : "the region table and its copy are damaged");
    }
    Map<UUID, Region> found = new HashMap<>();
    int count = entries(image, table, 8, REGION_TABLE);
    for (int i = 0; i < count; i++) {
      int at = 16 + 32 * i;
      UUID id = guid(table, at);
      Region region = new Region(table.getLong(at + 16), intAt(table, at + 24));
      checkRegion(image, region, REGION_TABLE + at);
      if (!id.equals(BLOCK_TABLE) && !id.equals(METADATA)) {
        refuseRequired(image, (table.getInt(at + 28) & 1) != 0, "region", id);
      } else if (found.put(id, region) != null) {
        throw ImageRefusedException.corrupt(
            image.path(), REGION_TABLE + at, "the region %s is there twice".formatted(id));
      }
    }
    Region blocks = found.get(BLOCK_TABLE);
    Region metadata = found.get(METADATA);
    if (blocks == null || metadata == null) {
      throw ImageRefusedException.corrupt(
          image.path(), REGION_TABLE, "the block table or the metadata are missing");
    }
    if (blocks.offset() < metadata.offset() + metadata.length()
        && metadata.offset() < blocks.offset() + blocks.length()) {
      throw ImageRefusedException.corrupt(
          image.path(), REGION_TABLE, "the block table and the metadata overlap");
    }
    return new Regions(blocks, metadata);
  }

  private static void checkRegion(ImageBytes image, Region region, long at) {
    boolean sane =
        region.offset() >= MIB
            && region.offset() <= Layout.LARGEST
            && region.offset() % MIB == 0
            && region.length() >= MIB
            && region.length() % MIB == 0;
    if (!sane) {
      throw ImageRefusedException.corrupt(
          image.path(),
          at,
          "a region of %d bytes at %s"
              .formatted(region.length(), Long.toUnsignedString(region.offset())));
    }
    if (region.offset() + region.length() > image.size()) {
      throw ImageRefusedException.truncated(
          image.path(), "a region", region.offset() + region.length(), image.size());
    }
  }

  static Metadata metadata(ImageBytes image, Region region) {
    ByteBuffer table = image.little(region.offset(), TABLE, "the metadata table");
    if (!image.has(region.offset(), "metadata")) {
      throw ImageRefusedException.corrupt(image.path(), region.offset(), "no metadata table");
    }
    Map<UUID, ByteBuffer> items = new HashMap<>();
    Optional<Lineage.Parent> parent = Optional.empty();
    int count = entries(image, table, 10, region.offset());
    for (int i = 0; i < count; i++) {
      int at = 32 + 32 * i;
      UUID id = guid(table, at);
      Integer length = ITEM_LENGTHS.get(id);
      if (length == null) {
        refuseRequired(image, (table.getInt(at + 24) & 4) != 0, "metadata item", id);
        continue;
      }
      long offset = intAt(table, at + 16);
      long stated = intAt(table, at + 20);
      if (offset < TABLE || offset + stated > region.length() || stated < length) {
        throw ImageRefusedException.corrupt(
            image.path(),
            region.offset() + at,
            "metadata of %d bytes at %d".formatted(stated, offset));
      }
      if (id.equals(PARENT_LOCATOR)) {
        parent = Optional.of(VhdxParentLocator.read(image, region.offset() + offset, stated));
      }
      ByteBuffer item = image.little(region.offset() + offset, length, "the metadata");
      if (items.put(id, item) != null) {
        throw ImageRefusedException.corrupt(
            image.path(), region.offset() + at, "the item %s is there twice".formatted(id));
      }
    }
    ByteBuffer parameters = item(image, region, items, FILE_PARAMETERS);
    int flags = parameters.getInt(4);
    boolean hasParent = (flags & 2) != 0;
    if (!hasParent && parent.isPresent()) {
      throw ImageRefusedException.corrupt(
          image.path(), region.offset(), "it names a parent, and says that it has none");
    }
    Optional<Lineage.Parent> unnamed =
        hasParent ? Optional.of(new Lineage.Parent(List.of(), List.of())) : Optional.empty();
    return new Metadata(
        region.offset(),
        parameters.getInt(0),
        (flags & 1) != 0,
        parent.or(() -> unnamed),
        item(image, region, items, DISK_SIZE).getLong(0),
        item(image, region, items, LOGICAL_SECTOR).getInt(0));
  }

  private static ByteBuffer item(
      ImageBytes image, Region region, Map<UUID, ByteBuffer> items, UUID id) {
    ByteBuffer item = items.get(id);
    if (item == null) {
      throw ImageRefusedException.corrupt(
          image.path(), region.offset(), "the metadata item %s is missing".formatted(id));
    }
    return item;
  }

  /** The number of entries: 16 bits in the metadata table, 32 in the region table. */
  private static int entries(ImageBytes image, ByteBuffer table, int at, long tableAt) {
    long count = at == 8 ? intAt(table, at) : Short.toUnsignedLong(table.getShort(at));
    if (count > MOST_ENTRIES) {
      throw ImageRefusedException.corrupt(
          image.path(), tableAt + at, "a table of %d entries".formatted(count));
    }
    return (int) count;
  }

  private static void refuseRequired(ImageBytes image, boolean required, String what, UUID id) {
    if (required) {
      throw ImageRefusedException.unsupported(
          image.path(),
          "the unknown %s %s is required to read it".formatted(what, id),
          "Convert it in Hyper-V to a plain VHDX.");
    }
  }

  private static long intAt(ByteBuffer table, int at) {
    return Integer.toUnsignedLong(table.getInt(at));
  }

  /** The first three fields of a GUID are little endian, the rest is as written. */
  static UUID guid(ByteBuffer table, int at) {
    long high =
        intAt(table, at) << 32
            | Short.toUnsignedLong(table.getShort(at + 4)) << 16
            | Short.toUnsignedLong(table.getShort(at + 6));
    return new UUID(high, Long.reverseBytes(table.getLong(at + 8)));
  }
}
