package io.hyper2kvm.image.probe;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** Differencing VHDs and VHDXs that break one rule each, or whose parents do. */
final class HostileDifferencing {

  private static final HostileImage.Table CASES = new HostileImage.Table();
  private static final UUID BASE = new UUID(0x1111111111111111L, 0x2222222222222222L);
  private static final UUID LEAF = new UUID(0x3333333333333333L, 0x4444444444444444L);
  private static final int BLOCK = 4096;
  private static final long VHDX_SIZE = 3 << 20;

  static {
    vhdParents();
    vhdTables();
    vhdxParents();
    vhdxTables();
  }

  private HostileDifferencing() {}

  static List<HostileImage> all() {
    return CASES.all();
  }

  private static byte[][] sectors(int count) {
    byte[][] sectors = new byte[count][];
    for (int s = 0; s < count; s += 3) {
      sectors[s] = new byte[512];
    }
    return sectors;
  }

  private static byte[] vhdOn(String relative, UUID id) {
    return DifferencingImages.vhd(
        LEAF, BLOCK, sectors(40), new DifferencingImages.Parent(relative, id));
  }

  private static byte[] vhdxOn(String relative, UUID id) {
    DifferencingImages.Block part = new DifferencingImages.Block(7, sectors(2048));
    return DifferencingImages.vhdx(
        LEAF, VHDX_SIZE, Map.of(0L, part, 1L, part), new DifferencingImages.Parent(relative, id));
  }

  private static void vhds(Path dir) throws IOException {
    for (String name : List.of("base.vhd", "sub/base.vhd")) {
      Files.createDirectories(dir.resolve(name).getParent());
      TestImages.write(dir.resolve(name), DifferencingImages.vhd(BASE, BLOCK, sectors(40), null));
    }
    TestImages.write(
        dir.resolve("small.vhd"), DifferencingImages.vhd(BASE, BLOCK, sectors(39), null));
    TestImages.write(dir.resolve("raw.vhd"), new byte[1 << 20]);
    TestImages.write(dir.resolve("base.vhdx"), "vhdxfile");
    Files.createSymbolicLink(dir.resolve("link.vhd"), dir.resolve("base.vhd"));
    Files.createSymbolicLink(dir.resolve("way"), dir.resolve("sub"));
    TestImages.write(dir.resolve("middle.vhd"), vhdOn(".\\leaf", LEAF));
  }

  private static void vhdxs(Path dir) {
    TestImages.write(
        dir.resolve("base.vhdx"), DifferencingImages.vhdx(BASE, VHDX_SIZE, Map.of(), null));
    TestImages.write(
        dir.resolve("small.vhdx"), DifferencingImages.vhdx(BASE, 2 << 20, Map.of(), null));
    TestImages.write(dir.resolve("base.vhd"), TestImages.vhdDynamic(3));
  }

  private static void vhd(String name, FailureCode code, byte[] leaf) {
    CASES.add(
        "differencing vhd: " + name,
        ImageFormat.VPC,
        code,
        dir -> {
          vhds(dir);
          return TestImages.write(dir.resolve("leaf"), leaf);
        });
  }

  private static void vhdx(String name, FailureCode code, byte[] leaf) {
    CASES.add(
        "differencing vhdx: " + name,
        ImageFormat.VHDX,
        code,
        dir -> {
          vhdxs(dir);
          return TestImages.write(dir.resolve("leaf"), leaf);
        });
  }

