package io.hyper2kvm.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyper2kvm.image.ImageRefusedException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule has an image that breaks it and nothing else. */
class HostileImagesTest {

  @TempDir Path dir;

  /** Makes the image in an empty directory and returns the path to probe. */
  interface Maker {
    Path make(Path dir) throws IOException;
  }

  record Case(String name, ImageFormat declared, Code code, Maker maker) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Case> CASES = new ArrayList<>();

  private static void add(String name, ImageFormat declared, Code code, Maker maker) {
    CASES.add(new Case(name, declared, code, maker));
  }

  private static void bytes(
      String name, ImageFormat declared, Code code, byte[] base, Consumer<byte[]> change) {
    add(
        name,
        declared,
        code,
        dir -> {
          byte[] image = base.clone();
          change.accept(image);
          return TestImages.write(dir.resolve("disk"), image);
        });
  }

  /** A valid 1 MiB flat extent and a valid sparse one lie beside the descriptor. */
  private static void text(String name, Code code, String descriptor) {
    add(name, ImageFormat.VMDK, code, dir -> withExtents(dir, descriptor));
  }

  private static Path withExtents(Path dir, String descriptor) throws IOException {
    TestImages.zeros(dir.resolve("flat.vmdk"), 1 << 20);
    TestImages.write(dir.resolve("sparse.vmdk"), TestImages.vmdk());
    Files.createSymbolicLink(dir.resolve("link.vmdk"), dir.resolve("flat.vmdk"));
    Files.createDirectory(dir.resolve("folder.vmdk"));
    return TestImages.write(dir.resolve("disk.vmdk"), descriptor);
  }

  private static String flat(String... lines) {
    return TestImages.descriptor("monolithicFlat", lines);
  }

  static {
    source();
    magics();
    sparse();
    descriptors();
    vhd();
    vhdx();
    qcow2AndVdi();
  }

  private static void source() {
    add("no file", ImageFormat.RAW, Code.SOURCE_NOT_FOUND, dir -> dir.resolve("none"));
    add("no folder", ImageFormat.RAW, Code.SOURCE_NOT_FOUND, dir -> dir.resolve("none/none"));
    add(
        "a file as a folder",
        ImageFormat.RAW,
        Code.SOURCE_NOT_FOUND,
        dir -> TestImages.zeros(dir.resolve("disk"), 512).resolve("disk"));
    add("a folder", ImageFormat.RAW, Code.SOURCE_NOT_REGULAR, dir -> dir);
    add("the root", ImageFormat.RAW, Code.SOURCE_NOT_REGULAR, dir -> Path.of("/"));
    add("a device", ImageFormat.RAW, Code.SOURCE_NOT_REGULAR, dir -> Path.of("/dev/zero"));
    add(
        "a link to an image",
        ImageFormat.RAW,
        Code.SOURCE_NOT_REGULAR,
        dir ->
            Files.createSymbolicLink(
                dir.resolve("link"), TestImages.zeros(dir.resolve("disk"), 512)));
    add(
        "a dangling link",
        ImageFormat.RAW,
        Code.SOURCE_NOT_REGULAR,
        dir -> Files.createSymbolicLink(dir.resolve("link"), dir.resolve("none")));
    add(
        "an empty raw disk",
        ImageFormat.RAW,
        Code.IMAGE_TRUNCATED,
        dir -> TestImages.zeros(dir.resolve("disk"), 0));
    add(
        "half a sector",
        ImageFormat.RAW,
        Code.IMAGE_TRUNCATED,
        dir -> TestImages.zeros(dir.resolve("disk"), 700));
  }

