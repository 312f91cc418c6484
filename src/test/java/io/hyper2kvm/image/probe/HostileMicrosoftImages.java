package io.hyper2kvm.image.probe;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageFormat;
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
    CASES.bytes(
        "vhd: checksum", ImageFormat.VPC, FailureCode.IMAGE_CORRUPT, dynamic, b -> b[100] ^= 1);
    CASES.bytes(
        "vhd: header checksum",
        ImageFormat.VPC,
        FailureCode.IMAGE_CORRUPT,
        dynamic,
        b -> b[900] ^= 1);
    CASES.bytes(
        "vhd: differencing",
        ImageFormat.VPC,
        FailureCode.PARENT_UNSUPPORTED,
        TestImages.vhdDynamic(4),
        b -> {});
    CASES.bytes(
        "vhd: type 9",
        ImageFormat.VPC,
        FailureCode.IMAGE_CORRUPT,
        TestImages.vhdDynamic(9),
        b -> {});
    CASES.bytes(
        "vhd: fixed, footer first",
        ImageFormat.VPC,
        FailureCode.IMAGE_CORRUPT,
        TestImages.vhdDynamic(2),
        b -> {});
    footer("no header", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(16, 1L << 40));
    footer("header nowhere", FailureCode.IMAGE_CORRUPT, b -> b.putLong(16, -1));
    footer("header elsewhere", FailureCode.IMAGE_CORRUPT, b -> b.putLong(16, 1024));
    footer("size 0", FailureCode.IMAGE_CORRUPT, b -> b.putLong(48, 0));
    footer("size negative", FailureCode.IMAGE_TOO_LARGE, b -> b.putLong(48, -512));
    footer("size behind its table", FailureCode.IMAGE_CORRUPT, b -> b.putLong(48, 5L << 20));
    header("table behind the end", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(512 + 16, 1 << 20));
    header("table nowhere", FailureCode.IMAGE_CORRUPT, b -> b.putLong(512 + 16, -1));
    header("table of 2^32", FailureCode.IMAGE_TOO_LARGE, b -> b.putInt(512 + 28, -1));
    header("block of 3", FailureCode.IMAGE_CORRUPT, b -> b.putInt(512 + 32, 3));
    header("block of 2 GiB", FailureCode.IMAGE_CORRUPT, b -> b.putInt(512 + 32, 1 << 31));
    header("block behind the end", FailureCode.IMAGE_TRUNCATED, b -> b.putInt(1536, 4));
    byte[] fixed = TestImages.vhdFixed("win ");
    byte[] shortened = Arrays.copyOfRange(fixed, 1 << 20, fixed.length);
    CASES.bytes(
        "vhd: fixed and cut", ImageFormat.VPC, FailureCode.IMAGE_TRUNCATED, shortened, b -> {});
    CASES.bytes(
        "vhd: dynamic without its start",
        ImageFormat.VPC,
        FailureCode.IMAGE_CORRUPT,
        TestImages.vhdDynamic(3),
        b -> b[0] = 0);
    CASES.bytes(
        "vhd: less than a footer",
        ImageFormat.VPC,
        FailureCode.IMAGE_TRUNCATED,
        TestImages.put(new byte[100], 0, "conectix"),
        b -> {});
  }

  private static void footer(String name, FailureCode code, Consumer<ByteBuffer> change) {
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

  private static void header(String name, FailureCode code, Consumer<ByteBuffer> change) {
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
    item("parent", FailureCode.PARENT_UNSUPPORTED, b -> b.putInt(TestImages.vhdxItem(4), 2));
    item("size 0", FailureCode.IMAGE_TOO_LARGE, b -> b.putLong(TestImages.vhdxItem(8), 0));
    item(
        "size 65 TiB",
        FailureCode.IMAGE_TOO_LARGE,
        b -> b.putLong(TestImages.vhdxItem(8), 65L << 40));
    item("odd size", FailureCode.IMAGE_CORRUPT, b -> b.putLong(TestImages.vhdxItem(8), 513));
    item(
        "small table",
        FailureCode.IMAGE_CORRUPT,
        b -> b.putLong(TestImages.vhdxItem(8), 63L << 40));
    item("4096", FailureCode.FORMAT_UNSUPPORTED, b -> b.putInt(TestImages.vhdxItem(16), 4096));
    item("block 0", FailureCode.IMAGE_CORRUPT, b -> b.putInt(TestImages.vhdxItem(0), 0));
    item("block 3 MiB", FailureCode.IMAGE_CORRUPT, b -> b.putInt(TestImages.vhdxItem(0), 3 << 20));
    int table = TestImages.VHDX_METADATA;
    item("no metadata", FailureCode.IMAGE_CORRUPT, b -> b.put(table, (byte) 0));
    item("2048 items", FailureCode.IMAGE_CORRUPT, b -> b.putShort(table + 10, (short) 2048));
    item("no items", FailureCode.IMAGE_CORRUPT, b -> b.putShort(table + 10, (short) 0));
    item("unknown item", FailureCode.FORMAT_UNSUPPORTED, b -> b.put(table + 32, (byte) 0));
    item("item outside", FailureCode.IMAGE_CORRUPT, b -> b.putInt(table + 32 + 16, -1));
    item("item too short", FailureCode.IMAGE_CORRUPT, b -> b.putInt(table + 32 + 20, 4));
    int regions = 192 << 10;
    region("three regions", FailureCode.IMAGE_CORRUPT, b -> b.putInt(regions + 8, 3));
    region("2^31 regions", FailureCode.IMAGE_CORRUPT, b -> b.putInt(regions + 8, 1 << 31));
    region("one region", FailureCode.IMAGE_CORRUPT, b -> b.putInt(regions + 8, 1));
    region("region behind", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(regions + 32, 1L << 30));
    region("region nowhere", FailureCode.IMAGE_CORRUPT, b -> b.putLong(regions + 32, -1L << 20));
    region("overlap", FailureCode.IMAGE_CORRUPT, b -> b.putLong(regions + 32, 3 << 20));
    region("unknown region", FailureCode.FORMAT_UNSUPPORTED, b -> b.put(regions + 16, (byte) 0));
    item("region checksum", FailureCode.IMAGE_CORRUPT, b -> b.putInt(regions + 4, 0));
    item(
        "both headers damaged",
        FailureCode.IMAGE_CORRUPT,
        b -> b.putInt((64 << 10) + 4, 0).putInt((128 << 10) + 4, 0));
    log("no entry", FailureCode.IMAGE_CORRUPT, b -> b.putInt(1 << 20, 0));
    log("other identifier", FailureCode.IMAGE_CORRUPT, b -> b.put((1 << 20) + 32, (byte) 'x'));
    log("tail elsewhere", FailureCode.IMAGE_CORRUPT, b -> b.putInt((1 << 20) + 12, 8192));
    log("sequence 0", FailureCode.IMAGE_CORRUPT, b -> b.putLong((1 << 20) + 16, 0));
    log("entry without its data", FailureCode.IMAGE_CORRUPT, b -> b.putInt((1 << 20) + 8, 4096));
    log("entry of two logs", FailureCode.IMAGE_CORRUPT, b -> b.putInt((1 << 20) + 8, 2 << 20));
    log("descriptors without end", FailureCode.IMAGE_CORRUPT, b -> b.putInt((1 << 20) + 24, -1));
    log("a descriptor of nothing", FailureCode.IMAGE_CORRUPT, b -> b.putInt((1 << 20) + 24, 2));
    log("writes outside", FailureCode.IMAGE_CORRUPT, b -> b.putLong((1 << 20) + 80, 1L << 40));
    log("writes between", FailureCode.IMAGE_CORRUPT, b -> b.putLong((1 << 20) + 80, 17));
    log("zeros without end", FailureCode.IMAGE_CORRUPT, b -> zeros(b, 1L << 60));
    log(
        "many zeros",
        FailureCode.IMAGE_TOO_LARGE,
        b -> zeros(b.putLong((1 << 20) + 56, 1 << 30), 1 << 29));
    log("longer file", FailureCode.IMAGE_CORRUPT, b -> b.putLong((1 << 20) + 56, 1L << 50));
    log("cut file", FailureCode.IMAGE_TRUNCATED, b -> b.putLong((1 << 20) + 48, 1L << 30));
    CASES.bytes(
        "vhdx: two currents",
        ImageFormat.VHDX,
        FailureCode.IMAGE_CORRUPT,
        TestImages.vhdx(),
        b -> {
          b[(64 << 10) + 100] = 1;
          TestImages.vhdxHeader(b, 64 << 10, 2);
        });
    CASES.bytes(
        "vhdx: cut",
        ImageFormat.VHDX,
        FailureCode.IMAGE_TRUNCATED,
        HostileImage.cut(TestImages.vhdx(), 512),
        b -> {});
    CASES.bytes(
        "vhdx: magic alone",
        ImageFormat.VHDX,
        FailureCode.IMAGE_TRUNCATED,
        TestImages.put(new byte[512], 0, "vhdxfile"),
        b -> {});
  }

  private static void item(String name, FailureCode code, Consumer<ByteBuffer> change) {
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
  private static void log(String name, FailureCode code, Consumer<ByteBuffer> change) {
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

  private static void region(String name, FailureCode code, Consumer<ByteBuffer> change) {
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