  private static void vhdParents() {
    for (String outside :
        List.of(
            "..\\gone.vhd",
            "C:\\vm\\gone.vhd",
            "\\\\server\\share\\gone.vhd",
            "sub\\..\\gone.vhd",
            "way\\gone.vhd",
            "..",
            "json:{}",
            "nbd:x",
            "a\nb",
            "x".repeat(240) + "/" + "../x".repeat(4))) {
      vhd("on " + outside.strip(), FailureCode.PARENT_OUTSIDE, vhdOn(outside, BASE));
    }
    vhd("gone", FailureCode.PARENT_MISSING, vhdOn(".\\gone.vhd", BASE));
    vhd("in a folder that is gone", FailureCode.PARENT_MISSING, vhdOn("gone\\gone.vhd", BASE));
    vhd("a link", FailureCode.PARENT_NOT_REGULAR, vhdOn("link.vhd", BASE));
    vhd("a folder", FailureCode.PARENT_NOT_REGULAR, vhdOn("sub", BASE));
    vhd("a raw disk", FailureCode.PARENT_MISMATCH, vhdOn("raw.vhd", BASE));
    vhd("a vhdx", FailureCode.PARENT_MISMATCH, vhdOn("base.vhdx", BASE));
    vhd("a smaller disk", FailureCode.PARENT_MISMATCH, vhdOn("small.vhd", BASE));
    vhd("another disk", FailureCode.PARENT_MISMATCH, vhdOn("base.vhd", LEAF));
    vhd("itself", FailureCode.PARENT_CYCLE, vhdOn("leaf", LEAF));
    vhd("two in a ring", FailureCode.PARENT_CYCLE, vhdOn("middle.vhd", LEAF));
    vhd("not named", FailureCode.PARENT_UNSUPPORTED, vhdOn("", BASE));
    CASES.add(
        "differencing vhd: 52 files",
        ImageFormat.VPC,
        FailureCode.PARENT_CHAIN_TOO_LONG,
        dir -> {
          vhds(dir);
          String parent = "base.vhd";
          UUID id = BASE;
          for (int i = 1; i < 52; i++) {
            TestImages.write(dir.resolve(i + ".vhd"), vhdOn(parent, id));
            parent = i + ".vhd";
            id = LEAF;
          }
          return dir.resolve(parent);
        });
  }

  private static void vhdTables() {
    int table = DifferencingImages.VHD_TABLE;
    vhd(
        "blocks of 4 sectors",
        FailureCode.IMAGE_CORRUPT,
        DifferencingImages.vhd(
            LEAF, 2048, sectors(40), new DifferencingImages.Parent("base.vhd", BASE)));
    changed("block in the header", FailureCode.IMAGE_CORRUPT, b -> b.putInt(table, 1));
    changed("block on the footer's copy", FailureCode.IMAGE_CORRUPT, b -> b.putInt(table, 0));
    changed("block in the table", FailureCode.IMAGE_CORRUPT, b -> b.putInt(table, table / 512));
    changed("block twice", FailureCode.IMAGE_CORRUPT, b -> b.putInt(table, b.getInt(table + 4)));
    changed("overlap", FailureCode.IMAGE_CORRUPT, b -> b.putInt(table, b.getInt(table + 4) + 1));
    changed(
        "last block within another",
        FailureCode.IMAGE_CORRUPT,
        b -> b.putInt(table + 16, b.getInt(table) + 1));
    changed("block behind the end", FailureCode.IMAGE_TRUNCATED, b -> b.putInt(table, 1 << 20));
    changed(
        "bitmap cut", FailureCode.IMAGE_TRUNCATED, b -> b.putInt(table, b.capacity() / 512 - 1));
  }

  private static void changed(String name, FailureCode code, Consumer<ByteBuffer> change) {
    byte[] image = vhdOn("base.vhd", BASE);
    change.accept(ByteBuffer.wrap(image));
    vhd(name, code, image);
  }