  private static void magics() {
    mismatch("qcow2", TestImages.qcow2());
    mismatch("vmdk", TestImages.vmdk());
    mismatch("cowd", TestImages.cowd());
    mismatch("vmdk descriptor", flat("RW 1 FLAT \"/etc/passwd\" 0").getBytes());
    mismatch("bare vmdk descriptor", "\n#x\nversion=1\ncreateType=\"vmfs\"\n".getBytes());
    mismatch("dynamic vhd", TestImages.vhdDynamic(3));
    mismatch("fixed vhd", TestImages.vhdFixed("win "));
    mismatch("fixed vhd of 511 bytes", cut(TestImages.vhdFixed("win "), 1));
    mismatch("vhdx", TestImages.vhdx());
    mismatch("vdi", TestImages.vdi());
    for (String magic :
        List.of(
            "QFI\u00fb\0\0\0\1",
            "QED\0",
            "WithoutFreeSpace",
            "WithouFreSpacExt",
            "Bochs Virtual HD Image",
            "#!/bin/sh\n#V2.0 Format",
            "\u001f\u008b\u0008",
            "\u00fd7zXZ\0",
            "\u0028\u00b5\u002f\u00fd",
            "BZh9",
            "\u0004\"M\u0018",
            "7z\u00bc\u00af'\u001c",
            "PK\3\4",
            "\u007fELF",
            "<?xml version=\"1.0\"?><Envelope/>",
            "\u00be\u00ba\u00fe\u00ca\0\0\0\0")) {
      mismatch(Printable.of(magic), TestImages.put(new byte[1024], 0, magic));
    }
    mismatch("tar", TestImages.put(new byte[1024], 257, "ustar"));
    mismatch("iso", TestImages.put(new byte[40960], 32769, "CD001"));
    mismatch("dmg", TestImages.put(new byte[1024], 512, "koly\0\0\0\4"));
    bytes("raw as vmdk", ImageFormat.VMDK, Code.FORMAT_MISMATCH, new byte[1024], b -> {});
    bytes("vmdk as vhd", ImageFormat.VPC, Code.FORMAT_MISMATCH, TestImages.vmdk(), b -> {});
    bytes(
        "a tar as a tar",
        ImageFormat.OVA,
        Code.FORMAT_UNSUPPORTED,
        TestImages.put(new byte[1024], 257, "ustar"),
        b -> {});
  }

  private static void mismatch(String name, byte[] image) {
    bytes(name + " declared raw", ImageFormat.RAW, Code.FORMAT_MISMATCH, image, b -> {});
  }

  private static byte[] cut(byte[] image, int fewer) {
    return java.util.Arrays.copyOf(image, image.length - fewer);
  }

  private static void vmdk(String name, Code code, Consumer<ByteBuffer> change) {
    bytes(
        "vmdk: " + name,
        ImageFormat.VMDK,
        code,
        TestImages.vmdk(),
        b -> change.accept(TestImages.little(b)));
  }

  private static void embedded(String name, Code code, String descriptor) {
    bytes("vmdk: " + name, ImageFormat.VMDK, code, TestImages.vmdk(descriptor), b -> {});
  }

