package io.hyper2kvm.image.probe;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.text.Printable;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Sources that are no files, wrong declarations, qcow2 and VDI. */
final class HostileOtherImages {

  private static final HostileImage.Table CASES = new HostileImage.Table();

  static {
    source();
    magics();
    qcow2AndVdi();
  }

  private HostileOtherImages() {}

  static List<HostileImage> all() {
    return CASES.all();
  }

  private static void source() {
    CASES.add("no file", ImageFormat.RAW, FailureCode.SOURCE_NOT_FOUND, dir -> dir.resolve("none"));
    CASES.add(
        "no folder",
        ImageFormat.RAW,
        FailureCode.SOURCE_NOT_FOUND,
        dir -> dir.resolve("none/none"));
    CASES.add(
        "a file as a folder",
        ImageFormat.RAW,
        FailureCode.SOURCE_NOT_FOUND,
        dir -> TestImages.zeros(dir.resolve("disk"), 512).resolve("disk"));
    CASES.add("a folder", ImageFormat.RAW, FailureCode.SOURCE_NOT_REGULAR, dir -> dir);
    CASES.add("the root", ImageFormat.RAW, FailureCode.SOURCE_NOT_REGULAR, dir -> Path.of("/"));
    CASES.add(
        "a device", ImageFormat.RAW, FailureCode.SOURCE_NOT_REGULAR, dir -> Path.of("/dev/zero"));
    CASES.add(
        "a link to an image",
        ImageFormat.RAW,
        FailureCode.SOURCE_NOT_REGULAR,
        dir ->
            Files.createSymbolicLink(
                dir.resolve("link"), TestImages.zeros(dir.resolve("disk"), 512)));
    CASES.add(
        "a dangling link",
        ImageFormat.RAW,
        FailureCode.SOURCE_NOT_REGULAR,
        dir -> Files.createSymbolicLink(dir.resolve("link"), dir.resolve("none")));
    CASES.add(
        "an empty raw disk",
        ImageFormat.RAW,
        FailureCode.IMAGE_TRUNCATED,
        dir -> TestImages.zeros(dir.resolve("disk"), 0));
    CASES.add(
        "half a sector",
        ImageFormat.RAW,
        FailureCode.IMAGE_TRUNCATED,
        dir -> TestImages.zeros(dir.resolve("disk"), 700));
  }

  private static void magics() {
    mismatch("qcow2", TestImages.qcow2());
    mismatch("vmdk", TestImages.vmdk());
    mismatch("cowd", TestImages.cowd());
    mismatch("vmdk descriptor", HostileDescriptors.flat("RW 1 FLAT \"/etc/passwd\" 0").getBytes());
    mismatch("bare vmdk descriptor", "\n#x\nversion=1\ncreateType=\"vmfs\"\n".getBytes());
    mismatch("dynamic vhd", TestImages.vhdDynamic(3));
    mismatch("fixed vhd", TestImages.vhdFixed("win "));
    mismatch("fixed vhd of 511 bytes", HostileImage.cut(TestImages.vhdFixed("win "), 1));
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
    CASES.bytes(
        "raw as vmdk", ImageFormat.VMDK, FailureCode.FORMAT_MISMATCH, new byte[1024], b -> {});
    CASES.bytes(
        "vmdk as vhd", ImageFormat.VPC, FailureCode.FORMAT_MISMATCH, TestImages.vmdk(), b -> {});
    CASES.bytes(
        "a tar as a tar",
        ImageFormat.OVA,
        FailureCode.FORMAT_UNSUPPORTED,
        TestImages.put(new byte[1024], 257, "ustar"),
        b -> {});
  }

  private static void mismatch(String name, byte[] image) {
    CASES.bytes(
        name + " declared raw", ImageFormat.RAW, FailureCode.FORMAT_MISMATCH, image, b -> {});
  }