  private static void vhdxParents() {
    vhdx("outside", FailureCode.PARENT_OUTSIDE, vhdxOn("..\\gone.vhdx", BASE));
    vhdx("gone", FailureCode.PARENT_MISSING, vhdxOn("gone.vhdx", BASE));
    vhdx("a vhd", FailureCode.PARENT_MISMATCH, vhdxOn("base.vhd", BASE));
    vhdx("a smaller disk", FailureCode.PARENT_MISMATCH, vhdxOn("small.vhdx", BASE));
    vhdx("written to since", FailureCode.PARENT_MISMATCH, vhdxOn("base.vhdx", LEAF));
    vhdx("itself", FailureCode.PARENT_CYCLE, vhdxOn("leaf", LEAF));
    vhdx(
        "without linkage",
        FailureCode.PARENT_UNSUPPORTED,
        locator(Map.of("relative_path", "base.vhdx")));
    vhdx(
        "linkage of no kind",
        FailureCode.PARENT_UNSUPPORTED,
        locator(Map.of("relative_path", "base.vhdx", "parent_linkage", "{1-2-3-4-5}")));
    vhdx(
        "without a path",
        FailureCode.PARENT_UNSUPPORTED,
        locator(Map.of("parent_linkage", "{%s}".formatted(BASE))));
    byte[] unmarked = vhdxOn("base.vhdx", BASE);
    TestImages.little(unmarked).putInt(TestImages.vhdxItem(4), 0);
    vhdx("says it has none", FailureCode.IMAGE_CORRUPT, unmarked);
    byte[] dirty = DirtyVhdx.withLog(vhdxOn("base.vhdx", BASE), 2 << 20);
    vhdx("with a log", FailureCode.FORMAT_UNSUPPORTED, dirty);
  }

  private static byte[] locator(Map<String, String> values) {
    return TestImages.vhdxOn(values);
  }

  private static void vhdxTables() {
    int table = DifferencingImages.VHDX_TABLE;
    int bitmap = table + 4096 * 8;
    entry("state 4", FailureCode.IMAGE_CORRUPT, b -> b.putLong(table + 16, 4));
    entry("in the headers", FailureCode.IMAGE_CORRUPT, b -> b.putLong(table, 7));
    entry("in the log", FailureCode.IMAGE_CORRUPT, b -> b.putLong(table, 1 << 20 | 7));
    entry("in the table", FailureCode.IMAGE_CORRUPT, b -> b.putLong(table, 2 << 20 | 7));
    entry("in the metadata", FailureCode.IMAGE_CORRUPT, b -> b.putLong(table, 3 << 20 | 6));
    entry("block twice", FailureCode.IMAGE_CORRUPT, b -> b.putLong(table, b.getLong(table + 8)));
    entry(
        "bitmap on a block",
        FailureCode.IMAGE_CORRUPT,
        b -> b.putLong(bitmap, b.getLong(table) & ~1L));
    entry("behind the end", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(table, 1 << 30 | 7));
    entry("nowhere", FailureCode.IMAGE_CORRUPT, b -> b.putLong(table, -1));
    entry(
        "bitmap behind the end", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(bitmap, 1 << 30 | 6));
    entry("no bitmap", FailureCode.IMAGE_CORRUPT, b -> b.putLong(bitmap, 0));
    entry("bitmap of state 3", FailureCode.IMAGE_CORRUPT, b -> b.putLong(bitmap, 3));
    entry(
        "no room for bitmaps",
        FailureCode.IMAGE_CORRUPT,
        b -> b.putLong(TestImages.vhdxItem(8), 127L << 30));
    vhdx(
        "bitmap cut",
        FailureCode.IMAGE_TRUNCATED,
        HostileImage.cut(vhdxOn("base.vhdx", BASE), 512));
    CASES.add(
        "differencing vhdx: parent has a part of a block",
        ImageFormat.VHDX,
        FailureCode.IMAGE_CORRUPT,
        dir -> {
          byte[] base = DifferencingImages.vhdx(BASE, VHDX_SIZE, Map.of(), null);
          TestImages.little(base).putLong(table, 7);
          TestImages.write(dir.resolve("base.vhdx"), base);
          return TestImages.write(dir.resolve("leaf"), vhdxOn("base.vhdx", BASE));
        });
  }

  private static void entry(String name, FailureCode code, Consumer<ByteBuffer> change) {
    byte[] image = vhdxOn("base.vhdx", BASE);
    change.accept(TestImages.little(image));
    vhdx(name, code, image);
  }
}
