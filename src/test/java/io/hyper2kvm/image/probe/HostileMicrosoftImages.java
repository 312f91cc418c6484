package io.hyper2kvm.image.probe;

import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException.Code;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** VHD and VHDX files that break one rule each. */
final class HostileMicrosoftImages {

  private static final HostileImage.Table CASES = new HostileImage.Table();

  static {
    vhd();
    vhdx();
  }

  private HostileMicrosoftImages() {}

  static List<HostileImage> all() {
    return CASES.all();
  }

  private static void vhd() {
    byte[] dynamic = TestImages.vhdDynamic(3);
    CASES.bytes("vhd: checksum", ImageFormat.VPC, Code.IMAGE_CORRUPT, dynamic, b -> b[100] ^= 1);
    CASES.bytes(
        "vhd: header checksum", ImageFormat.VPC, Code.IMAGE_CORRUPT, dynamic, b -> b[900] ^= 1);
    CASES.bytes(
        "vhd: differencing",
        ImageFormat.VPC,
        Code.PARENT_UNSUPPORTED,
        TestImages.vhdDynamic(4),
        b -> {});
    CASES.bytes(
        "vhd: type 9", ImageFormat.VPC, Code.IMAGE_CORRUPT, TestImages.vhdDynamic(9), b -> {});
    CASES.bytes(
        "vhd: fixed, footer first",
        ImageFormat.VPC,
        Code.IMAGE_CORRUPT,
        TestImages.vhdDynamic(2),
        b -> {});
    footer("no header", Code.IMAGE_TRUNCATED, b -> b.putLong(16, 1L << 40));
    footer("header nowhere", Code.IMAGE_CORRUPT, b -> b.putLong(16, -1));
    footer("header elsewhere", Code.IMAGE_CORRUPT, b -> b.putLong(16, 1024));
    footer("size 0", Code.IMAGE_CORRUPT, b -> b.putLong(48, 0));
    footer("size negative", Code.IMAGE_TOO_LARGE, b -> b.putLong(48, -512));
    footer("size behind its table", Code.IMAGE_CORRUPT, b -> b.putLong(48, 5L << 20));
    header("table behind the end", Code.IMAGE_TRUNCATED, b -> b.putLong(512 + 16, 1 << 20));
    header("table nowhere", Code.IMAGE_CORRUPT, b -> b.putLong(512 + 16, -1));
    header("table of 2^32", Code.IMAGE_TOO_LARGE, b -> b.putInt(512 + 28, -1));
    header("block of 3", Code.IMAGE_CORRUPT, b -> b.putInt(512 + 32, 3));
    header("block of 2 GiB", Code.IMAGE_CORRUPT, b -> b.putInt(512 + 32, 1 << 31));
    header("block behind the end", Code.IMAGE_TRUNCATED, b -> b.putInt(1536, 4));
    byte[] fixed = TestImages.vhdFixed("win ");
    byte[] shortened = Arrays.copyOfRange(fixed, 1 << 20, fixed.length);
    CASES.bytes("vhd: fixed and cut", ImageFormat.VPC, Code.IMAGE_TRUNCATED, shortened, b -> {});
    CASES.bytes(
        "vhd: dynamic without its start",
        ImageFormat.VPC,
        Code.IMAGE_CORRUPT,
        TestImages.vhdDynamic(3),
        b -> b[0] = 0);
    CASES.bytes(
        "vhd: less than a footer",
        ImageFormat.VPC,
        Code.IMAGE_TRUNCATED,
        TestImages.put(new byte[100], 0, "conectix"),
        b -> {});
  }

  private static void footer(String name, Code code, Consumer<ByteBuffer> change) {
    CASES.bytes(
        "vhd: " + name,
        ImageFormat.VPC,
        code,
        TestImages.vhdDynamic(3),
        b -> {
          change.accept(ByteBuffer.wrap(b));
          TestImages.vhdSum(b, 0, 512, 64);
        });
  }

  private static void header(String name, Code code, Consumer<ByteBuffer> change) {
    CASES.bytes(
        "vhd: " + name,
        ImageFormat.VPC,
        code,
        TestImages.vhdDynamic(3),
        b -> {
          change.accept(ByteBuffer.wrap(b));
          TestImages.vhdSum(b, 512, 1024, 36);
        });
  }