  private static void qcow2AndVdi() {
    qcow2("backing", FailureCode.IMAGE_HAS_BACKING_FILE, b -> backing(b, "/etc/passwd"));
    qcow2("nbd backing", FailureCode.IMAGE_HAS_BACKING_FILE, b -> backing(b, "nbd://127.0.0.1:1/"));
    qcow2("backing of no length", FailureCode.IMAGE_HAS_BACKING_FILE, b -> b.putLong(8, 600));
    qcow2(
        "backing nowhere",
        FailureCode.IMAGE_HAS_BACKING_FILE,
        b -> b.putLong(8, -1).putInt(16, -1));
    qcow2("data file", FailureCode.IMAGE_HAS_EXTERNAL_DATA, b -> b.putLong(72, 4));
    qcow2(
        "data file by name",
        FailureCode.IMAGE_HAS_EXTERNAL_DATA,
        b -> b.putInt(104, 0x6803f857).putInt(108, 3).putInt(120, 0x44415441).putInt(124, 8));
    qcow2("corrupt", FailureCode.IMAGE_CORRUPT, b -> b.putLong(72, 2));
    qcow2("unknown feature", FailureCode.FORMAT_UNSUPPORTED, b -> b.putLong(72, 1 << 20));
    qcow2("encrypted", FailureCode.FORMAT_UNSUPPORTED, b -> b.putInt(32, 2));
    qcow2("version 4", FailureCode.FORMAT_UNSUPPORTED, b -> b.putInt(4, 4));
    qcow2("cluster bits", FailureCode.IMAGE_CORRUPT, b -> b.putInt(20, 31));
    qcow2("size 0", FailureCode.IMAGE_CORRUPT, b -> b.putLong(24, 0));
    qcow2("size -1", FailureCode.IMAGE_TOO_LARGE, b -> b.putLong(24, -1));
    qcow2("header length", FailureCode.IMAGE_CORRUPT, b -> b.putInt(100, -1));
    qcow2("extension length", FailureCode.IMAGE_CORRUPT, b -> b.putInt(104, 5).putInt(108, -1));
    qcow2("L1 too long", FailureCode.IMAGE_TOO_LARGE, b -> b.putInt(36, -1));
    qcow2("L1 too short", FailureCode.IMAGE_CORRUPT, b -> b.putLong(24, 1L << 40));
    qcow2("L1 behind", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(40, 1L << 40));
    vdi("version", FailureCode.FORMAT_UNSUPPORTED, b -> b.putInt(0x44, 2));
    vdi("differencing", FailureCode.PARENT_UNSUPPORTED, b -> b.putInt(0x4c, 4));
    vdi("linked", FailureCode.PARENT_UNSUPPORTED, b -> b.putLong(0x1a8, 1));
    vdi("block size", FailureCode.FORMAT_UNSUPPORTED, b -> b.putInt(0x178, 1));
    vdi("size 0", FailureCode.IMAGE_CORRUPT, b -> b.putLong(0x170, 0));
    vdi("size -1", FailureCode.IMAGE_TOO_LARGE, b -> b.putLong(0x170, -1));
    vdi("map too short", FailureCode.IMAGE_CORRUPT, b -> b.putInt(0x180, 3));
    vdi("map behind", FailureCode.IMAGE_TRUNCATED, b -> b.putInt(0x154, 1 << 20));
  }

  private static void backing(ByteBuffer header, String name) {
    header.putLong(8, 1000).putInt(16, name.length());
    TestImages.put(header.array(), 1000, name);
  }

  private static void qcow2(String name, FailureCode code, Consumer<ByteBuffer> change) {
    CASES.bytes(
        "qcow2: " + name,
        ImageFormat.QCOW2,
        code,
        TestImages.qcow2(),
        b -> change.accept(ByteBuffer.wrap(b)));
  }

  private static void vdi(String name, FailureCode code, Consumer<ByteBuffer> change) {
    CASES.bytes(
        "vdi: " + name,
        ImageFormat.VDI,
        code,
        TestImages.vdi(),
        b -> change.accept(TestImages.little(b)));
  }
}