  private static void sparse() {
    // QEMU leaks /etc/passwd through this one.
    bytes(
        "vmdk: capacity 0 with a descriptor",
        ImageFormat.VMDK,
        Code.IMAGE_CORRUPT,
        TestImages.vmdk(flat("RW 8 FLAT \"/etc/passwd\" 0")),
        b -> TestImages.little(b).putLong(12, 0));
    vmdk("capacity 0", Code.IMAGE_CORRUPT, b -> b.putLong(12, 0));
    vmdk("negative capacity", Code.IMAGE_TOO_LARGE, b -> b.putLong(12, -5));
    vmdk("huge capacity", Code.IMAGE_TOO_LARGE, b -> b.putLong(12, Long.MAX_VALUE / 512));
    vmdk("more than its directory", Code.IMAGE_TRUNCATED, b -> b.putLong(12, 1L << 36));
    vmdk("version 4", Code.FORMAT_UNSUPPORTED, b -> b.putInt(4, 4));
    vmdk("version 0", Code.FORMAT_UNSUPPORTED, b -> b.putInt(4, 0));
    vmdk("grain 0", Code.IMAGE_CORRUPT, b -> b.putLong(20, 0));
    vmdk("grain 3", Code.IMAGE_CORRUPT, b -> b.putLong(20, 3));
    vmdk("grain huge", Code.IMAGE_CORRUPT, b -> b.putLong(20, 1L << 40));
    vmdk("no table entries", Code.IMAGE_CORRUPT, b -> b.putInt(44, 0));
    vmdk("too many table entries", Code.IMAGE_CORRUPT, b -> b.putInt(44, 513));
    vmdk("text transfer", Code.IMAGE_CORRUPT, b -> b.putInt(73, 0x0a0a200a));
    vmdk("compression 2", Code.FORMAT_UNSUPPORTED, b -> b.putShort(77, (short) 2));
    vmdk("no descriptor", Code.FORMAT_UNSUPPORTED, b -> b.putLong(28, 0));
    vmdk("descriptor elsewhere", Code.FORMAT_UNSUPPORTED, b -> b.putLong(28, 2));
    vmdk("descriptor of -1 sectors", Code.IMAGE_TOO_LARGE, b -> b.putLong(36, -1));
    vmdk("descriptor of 2 GiB", Code.IMAGE_TOO_LARGE, b -> b.putLong(36, 1L << 22));
    vmdk("descriptor cut", Code.IMAGE_CORRUPT, b -> b.put(512 + 100, new byte[] {1}));
    vmdk("blank descriptor", Code.FORMAT_UNSUPPORTED, b -> b.put(512, new byte[20 * 512]));
    vmdk("directory behind the end", Code.IMAGE_TRUNCATED, b -> b.putLong(56, 5000));
    vmdk("directory nowhere", Code.IMAGE_CORRUPT, b -> b.putLong(56, Long.MIN_VALUE));
    vmdk("directory at 0", Code.IMAGE_CORRUPT, b -> b.putLong(56, 0));
    vmdk("table behind the end", Code.IMAGE_TRUNCATED, b -> b.putInt(26 * 512, -1));
    vmdk("grain behind the end", Code.IMAGE_TRUNCATED, b -> b.putInt(22 * 512 + 4, 256));
    vmdk("metadata behind the end", Code.IMAGE_TRUNCATED, b -> b.putLong(64, 5000));
    vmdk("footer promised, none there", Code.IMAGE_TRUNCATED, b -> b.putLong(56, -1));
    embedded(
        "embedded snapshot",
        Code.PARENT_UNSUPPORTED,
        TestImages.descriptor("monolithicSparse", "RW 2048 SPARSE \"a.vmdk\"")
            .replace("parentCID=ffffffff", "parentCID=01234567"));
    embedded(
        "embedded parent hint in a comment",
        Code.PARENT_UNSUPPORTED,
        TestImages.descriptor("monolithicSparse", "RW 2048 SPARSE \"a.vmdk\"")
            + "# parentFileNameHint=\"/etc/passwd\"\n");
    embedded(
        "embedded extent outside",
        Code.EXTENT_OUTSIDE,
        TestImages.descriptor("monolithicSparse", "RW 2048 SPARSE \"/etc/passwd\""));
    embedded(
        "embedded flat extent",
        Code.IMAGE_CORRUPT,
        TestImages.descriptor("monolithicSparse", "RW 2048 FLAT \"a.vmdk\" 0"));
    embedded(
        "two embedded extents",
        Code.IMAGE_CORRUPT,
        TestImages.descriptor(
            "monolithicSparse", "RW 1024 SPARSE \"a.vmdk\"", "RW 1024 SPARSE \"b.vmdk\""));
    embedded(
        "embedded flat type",
        Code.FORMAT_UNSUPPORTED,
        TestImages.descriptor("monolithicFlat", "RW 2048 SPARSE \"a.vmdk\""));
    bytes(
        "vmdk: parent hint behind the stated descriptor",
        ImageFormat.VMDK,
        Code.PARENT_UNSUPPORTED,
        TestImages.vmdk(
            TestImages.descriptor("monolithicSparse", "RW 2048 SPARSE \"a.vmdk\"")
                + "#\n".repeat(200)
                + "parentFileNameHint=\"/etc/passwd\"\n"),
        b -> TestImages.little(b).putLong(36, 1));
    bytes(
        "vmdk: descriptor longer than stated",
        ImageFormat.VMDK,
        Code.IMAGE_CORRUPT,
        TestImages.vmdk(
            TestImages.descriptor("monolithicSparse", "RW 2048 SPARSE \"a.vmdk\"")
                + "#\n".repeat(200)),
        b -> TestImages.little(b).putLong(36, 1));
    byte[] stream = TestImages.streamOptimized();
    bytes(
        "stream: capacity 0 in the footer",
        ImageFormat.VMDK,
        Code.IMAGE_CORRUPT,
        stream,
        b -> TestImages.little(b).putLong(stream.length - 1024 + 12, 0));
    bytes(
        "stream: cut before its footer",
        ImageFormat.VMDK,
        Code.IMAGE_TRUNCATED,
        cut(stream, 512),
        b -> {});
    bytes("one vmfsSparse extent", ImageFormat.VMDK, Code.FORMAT_UNSUPPORTED, cowd(), b -> {});
  }