  private static void vhdx() {
    item("parent", Code.PARENT_UNSUPPORTED, b -> b.putInt(TestImages.vhdxItem(4), 2));
    item("size 0", Code.IMAGE_TOO_LARGE, b -> b.putLong(TestImages.vhdxItem(8), 0));
    item("size 65 TiB", Code.IMAGE_TOO_LARGE, b -> b.putLong(TestImages.vhdxItem(8), 65L << 40));
    item("odd size", Code.IMAGE_CORRUPT, b -> b.putLong(TestImages.vhdxItem(8), 513));
    item("small table", Code.IMAGE_CORRUPT, b -> b.putLong(TestImages.vhdxItem(8), 63L << 40));
    item("4096", Code.FORMAT_UNSUPPORTED, b -> b.putInt(TestImages.vhdxItem(16), 4096));
    item("block 0", Code.IMAGE_CORRUPT, b -> b.putInt(TestImages.vhdxItem(0), 0));
    item("block 3 MiB", Code.IMAGE_CORRUPT, b -> b.putInt(TestImages.vhdxItem(0), 3 << 20));
    int table = TestImages.VHDX_METADATA;
    item("no metadata", Code.IMAGE_CORRUPT, b -> b.put(table, (byte) 0));
    item("2048 items", Code.IMAGE_CORRUPT, b -> b.putShort(table + 10, (short) 2048));
    item("no items", Code.IMAGE_CORRUPT, b -> b.putShort(table + 10, (short) 0));
    item("unknown item", Code.FORMAT_UNSUPPORTED, b -> b.put(table + 32, (byte) 0));
    item("item outside", Code.IMAGE_CORRUPT, b -> b.putInt(table + 32 + 16, -1));
    item("item too short", Code.IMAGE_CORRUPT, b -> b.putInt(table + 32 + 20, 4));
    int regions = 192 << 10;
    region("three regions", Code.IMAGE_CORRUPT, b -> b.putInt(regions + 8, 3));
    region("2^31 regions", Code.IMAGE_CORRUPT, b -> b.putInt(regions + 8, 1 << 31));
    region("one region", Code.IMAGE_CORRUPT, b -> b.putInt(regions + 8, 1));
    region("region behind", Code.IMAGE_TRUNCATED, b -> b.putLong(regions + 32, 1L << 30));
    region("region nowhere", Code.IMAGE_CORRUPT, b -> b.putLong(regions + 32, -1L << 20));
    region("overlap", Code.IMAGE_CORRUPT, b -> b.putLong(regions + 32, 3 << 20));
    region("unknown region", Code.FORMAT_UNSUPPORTED, b -> b.put(regions + 16, (byte) 0));
    item("region checksum", Code.IMAGE_CORRUPT, b -> b.putInt(regions + 4, 0));
    item(
        "both headers damaged",
        Code.IMAGE_CORRUPT,
        b -> b.putInt((64 << 10) + 4, 0).putInt((128 << 10) + 4, 0));
    log("no entry", Code.IMAGE_CORRUPT, b -> b.putInt(1 << 20, 0));
    log("other identifier", Code.IMAGE_CORRUPT, b -> b.put((1 << 20) + 32, (byte) 'x'));
    log("tail elsewhere", Code.IMAGE_CORRUPT, b -> b.putInt((1 << 20) + 12, 8192));
    log("sequence 0", Code.IMAGE_CORRUPT, b -> b.putLong((1 << 20) + 16, 0));
    log("entry without its data", Code.IMAGE_CORRUPT, b -> b.putInt((1 << 20) + 8, 4096));
    log("entry of two logs", Code.IMAGE_CORRUPT, b -> b.putInt((1 << 20) + 8, 2 << 20));
    log("descriptors without end", Code.IMAGE_CORRUPT, b -> b.putInt((1 << 20) + 24, -1));
    log("a descriptor of nothing", Code.IMAGE_CORRUPT, b -> b.putInt((1 << 20) + 24, 2));
    log("writes outside", Code.IMAGE_CORRUPT, b -> b.putLong((1 << 20) + 80, 1L << 40));
    log("writes between", Code.IMAGE_CORRUPT, b -> b.putLong((1 << 20) + 80, 17));
    log("zeros without end", Code.IMAGE_CORRUPT, b -> zeros(b, 1L << 60));
    log(
        "many zeros",
        Code.IMAGE_TOO_LARGE,
        b -> zeros(b.putLong((1 << 20) + 56, 1 << 30), 1 << 29));
    log("longer file", Code.IMAGE_CORRUPT, b -> b.putLong((1 << 20) + 56, 1L << 50));
    log("cut file", Code.IMAGE_TRUNCATED, b -> b.putLong((1 << 20) + 48, 1L << 30));
    CASES.bytes(
        "vhdx: two currents",
        ImageFormat.VHDX,
        Code.IMAGE_CORRUPT,
        TestImages.vhdx(),
        b -> {
          b[(64 << 10) + 100] = 1;
          TestImages.vhdxHeader(b, 64 << 10, 2);
        });
    CASES.bytes(
        "vhdx: cut",
        ImageFormat.VHDX,
        Code.IMAGE_TRUNCATED,
        HostileImage.cut(TestImages.vhdx(), 512),
        b -> {});
    CASES.bytes(
        "vhdx: magic alone",
        ImageFormat.VHDX,
        Code.IMAGE_TRUNCATED,
        TestImages.put(new byte[512], 0, "vhdxfile"),
        b -> {});
  }

  private static void item(String name, Code code, Consumer<ByteBuffer> change) {
    CASES.bytes(
        "vhdx: " + name,
        ImageFormat.VHDX,
        code,
        TestImages.vhdx(),
        b -> change.accept(TestImages.little(b)));
  }

  private static ByteBuffer zeros(ByteBuffer bytes, long length) {
    return bytes.putInt((1 << 20) + 64, 0x6f72657a).putLong((1 << 20) + 72, length);
  }

  /** The log has one entry, which writes the first sector of the metadata. */
  private static void log(String name, Code code, Consumer<ByteBuffer> change) {
    CASES.bytes(
        "vhdx log: " + name,
        ImageFormat.VHDX,
        code,
        DirtyVhdx.withLog(TestImages.vhdx(), 2 << 20 | 4096),
        b -> {
          TestImages.put(b, (1 << 20) + 64, "desc");
          change.accept(TestImages.little(b));
          int length = TestImages.little(b).getInt((1 << 20) + 8);
          TestImages.crc(b, 1 << 20, Math.min(length, 1 << 20));
        });
  }

  private static void region(String name, Code code, Consumer<ByteBuffer> change) {
    CASES.bytes(
        "vhdx: " + name,
        ImageFormat.VHDX,
        code,
        TestImages.vhdx(),
        b -> {
          change.accept(TestImages.little(b));
          TestImages.crc(b, 192 << 10, 64 << 10);
        });
  }
}
