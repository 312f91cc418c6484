package io.hyper2kvm.image.probe;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** VMDK snapshots whose parents, or whose space-efficient extents, break one rule each. */
final class HostileChains {

  private static final HostileImage.Table CASES = new HostileImage.Table();

  static {
    parents();
    seSparse();
  }

  private HostileChains() {}

  static List<HostileImage> all() {
    return CASES.all();
  }

  /** A base of content 12345678 lies beside the snapshot, which is as the case makes it. */
  private static void chain(String name, FailureCode code, String snapshot) {
    CASES.add(
        "chain: " + name,
        ImageFormat.VMDK,
        code,
        dir -> {
          base(dir);
          return TestImages.write(dir.resolve("leaf.vmdk"), TestImages.vmdk(snapshot));
        });
  }

  private static void base(Path dir) throws IOException {
    TestImages.write(dir.resolve("base.vmdk"), TestImages.vmdk());
    TestImages.zeros(dir.resolve("flat.vmdk"), 1 << 20);
    Files.createSymbolicLink(dir.resolve("link.vmdk"), dir.resolve("base.vmdk"));
    Files.createDirectory(dir.resolve("sub"));
    Files.createSymbolicLink(dir.resolve("way"), dir.resolve("sub"));
    TestImages.write(dir.resolve("sub/base.vmdk"), TestImages.vmdk());
    TestImages.write(dir.resolve("raw.vmdk"), new byte[1 << 20]);
    TestImages.write(
        dir.resolve("small.vmdk"),
        TestImages.descriptor("monolithicFlat", "RW 2047 FLAT \"flat.vmdk\" 0"));
    TestImages.write(
        dir.resolve("leaking.vmdk"),
        TestImages.descriptor("monolithicFlat", "RW 2048 FLAT \"/etc/passwd\" 0"));
    TestImages.write(
        dir.resolve("middle.vmdk"),
        TestImages.vmdk(TestImages.snapshot("12345678", "12345678", "leaf.vmdk")));
  }

  private static String on(String parent) {
    return TestImages.snapshot("12345678", "12345678", parent);
  }

  private static void parents() {
    for (String outside :
        List.of(
            "/etc/passwd",
            "../base.vmdk",
            "sub/../base.vmdk",
            "./base.vmdk",
            "sub//base.vmdk",
            "C:\\\\vm\\\\base.vmdk",
            "nbd:x",
            "json:{}",
            "way/base.vmdk",
            "x".repeat(1024))) {
      chain("at " + outside, FailureCode.PARENT_OUTSIDE, on(outside));
    }
    chain("gone", FailureCode.PARENT_MISSING, on("gone.vmdk"));
    chain("in a folder that is gone", FailureCode.PARENT_MISSING, on("gone/base.vmdk"));
    chain("a link", FailureCode.PARENT_NOT_REGULAR, on("link.vmdk"));
    chain("a folder", FailureCode.PARENT_NOT_REGULAR, on("sub"));
    chain("a raw disk", FailureCode.PARENT_MISMATCH, on("raw.vmdk"));
    chain("a smaller disk", FailureCode.PARENT_MISMATCH, on("small.vmdk"));
    chain("leaks", FailureCode.EXTENT_OUTSIDE, on("leaking.vmdk"));
    chain(
        "written to since",
        FailureCode.PARENT_MISMATCH,
        TestImages.snapshot("12345678", "0badcafe", "base.vmdk"));
    chain("itself", FailureCode.PARENT_CYCLE, on("leaf.vmdk"));
    chain("two in a ring", FailureCode.PARENT_CYCLE, on("middle.vmdk"));
    chain(
        "not named",
        FailureCode.PARENT_UNSUPPORTED,
        on("").replace("parentFileNameHint=\"\"\n", ""));
    chain(
        "named twice", FailureCode.IMAGE_CORRUPT, on("base.vmdk") + "#parentFileNameHint=\"x\"\n");
    chain(
        "named otherwise",
        FailureCode.IMAGE_CORRUPT,
        on("base.vmdk").replace("parentFileNameHint", "parentfilenamehint"));
    chain("spaced", FailureCode.IMAGE_CORRUPT, on("base.vmdk").replace("Hint=", "Hint ="));
    chain("no number", FailureCode.IMAGE_CORRUPT, on("base.vmdk").replace("CID=1", "CID=x"));
    CASES.add(
        "chain: 33 files",
        ImageFormat.VMDK,
        FailureCode.PARENT_CHAIN_TOO_LONG,
        dir -> {
          base(dir);
          String parent = "base.vmdk";
          for (int i = 1; i < 33; i++) {
            TestImages.write(dir.resolve(i + ".vmdk"), TestImages.vmdk(on(parent)));
            parent = i + ".vmdk";
          }
          return dir.resolve(parent);
        });
  }

  private static void seSparse() {
    extent("no magic", FailureCode.IMAGE_CORRUPT, b -> b.putLong(0, 1));
    extent("version", FailureCode.FORMAT_UNSUPPORTED, b -> b.putLong(8, 1));
    extent("grain", FailureCode.FORMAT_UNSUPPORTED, b -> b.putLong(24, 16));
    extent("table", FailureCode.FORMAT_UNSUPPORTED, b -> b.putLong(32, 32));
    extent("capacity 0", FailureCode.IMAGE_CORRUPT, b -> b.putLong(16, 0));
    extent("capacity huge", FailureCode.IMAGE_TOO_LARGE, b -> b.putLong(16, -1));
    extent("other capacity", FailureCode.IMAGE_CORRUPT, b -> b.putLong(16, 2047));
    extent("no volatile header", FailureCode.IMAGE_CORRUPT, b -> b.putLong(80, 2));
    extent("volatile header behind", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(80, 1 << 20));
    extent("journal", FailureCode.FORMAT_UNSUPPORTED, b -> b.putLong(512 + 24, 1));
    extent("directory nowhere", FailureCode.IMAGE_CORRUPT, b -> b.putLong(128, -1));
    extent("directory behind", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(128, 1 << 20));
    extent("directory empty", FailureCode.IMAGE_CORRUPT, b -> b.putLong(136, 0));
    extent("directory entry", FailureCode.IMAGE_CORRUPT, b -> b.putLong(1024, 1));
    extent("tables behind", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(144, 1 << 20));
    extent("table behind", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(1024, 0x1000000000ffffffL));
    extent("grain behind", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(1536, 0x3fff000000000fffL));
    extent("grain huge", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(1536, 0x3fffffffffffffffL));
    extent("grain unknown", FailureCode.IMAGE_CORRUPT, b -> b.putLong(1536, 0x4000000000000000L));
    extent("grain odd", FailureCode.IMAGE_CORRUPT, b -> b.putLong(1536, 1));
  }

  private static void extent(String name, FailureCode code, Consumer<ByteBuffer> change) {
    CASES.add(
        "seSparse: " + name,
        ImageFormat.VMDK,
        code,
        dir -> {
          byte[] extent = TestImages.seSparse(2048, new byte[4096]);
          change.accept(TestImages.little(extent));
          TestImages.write(dir.resolve("web-sesparse.vmdk"), extent);
          return TestImages.write(
              dir.resolve("web.vmdk"),
              TestImages.descriptor("seSparse", "RW 2048 SESPARSE \"web-sesparse.vmdk\""));
        });
  }
}