  private static byte[] cowd() {
    return TestImages.cowd();
  }

  private static void descriptors() {
    for (String outside :
        List.of("/etc/passwd", "../flat.vmdk", "a/b", "..", ".", "", "nbd:x", "C:\\x", "a\\b")) {
      text("extent " + outside, Code.EXTENT_OUTSIDE, flat("RW 8 FLAT \"" + outside + "\" 0"));
      text("VMFS " + outside, Code.EXTENT_OUTSIDE, flat("RW 8 VMFS \"" + outside + "\""));
      text("SPARSE " + outside, Code.EXTENT_OUTSIDE, flat("RW 8 SPARSE \"" + outside + "\""));
    }
    text("long name", Code.EXTENT_OUTSIDE, flat("RW 8 FLAT \"" + "x".repeat(256) + "\" 0"));
    text("missing", Code.EXTENT_MISSING, flat("RW 8 FLAT \"none.vmdk\" 0"));
    text("link", Code.EXTENT_NOT_REGULAR, flat("RW 8 FLAT \"link.vmdk\" 0"));
    text("folder", Code.EXTENT_NOT_REGULAR, flat("RW 8 FLAT \"folder.vmdk\" 0"));
    text("rdm", Code.EXTENT_NOT_REGULAR, flat("RW 8 VMFSRDM \"disk-rdm.vmdk\""));
    text("rdmp", Code.EXTENT_NOT_REGULAR, flat("RW 8 VMFSRDMP \"disk-rdmp.vmdk\""));
    text("itself", Code.IMAGE_CORRUPT, flat("RW 1 FLAT \"disk.vmdk\" 0"));
    text("short flat", Code.IMAGE_TRUNCATED, flat("RW 2049 FLAT \"flat.vmdk\" 0"));
    text("offset behind", Code.IMAGE_TRUNCATED, flat("RW 2048 FLAT \"flat.vmdk\" 1"));
    text("huge size", Code.IMAGE_TOO_LARGE, flat("RW 9999999999999999 FLAT \"flat.vmdk\" 0"));
    text("huge offset", Code.IMAGE_TOO_LARGE, flat("RW 8 FLAT \"flat.vmdk\" 9999999999999999"));
    text("no sectors", Code.IMAGE_CORRUPT, flat("RW 0 FLAT \"flat.vmdk\" 0"));
    text("negative sectors", Code.IMAGE_CORRUPT, flat("RW -8 FLAT \"flat.vmdk\" 0"));
    text("hexadecimal sectors", Code.IMAGE_CORRUPT, flat("RW 0x8 FLAT \"flat.vmdk\" 0"));
    text("no offset", Code.IMAGE_CORRUPT, flat("RW 8 FLAT \"flat.vmdk\""));
    text("text behind", Code.IMAGE_CORRUPT, flat("RW 8 FLAT \"flat.vmdk\" 0 x"));
    text("vmfs with offset", Code.IMAGE_CORRUPT, flat("RW 8 VMFS \"flat.vmdk\" 0"));
    text("no name", Code.IMAGE_CORRUPT, flat("RW 8 FLAT flat.vmdk 0"));
    text("no space before the name", Code.IMAGE_CORRUPT, flat("RW 8 FLAT\"flat.vmdk\" 0"));
    text("open quote", Code.IMAGE_CORRUPT, flat("RW 8 FLAT \"flat.vmdk 0"));
    text("extent over lines", Code.IMAGE_CORRUPT, flat("RW", "8 FLAT \"flat.vmdk\" 0"));
    text("carriage return", Code.IMAGE_CORRUPT, flat("x\rRW 8 FLAT \"flat.vmdk\" 0"));
    text("form feed", Code.IMAGE_CORRUPT, flat("RW\f8 FLAT \"flat.vmdk\" 0"));
    text("control character", Code.IMAGE_CORRUPT, flat("\u001cRW 8 FLAT \"flat.vmdk\" 0"));
    text("nonsense", Code.IMAGE_CORRUPT, flat("hello there"));
    text("no extent", Code.IMAGE_CORRUPT, flat());
    text("not UTF-8", Code.FORMAT_UNSUPPORTED, flat("RW 8 FLAT \"\u00e9.vmdk\" 0"));
    // QEMU passes these over and shifts what follows.
    text("zero", Code.FORMAT_UNSUPPORTED, flat("RW 8 ZERO", "RW 8 FLAT \"flat.vmdk\" 0"));
    text("read only", Code.FORMAT_UNSUPPORTED, flat("RDONLY 8 FLAT \"flat.vmdk\" 0"));
    text("no access", Code.FORMAT_UNSUPPORTED, flat("NOACCESS 8 FLAT \"flat.vmdk\" 0"));
    text("unknown type", Code.FORMAT_UNSUPPORTED, flat("RW 8 CLOUD \"flat.vmdk\" 0"));
    text("seSparse", Code.FORMAT_UNSUPPORTED, flat("RW 8 SESPARSE \"sparse.vmdk\""));
    // QEMU reads the extent twice.
    text("empty line before", Code.FORMAT_UNSUPPORTED, flat("", "RW 8 FLAT \"flat.vmdk\" 0"));
    text("blank line before", Code.FORMAT_UNSUPPORTED, flat(" \t", "RW 8 FLAT \"flat.vmdk\" 0"));
    String good = flat("RW 8 FLAT \"flat.vmdk\" 0");
    text("no createType", Code.IMAGE_CORRUPT, good.replace("createType=", "madeAs="));
    text("empty createType", Code.IMAGE_CORRUPT, good.replace("monolithicFlat", ""));
    text("two createTypes", Code.IMAGE_CORRUPT, good + "createType=\"vmfs\"\n");
    text(
        "createType in a comment",
        Code.IMAGE_CORRUPT,
        good.replace("version=1", "#createType=\"vmfs\"\nversion=1"));
    text("spaced createType", Code.IMAGE_CORRUPT, good.replace("createType=", "createType = "));
    text("behind NUL", Code.IMAGE_CORRUPT, good + "\0RW 8 FLAT \"flat.vmdk\" 0");
    text("snapshot", Code.PARENT_UNSUPPORTED, good.replace("CID=ffffffff", "CID=0badcafe"));
    text("parent hint", Code.PARENT_UNSUPPORTED, good + "parentFileNameHint=\"/etc/passwd\"\n");
    text("parent in a comment", Code.PARENT_UNSUPPORTED, good + "#parentFileNameHint=\"x\"\n");
    text("two parentCIDs", Code.IMAGE_CORRUPT, good + "parentCID=ffffffff\n");
    for (String type :
        List.of(
            "custom",
            "fullDevice",
            "partitionedDevice",
            "vmfsRaw",
            "seSparse",
            "vmfsRawDeviceMap",
            "vmfsPassthroughRawDeviceMap",
            "streamOptimized",
            "monolithicSparse",
            "2GbMaxExtentSparse")) {
      text("type " + type, Code.FORMAT_UNSUPPORTED, good.replace("monolithicFlat", type));
    }
    text("too long", Code.IMAGE_TOO_LARGE, good + "#".repeat(1 << 20));
    text(
        "too many extents",
        Code.IMAGE_TOO_LARGE,
        good + "#\n" + "RW 8 FLAT \"flat.vmdk\" 0\n".repeat(4096));
    text("sparse of other size", Code.IMAGE_CORRUPT, flat("RW 2047 SPARSE \"sparse.vmdk\""));
    text("flat as sparse", Code.IMAGE_CORRUPT, flat("RW 2048 SPARSE \"flat.vmdk\""));
    text(
        "sparse twice",
        Code.IMAGE_CORRUPT,
        flat("RW 2048 SPARSE \"sparse.vmdk\"", "RW 2048 SPARSE \"sparse.vmdk\""));
    nested("sparse extent is a descriptor", Code.IMAGE_CORRUPT, good.getBytes());
    byte[] leaking = TestImages.vmdk(flat("RW 8 FLAT \"/etc/passwd\" 0"));
    TestImages.little(leaking).putLong(12, 0);
    nested("sparse extent of capacity 0", Code.IMAGE_CORRUPT, leaking);
    byte[] cowd = TestImages.cowd();
    TestImages.little(cowd).putInt(24, 0);
    nested("vmfsSparse without tables", Code.IMAGE_CORRUPT, cowd);
    nested("vmfsSparse cut", Code.IMAGE_TRUNCATED, cut(TestImages.cowd(), 4 * 512));
  }

