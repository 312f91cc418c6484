package io.hyper2kvm.image.probe;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** VMDK text descriptors that break one rule each. */
final class HostileDescriptors {

  private static final HostileImage.Table CASES = new HostileImage.Table();

  static {
    descriptors();
  }

  private HostileDescriptors() {}

  static List<HostileImage> all() {
    return CASES.all();
  }

  /** A valid 1 MiB flat extent and a valid sparse one lie beside the descriptor. */
  private static void text(String name, FailureCode code, String descriptor) {
    CASES.add(name, ImageFormat.VMDK, code, dir -> withExtents(dir, descriptor));
  }

  private static Path withExtents(Path dir, String descriptor) throws IOException {
    TestImages.zeros(dir.resolve("flat.vmdk"), 1 << 20);
    TestImages.write(dir.resolve("sparse.vmdk"), TestImages.vmdk());
    Files.createSymbolicLink(dir.resolve("link.vmdk"), dir.resolve("flat.vmdk"));
    Files.createDirectory(dir.resolve("folder.vmdk"));
    return TestImages.write(dir.resolve("disk.vmdk"), descriptor);
  }

  static String flat(String... lines) {
    return TestImages.descriptor("monolithicFlat", lines);
  }

  private static void descriptors() {
    for (String outside :
        List.of("/etc/passwd", "../flat.vmdk", "a/b", "..", ".", "", "nbd:x", "C:\\x", "a\\b")) {
      text(
          "extent " + outside, FailureCode.EXTENT_OUTSIDE, flat("RW 8 FLAT \"" + outside + "\" 0"));
      text("VMFS " + outside, FailureCode.EXTENT_OUTSIDE, flat("RW 8 VMFS \"" + outside + "\""));
      text(
          "SPARSE " + outside, FailureCode.EXTENT_OUTSIDE, flat("RW 8 SPARSE \"" + outside + "\""));
    }
    text("long name", FailureCode.EXTENT_OUTSIDE, flat("RW 8 FLAT \"" + "x".repeat(256) + "\" 0"));
    text("missing", FailureCode.EXTENT_MISSING, flat("RW 8 FLAT \"none.vmdk\" 0"));
    text("link", FailureCode.EXTENT_NOT_REGULAR, flat("RW 8 FLAT \"link.vmdk\" 0"));
    text("folder", FailureCode.EXTENT_NOT_REGULAR, flat("RW 8 FLAT \"folder.vmdk\" 0"));
    text("rdm", FailureCode.EXTENT_NOT_REGULAR, flat("RW 8 VMFSRDM \"disk-rdm.vmdk\""));
    text("rdmp", FailureCode.EXTENT_NOT_REGULAR, flat("RW 8 VMFSRDMP \"disk-rdmp.vmdk\""));
    text("itself", FailureCode.IMAGE_CORRUPT, flat("RW 1 FLAT \"disk.vmdk\" 0"));
    text("short flat", FailureCode.IMAGE_TRUNCATED, flat("RW 2049 FLAT \"flat.vmdk\" 0"));
    text("offset behind", FailureCode.IMAGE_TRUNCATED, flat("RW 2048 FLAT \"flat.vmdk\" 1"));
    text(
        "huge size", FailureCode.IMAGE_TOO_LARGE, flat("RW 9999999999999999 FLAT \"flat.vmdk\" 0"));
    text(
        "huge offset",
        FailureCode.IMAGE_TOO_LARGE,
        flat("RW 8 FLAT \"flat.vmdk\" 9999999999999999"));
    text("no sectors", FailureCode.IMAGE_CORRUPT, flat("RW 0 FLAT \"flat.vmdk\" 0"));
    text("negative sectors", FailureCode.IMAGE_CORRUPT, flat("RW -8 FLAT \"flat.vmdk\" 0"));
    text("hexadecimal sectors", FailureCode.IMAGE_CORRUPT, flat("RW 0x8 FLAT \"flat.vmdk\" 0"));
    text("no offset", FailureCode.IMAGE_CORRUPT, flat("RW 8 FLAT \"flat.vmdk\""));
    text("text behind", FailureCode.IMAGE_CORRUPT, flat("RW 8 FLAT \"flat.vmdk\" 0 x"));
    text("vmfs with offset", FailureCode.IMAGE_CORRUPT, flat("RW 8 VMFS \"flat.vmdk\" 0"));
    text("no name", FailureCode.IMAGE_CORRUPT, flat("RW 8 FLAT flat.vmdk 0"));
    text("no space before the name", FailureCode.IMAGE_CORRUPT, flat("RW 8 FLAT\"flat.vmdk\" 0"));
    text("open quote", FailureCode.IMAGE_CORRUPT, flat("RW 8 FLAT \"flat.vmdk 0"));
    text("extent over lines", FailureCode.IMAGE_CORRUPT, flat("RW", "8 FLAT \"flat.vmdk\" 0"));
    text("carriage return", FailureCode.IMAGE_CORRUPT, flat("x\rRW 8 FLAT \"flat.vmdk\" 0"));
    text("form feed", FailureCode.IMAGE_CORRUPT, flat("RW\f8 FLAT \"flat.vmdk\" 0"));
    text("control character", FailureCode.IMAGE_CORRUPT, flat("\u001cRW 8 FLAT \"flat.vmdk\" 0"));
    text("nonsense", FailureCode.IMAGE_CORRUPT, flat("hello there"));
    text("no extent", FailureCode.IMAGE_CORRUPT, flat());
    text("not UTF-8", FailureCode.FORMAT_UNSUPPORTED, flat("RW 8 FLAT \"\u00e9.vmdk\" 0"));
    // QEMU passes these over and shifts what follows.
    text("zero", FailureCode.FORMAT_UNSUPPORTED, flat("RW 8 ZERO", "RW 8 FLAT \"flat.vmdk\" 0"));
    text("read only", FailureCode.FORMAT_UNSUPPORTED, flat("RDONLY 8 FLAT \"flat.vmdk\" 0"));
    text("no access", FailureCode.FORMAT_UNSUPPORTED, flat("NOACCESS 8 FLAT \"flat.vmdk\" 0"));
    text("unknown type", FailureCode.FORMAT_UNSUPPORTED, flat("RW 8 CLOUD \"flat.vmdk\" 0"));
    text("seSparse", FailureCode.IMAGE_CORRUPT, flat("RW 8 SESPARSE \"sparse.vmdk\""));
    // QEMU reads the extent twice.
    text(
        "empty line before", FailureCode.FORMAT_UNSUPPORTED, flat("", "RW 8 FLAT \"flat.vmdk\" 0"));
    text(
        "blank line before",
        FailureCode.FORMAT_UNSUPPORTED,
        flat(" \t", "RW 8 FLAT \"flat.vmdk\" 0"));
    String good = flat("RW 8 FLAT \"flat.vmdk\" 0");
    text("no createType", FailureCode.IMAGE_CORRUPT, good.replace("createType=", "madeAs="));
    text("empty createType", FailureCode.IMAGE_CORRUPT, good.replace("monolithicFlat", ""));
    text("two createTypes", FailureCode.IMAGE_CORRUPT, good + "createType=\"vmfs\"\n");
    text(
        "createType in a comment",
        FailureCode.IMAGE_CORRUPT,
        good.replace("version=1", "#createType=\"vmfs\"\nversion=1"));
    text(
        "spaced createType",
        FailureCode.IMAGE_CORRUPT,
        good.replace("createType=", "createType = "));
    text("behind NUL", FailureCode.IMAGE_CORRUPT, good + "\0RW 8 FLAT \"flat.vmdk\" 0");
    text("snapshot", FailureCode.PARENT_UNSUPPORTED, good.replace("CID=ffffffff", "CID=0badcafe"));
    text("parent hint", FailureCode.IMAGE_CORRUPT, good + "parentFileNameHint=\"/etc/passwd\"\n");
    text("parent in a comment", FailureCode.IMAGE_CORRUPT, good + "#parentFileNameHint=\"x\"\n");
    text("two parentCIDs", FailureCode.IMAGE_CORRUPT, good + "parentCID=ffffffff\n");
    for (String type :
        List.of(
            "custom",
            "fullDevice",
            "partitionedDevice",
            "vmfsRaw",
            "vmfsRawDeviceMap",
            "vmfsPassthroughRawDeviceMap",
            "streamOptimized",
            "monolithicSparse",
            "2GbMaxExtentSparse")) {
      text("type " + type, FailureCode.FORMAT_UNSUPPORTED, good.replace("monolithicFlat", type));
    }
    text("too long", FailureCode.IMAGE_TOO_LARGE, good + "#".repeat(1 << 20));
    text(
        "too many extents",
        FailureCode.IMAGE_TOO_LARGE,
        good + "#\n" + "RW 8 FLAT \"flat.vmdk\" 0\n".repeat(4096));
    text("sparse of other size", FailureCode.IMAGE_CORRUPT, flat("RW 2047 SPARSE \"sparse.vmdk\""));
    text("flat as sparse", FailureCode.IMAGE_CORRUPT, flat("RW 2048 SPARSE \"flat.vmdk\""));
    text(
        "sparse twice",
        FailureCode.IMAGE_CORRUPT,
        flat("RW 2048 SPARSE \"sparse.vmdk\"", "RW 2048 SPARSE \"sparse.vmdk\""));
    nested("sparse extent is a descriptor", FailureCode.IMAGE_CORRUPT, good.getBytes());
    byte[] leaking = TestImages.vmdk(flat("RW 8 FLAT \"/etc/passwd\" 0"));
    TestImages.little(leaking).putLong(12, 0);
    nested("sparse extent of capacity 0", FailureCode.IMAGE_CORRUPT, leaking);
    byte[] cowd = TestImages.cowd();
    TestImages.little(cowd).putInt(24, 0);
    nested("vmfsSparse without tables", FailureCode.IMAGE_CORRUPT, cowd);
    nested(
        "vmfsSparse cut",
        FailureCode.IMAGE_TRUNCATED,
        HostileImage.cut(TestImages.cowd(), 4 * 512));
  }

  private static void nested(String name, FailureCode code, byte[] extent) {
    CASES.add(
        name,
        ImageFormat.VMDK,
        code,
        dir -> {
          TestImages.write(dir.resolve("extent.vmdk"), extent);
          return withExtents(dir, flat("RW 2048 SPARSE \"extent.vmdk\""));
        });
  }
}
