package io.hyper2kvm.image.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Small valid images, byte by byte; tests change what they are about. */
public final class TestImages {

  static final int VMDK_SECTORS = 2048;
  static final long VHD_SIZE = 4L << 20;
  static final long VHDX_SIZE = 64L << 20;
  static final long QCOW2_SIZE = 64L << 20;
  static final int VHDX_METADATA = 3 << 20;

  private TestImages() {}

  public static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Path write(Path file, String text) {
    return write(file, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static Path zeros(Path file, int size) {
    return write(file, new byte[size]);
  }

  static ByteBuffer little(byte[] image) {
    return ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
  }

  static byte[] put(byte[] image, int at, String ascii) {
    byte[] bytes = ascii.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, image, at, bytes.length);
    return image;
  }

  public static String descriptor(String createType, String... lines) {
    return "# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID=ffffffff\ncreateType=\""
        + createType
        + "\"\n\n# Extent description\n"
        + String.join("\n", lines)
        + "\n\n# The Disk Data Base\n#DDB\n\nddb.adapterType = \"ide\"\n";
  }

  public static Path writeDescriptor(Path file, String descriptor) {
    return write(file, descriptor);
  }

  /** A text descriptor of a snapshot on top of a disk that {@link #descriptor} made. */
  public static String snapshotOf(String parent, String createType, String extent) {
    return descriptor(createType, extent)
        .replace("CID=12345678\nparentCID=ffffffff", "CID=fffffffe\nparentCID=12345678")
        .replace("\n# Extent", "parentFileNameHint=\"%s\"\n# Extent".formatted(parent));
  }

  /**
   * A vmfsSparse extent as QEMU's reader of it describes the format: one directory sector, one
   * grain table of 4096 entries, grains of one sector.
   *
   * @param data the start of the disk; what follows is left to the parent
   */
  public static byte[] vmfsSparse(int sectors, byte[] data) {
    int first = 5 + 8 * 32;
    byte[] image = new byte[first * 512 + data.length];
    put(image, 0, "COWD");
    little(image).putInt(4, 1).putInt(8, 3).putInt(12, sectors).putInt(16, 1).putInt(20, 4);
    little(image).putInt(24, (sectors - 1) / 4096 + 1);
    little(image).putInt(4 * 512, 5);
    for (int grain = 0; grain < data.length / 512; grain++) {
      little(image).putInt(5 * 512 + grain * 4, first + grain);
    }
    System.arraycopy(data, 0, image, first * 512, data.length);
    return image;
  }

  /** A descriptor of a sparse snapshot of {@link #VMDK_SECTORS} sectors. */
  public static String snapshot(String contentId, String parentId, String parent) {
    return descriptor("monolithicSparse", "RW 2048 SPARSE \"disk.vmdk\"")
        .replace(
            "CID=12345678\nparentCID=ffffffff",
            "CID=%s\nparentCID=%s".formatted(contentId, parentId))
        .replace("\n# Extent", "parentFileNameHint=\"%s\"\n# Extent".formatted(parent));
  }

  /**
   * A space-efficient sparse extent as QEMU's reader of it describes the format: constant header,
   * volatile header, grain directory, one grain table of 4096 entries, then the grains of 4 KiB.
   *
   * @param sectors at most 32768, which is what one grain table holds
   * @param data the start of the disk, whole grains; one of zeros is written as a zero grain, and
   *     what follows is left to the parent
   */
  public static byte[] seSparse(int sectors, byte[] data) {
    int grains = 3 + 64;
    byte[] image = new byte[grains * 512 + data.length];
    little(image)
        .putLong(0, 0xcafebabeL)
        .putLong(8, 0x200000001L)
        .putLong(16, sectors)
        .putLong(24, 8)
        .putLong(32, 64)
        .putLong(80, 1)
        .putLong(88, 1)
        .putLong(128, 2)
        .putLong(136, 1)
        .putLong(144, 3)
        .putLong(152, 64)
        .putLong(192, grains)
        .putLong(200, data.length / 512)
        .putLong(512, 0xcafecafeL)
        .putLong(1024, 0x1000000000000000L);
    System.arraycopy(data, 0, image, grains * 512, data.length);
    for (int grain = 0; grain < data.length / 4096; grain++) {
      boolean zero =
          Arrays.equals(data, grain * 4096, grain * 4096 + 4096, new byte[4096], 0, 4096);
      // The index's low 12 bits stand above its high ones.
      long entry = zero ? 0x2L << 60 : 0x3L << 60 | (grain & 0xfffL) << 48 | grain >> 12;
      little(image).putLong(1536 + grain * 8, entry);
    }
    return image;
  }

  public static byte[] vmdk() {
    return vmdk(descriptor("monolithicSparse", "RW 2048 SPARSE \"disk.vmdk\""));
  }

  /** One grain table at sector 22, the grain directory at 26, the first grain at 128. */
  public static byte[] vmdk(String descriptor) {
    byte[] image = new byte[129 * 512];
    vmdkHeader(image, 0, 26);
    put(image, 512, descriptor);
    little(image).putInt(26 * 512, 22);
    little(image).putInt(22 * 512, 128);
    return image;
  }

  static void vmdkHeader(byte[] image, int at, long directory) {
    put(image, at, "KDMV");
    little(image)
        .putInt(at + 4, 1)
        .putInt(at + 8, 3)
        .putLong(at + 12, VMDK_SECTORS)
        .putLong(at + 20, 128)
        .putLong(at + 28, 1)
        .putLong(at + 36, 20)
        .putInt(at + 44, 512)
        .putLong(at + 56, directory)
        .putLong(at + 64, 128);
    put(image, at + 73, "\n \r\n");
  }

  /** A header that defers to a footer, as ovftool writes it. */
  public static byte[] streamOptimized() {
    byte[] image = new byte[135 * 512];
    vmdkHeader(image, 0, -1);
    put(image, 512, descriptor("streamOptimized", "RW 2048 SPARSE \"call-me-stream.vmdk\""));
    little(image).putInt(130 * 512, 129).putInt(129 * 512, 128);
    int marker = image.length - 3 * 512;
    little(image).putLong(marker, 1).putInt(marker + 12, 3);
    vmdkHeader(image, marker + 512, 130);
    little(image).putShort(77, (short) 1).putShort(marker + 512 + 77, (short) 1);
    return image;
  }

  static byte[] cowd() {
    byte[] image = new byte[8 * 512];
    put(image, 0, "COWD");
    little(image).putInt(4, 1).putInt(8, 3).putInt(12, 2048).putInt(16, 1).putInt(20, 4);
    little(image).putInt(24, 1);
    return image;
  }

  static byte[] vhdFooter(int type, long size, String creator) {
    byte[] footer = new byte[512];
    put(footer, 0, "conectix");
    put(footer, 28, creator);
    ByteBuffer.wrap(footer)
        .putInt(8, 2)
        .putInt(12, 0x10000)
        .putLong(16, type == 2 ? -1 : 512)
        .putLong(40, size)
        .putLong(48, size)
        .putShort(56, (short) 100)
        .put(58, (byte) 4)
        .put(59, (byte) 17)
        .putInt(60, type);
    return vhdSum(footer, 0, 512, 64);
  }

  /**
   * Changes a VHD's footer, and the copy at a dynamic one's start, into another program's, whose
   * geometry ends one cylinder before the disk does. Virtual Hard Disk Image Format Specification
   * 1.0: creator at byte 28, cylinders, heads and sectors at 56, checksum at 64.
   */
  public static void vhdMadeBy(Path file, String creator) throws IOException {
    byte[] image = Files.readAllBytes(file);
    for (int at : new int[] {0, image.length - 512}) {
      if (new String(image, at, 8, StandardCharsets.ISO_8859_1).equals("conectix")) {
        put(image, at + 28, "\0\0\0\0");
        put(image, at + 28, creator);
        long cylinders = ByteBuffer.wrap(image).getLong(at + 48) / (4 * 17 * 512) - 1;
        ByteBuffer.wrap(image)
            .putShort(at + 56, (short) cylinders)
            .put(at + 58, (byte) 4)
            .put(at + 59, (byte) 17);
        vhdSum(image, at, 512, 64);
      }
    }
    Files.write(file, image);
  }

  static byte[] vhdSum(byte[] image, int at, int length, int checksumAt) {
    ByteBuffer.wrap(image).putInt(at + checksumAt, 0);
    int sum = 0;
    for (int i = at; i < at + length; i++) {
      sum += Byte.toUnsignedInt(image[i]);
    }
    ByteBuffer.wrap(image).putInt(at + checksumAt, ~sum);
    return image;
  }

  static byte[] vhdFixed(String creator) {
    byte[] image = new byte[(int) VHD_SIZE + 512];
    System.arraycopy(vhdFooter(2, VHD_SIZE, creator), 0, image, (int) VHD_SIZE, 512);
    return image;
  }

  /** Footer copy, header, a table of two 2 MiB blocks of which none is used, footer. */
  public static byte[] vhdDynamic(int type) {
    byte[] image = new byte[512 + 1024 + 512 + 512];
    byte[] footer = vhdFooter(type, VHD_SIZE, "win ");
    System.arraycopy(footer, 0, image, 0, 512);
    System.arraycopy(footer, 0, image, 2048, 512);
    put(image, 512, "cxsparse");
    ByteBuffer.wrap(image)
        .putLong(512 + 8, -1)
        .putLong(512 + 16, 1536)
        .putInt(512 + 24, 0x10000)
        .putInt(512 + 28, 2)
        .putInt(512 + 32, 2 << 20)
        .putInt(1536, -1)
        .putInt(1540, -1);
    return vhdSum(image, 512, 1024, 36);
  }

  static byte[] crc(byte[] image, int at, int length) {
    little(image).putInt(at + 4, 0);
    CRC32C crc = new CRC32C();
    crc.update(image, at, length);
    little(image).putInt(at + 4, (int) crc.getValue());
    return image;
  }

  static void guid(byte[] image, int at, String text) {
    UUID id = UUID.fromString(text);
    ByteBuffer bytes = little(image);
    bytes.putInt(at, (int) (id.getMostSignificantBits() >> 32));
    bytes.putShort(at + 4, (short) (id.getMostSignificantBits() >> 16));
    bytes.putShort(at + 6, (short) id.getMostSignificantBits());
    bytes.putLong(at + 8, Long.reverseBytes(id.getLeastSignificantBits()));
  }

  /** Log at 1 MiB, block table at 2 MiB, metadata at 3 MiB; 64 MiB in blocks of 8 MiB. */
  public static byte[] vhdx() {
    byte[] image = new byte[4 << 20];
    put(image, 0, "vhdxfile");
    vhdxHeader(image, 64 << 10, 1);
    vhdxHeader(image, 128 << 10, 2);
    put(image, 192 << 10, "regi");
    little(image).putInt((192 << 10) + 8, 2);
    region(image, 0, "2dc27766-f623-4200-9d64-115e9bfd4a08", 2 << 20);
    region(image, 1, "8b7ca206-4790-4b9a-b8fe-575f050f886e", VHDX_METADATA);
    crc(image, 192 << 10, 64 << 10);
    System.arraycopy(image, 192 << 10, image, 256 << 10, 64 << 10);
    put(image, VHDX_METADATA, "metadata");
    little(image).putShort(VHDX_METADATA + 10, (short) 5);
    item(image, 0, "caa16737-fa36-4d43-b3b6-33f0aa44e76b", 0, 8);
    item(image, 1, "2fa54224-cd1b-4876-b211-5dbed83bf4b8", 8, 8);
    item(image, 2, "8141bf1d-a96f-4709-ba47-f233a8faab5f", 16, 4);
    item(image, 3, "cda348c7-445d-4471-9cc9-e9885251c556", 20, 4);
    item(image, 4, "beca12ab-b2e6-4523-93ef-c309e000c746", 24, 16);
    little(image)
        .putInt(vhdxItem(0), 8 << 20)
        .putLong(vhdxItem(8), VHDX_SIZE)
        .putInt(vhdxItem(16), 512)
        .putInt(vhdxItem(20), 4096);
    return image;
  }

  /** A VHDX that names its parent as Hyper-V does, in a locator of keys and values in UTF-16. */
  static byte[] vhdxOn(Map<String, String> locator) {
    byte[] image = vhdx();
    int at = vhdxItem(64);
    guid(image, at, "b04aefb7-d19e-4a81-b789-25b8e9445913");
    little(image).putShort(at + 18, (short) locator.size());
    int entry = 20;
    int text = 20 + 12 * locator.size();
    for (Map.Entry<String, String> pair : locator.entrySet()) {
      byte[] key = pair.getKey().getBytes(StandardCharsets.UTF_16LE);
      byte[] value = pair.getValue().getBytes(StandardCharsets.UTF_16LE);
      little(image).putInt(at + entry, text).putInt(at + entry + 4, text + key.length);
      little(image).putShort(at + entry + 8, (short) key.length);
      little(image).putShort(at + entry + 10, (short) value.length);
      System.arraycopy(key, 0, image, at + text, key.length);
      System.arraycopy(value, 0, image, at + text + key.length, value.length);
      entry += 12;
      text += key.length + value.length;
    }
    little(image).putShort(VHDX_METADATA + 10, (short) 6).putInt(vhdxItem(4), 2);
    item(image, 5, "a8d35f2d-b30b-454d-abf7-d3d84834ab0c", 64, text);
    return image;
  }

  /** Where a metadata item's value stands in the file, in bytes. */
  static int vhdxItem(int offset) {
    return VHDX_METADATA + (64 << 10) + offset;
  }

  static void vhdxHeader(byte[] image, int at, long sequence) {
    put(image, at, "head");
    little(image).putLong(at + 8, sequence).putShort(at + 66, (short) 1);
    little(image).putInt(at + 68, 1 << 20).putLong(at + 72, 1 << 20);
    crc(image, at, 4096);
  }

  private static void region(byte[] image, int index, String id, long offset) {
    int at = (192 << 10) + 16 + 32 * index;
    guid(image, at, id);
    little(image).putLong(at + 16, offset).putInt(at + 24, 1 << 20).putInt(at + 28, 1);
  }

  private static void item(byte[] image, int index, String id, int offset, int length) {
    int at = VHDX_METADATA + 32 + 32 * index;
    guid(image, at, id);
    little(image).putInt(at + 16, (64 << 10) + offset).putInt(at + 20, length).putInt(at + 24, 4);
  }

  public static byte[] qcow2() {
    byte[] image = new byte[4 * 65536];
    put(image, 0, "QFI\u00fb");
    ByteBuffer.wrap(image)
        .putInt(4, 3)
        .putInt(20, 16)
        .putLong(24, QCOW2_SIZE)
        .putInt(36, 1)
        .putLong(40, 3 * 65536)
        .putLong(48, 65536)
        .putInt(56, 1)
        .putInt(96, 4)
        .putInt(100, 104);
    return image;
  }

  static byte[] vdi() {
    byte[] image = new byte[4096];
    put(image, 0, "<<< VirtualBox Disk Image >>>");
    little(image)
        .putInt(0x40, 0xbeda107f)
        .putInt(0x44, 0x00010001)
        .putInt(0x48, 0x180)
        .putInt(0x4c, 1)
        .putInt(0x154, 512)
        .putInt(0x158, 1024)
        .putInt(0x168, 512)
        .putLong(0x170, 4 << 20)
        .putInt(0x178, 1 << 20)
        .putInt(0x180, 4);
    return image;
  }

  static byte[] mbrDisk() {
    byte[] image = new byte[1 << 20];
    little(image).putShort(510, (short) 0xaa55).put(446, (byte) 0x80).put(450, (byte) 0x83);
    little(image).putInt(454, 63).putInt(458, 1000);
    return image;
  }
}