  private static void nested(String name, Code code, byte[] extent) {
    add(
        name,
        ImageFormat.VMDK,
        code,
        dir -> {
          TestImages.write(dir.resolve("extent.vmdk"), extent);
          return withExtents(dir, flat("RW 2048 SPARSE \"extent.vmdk\""));
        });
  }

  private static void vhd() {
    byte[] dynamic = TestImages.vhdDynamic(3);
    bytes("vhd: checksum", ImageFormat.VPC, Code.IMAGE_CORRUPT, dynamic, b -> b[100] ^= 1);
    bytes("vhd: header checksum", ImageFormat.VPC, Code.IMAGE_CORRUPT, dynamic, b -> b[900] ^= 1);
    bytes(
        "vhd: differencing",
        ImageFormat.VPC,
        Code.PARENT_UNSUPPORTED,
        TestImages.vhdDynamic(4),
        b -> {});
    bytes("vhd: type 9", ImageFormat.VPC, Code.IMAGE_CORRUPT, TestImages.vhdDynamic(9), b -> {});
    bytes(
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
    byte[] shortened = java.util.Arrays.copyOfRange(fixed, 1 << 20, fixed.length);
    bytes("vhd: fixed and cut", ImageFormat.VPC, Code.IMAGE_TRUNCATED, shortened, b -> {});
    bytes(
        "vhd: dynamic without its start",
        ImageFormat.VPC,
        Code.IMAGE_CORRUPT,
        TestImages.vhdDynamic(3),
        b -> b[0] = 0);
    bytes(
        "vhd: less than a footer",
        ImageFormat.VPC,
        Code.IMAGE_TRUNCATED,
        TestImages.put(new byte[100], 0, "conectix"),
        b -> {});
  }

  private static void footer(String name, Code code, Consumer<ByteBuffer> change) {
    bytes(
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
    bytes(
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
    bytes(
        "vhdx: two currents",
        ImageFormat.VHDX,
        Code.IMAGE_CORRUPT,
        TestImages.vhdx(),
        b -> {
          b[(64 << 10) + 100] = 1;
          TestImages.vhdxHeader(b, 64 << 10, 2);
        });
    bytes(
        "vhdx: cut", ImageFormat.VHDX, Code.IMAGE_TRUNCATED, cut(TestImages.vhdx(), 512), b -> {});
    bytes(
        "vhdx: magic alone",
        ImageFormat.VHDX,
        Code.IMAGE_TRUNCATED,
        TestImages.put(new byte[512], 0, "vhdxfile"),
        b -> {});
  }

  private static void item(String name, Code code, Consumer<ByteBuffer> change) {
    bytes(
        "vhdx: " + name,
        ImageFormat.VHDX,
        code,
        TestImages.vhdx(),
        b -> change.accept(TestImages.little(b)));
  }

  private static void region(String name, Code code, Consumer<ByteBuffer> change) {
    bytes(
        "vhdx: " + name,
        ImageFormat.VHDX,
        code,
        TestImages.vhdx(),
        b -> {
          change.accept(TestImages.little(b));
          TestImages.crc(b, 192 << 10, 64 << 10);
        });
  }

  private static void qcow2AndVdi() {
    qcow2("backing", Code.IMAGE_HAS_BACKING_FILE, b -> backing(b, "/etc/passwd"));
    qcow2("nbd backing", Code.IMAGE_HAS_BACKING_FILE, b -> backing(b, "nbd://127.0.0.1:1/"));
    qcow2("backing of no length", Code.IMAGE_HAS_BACKING_FILE, b -> b.putLong(8, 600));
    qcow2("backing nowhere", Code.IMAGE_HAS_BACKING_FILE, b -> b.putLong(8, -1).putInt(16, -1));
    qcow2("data file", Code.IMAGE_HAS_EXTERNAL_DATA, b -> b.putLong(72, 4));
    qcow2(
        "data file by name",
        Code.IMAGE_HAS_EXTERNAL_DATA,
        b -> b.putInt(104, 0x6803f857).putInt(108, 3).putInt(120, 0x44415441).putInt(124, 8));
    qcow2("corrupt", Code.IMAGE_CORRUPT, b -> b.putLong(72, 2));
    qcow2("unknown feature", Code.FORMAT_UNSUPPORTED, b -> b.putLong(72, 1 << 20));
    qcow2("encrypted", Code.FORMAT_UNSUPPORTED, b -> b.putInt(32, 2));
    qcow2("version 4", Code.FORMAT_UNSUPPORTED, b -> b.putInt(4, 4));
    qcow2("cluster bits", Code.IMAGE_CORRUPT, b -> b.putInt(20, 31));
    qcow2("size 0", Code.IMAGE_CORRUPT, b -> b.putLong(24, 0));
    qcow2("size -1", Code.IMAGE_TOO_LARGE, b -> b.putLong(24, -1));
    qcow2("header length", Code.IMAGE_CORRUPT, b -> b.putInt(100, -1));
    qcow2("extension length", Code.IMAGE_CORRUPT, b -> b.putInt(104, 5).putInt(108, -1));
    qcow2("L1 too long", Code.IMAGE_TOO_LARGE, b -> b.putInt(36, -1));
    qcow2("L1 too short", Code.IMAGE_CORRUPT, b -> b.putLong(24, 1L << 40));
    qcow2("L1 behind", Code.IMAGE_TRUNCATED, b -> b.putLong(40, 1L << 40));
    vdi("version", Code.FORMAT_UNSUPPORTED, b -> b.putInt(0x44, 2));
    vdi("differencing", Code.PARENT_UNSUPPORTED, b -> b.putInt(0x4c, 4));
    vdi("linked", Code.PARENT_UNSUPPORTED, b -> b.putLong(0x1a8, 1));
    vdi("block size", Code.FORMAT_UNSUPPORTED, b -> b.putInt(0x178, 1));
    vdi("size 0", Code.IMAGE_CORRUPT, b -> b.putLong(0x170, 0));
    vdi("size -1", Code.IMAGE_TOO_LARGE, b -> b.putLong(0x170, -1));
    vdi("map too short", Code.IMAGE_CORRUPT, b -> b.putInt(0x180, 3));
    vdi("map behind", Code.IMAGE_TRUNCATED, b -> b.putInt(0x154, 1 << 20));
  }

  private static void backing(ByteBuffer header, String name) {
    header.putLong(8, 1000).putInt(16, name.length());
    TestImages.put(header.array(), 1000, name);
  }

  private static void qcow2(String name, Code code, Consumer<ByteBuffer> change) {
    bytes(
        "qcow2: " + name,
        ImageFormat.QCOW2,
        code,
        TestImages.qcow2(),
        b -> change.accept(ByteBuffer.wrap(b)));
  }

  private static void vdi(String name, Code code, Consumer<ByteBuffer> change) {
    bytes(
        "vdi: " + name,
        ImageFormat.VDI,
        code,
        TestImages.vdi(),
        b -> change.accept(TestImages.little(b)));
  }

  static Stream<Case> cases() {
    return CASES.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isRefusedWithItsCode(Case hostile) throws IOException {
    Path image = hostile.maker().make(dir);

    var refusal =
        catchThrowableOfType(
            ImageRefusedException.class, () -> new ImageProbe().probe(image, hostile.declared()));

    assertThat(refusal).as("nothing refused").isNotNull();
    assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(hostile.code());
    assertThat(refusal.hint()).isNotBlank();
    assertThat(refusal.getMessage()).contains("/").doesNotContain("\n", "\r", "\0");
    assertThat(refusal.getMessage().length()).isLessThan(1500);
  }

  @Test
  void everyCodeButOneHasACase() {
    // SOURCE_UNREADABLE cannot be made as root; ImageProbeTest skips there.
    assertThat(CASES.stream().map(Case::code).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Code.values()).filter(c -> c != Code.SOURCE_UNREADABLE).toList());
  }
}
