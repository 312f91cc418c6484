package io.hyper2kvm.image.probe;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** Binary VMDK files that break one rule each. */
final class HostileSparseVmdks {

  private static final HostileImage.Table CASES = new HostileImage.Table();

  static {
    sparse();
  }

  private HostileSparseVmdks() {}

  static List<HostileImage> all() {
    return CASES.all();
  }

  private static void vmdk(String name, FailureCode code, Consumer<ByteBuffer> change) {
    CASES.bytes(
        "vmdk: " + name,
        ImageFormat.VMDK,
        code,
        TestImages.vmdk(),
        b -> change.accept(TestImages.little(b)));
  }

  private static void embedded(String name, FailureCode code, String descriptor) {
    CASES.bytes("vmdk: " + name, ImageFormat.VMDK, code, TestImages.vmdk(descriptor), b -> {});
  }

  private static void sparse() {
    // QEMU leaks /etc/passwd through this one.
    CASES.bytes(
        "vmdk: capacity 0 with a descriptor",
        ImageFormat.VMDK,
        FailureCode.IMAGE_CORRUPT,
        TestImages.vmdk(HostileDescriptors.flat("RW 8 FLAT \"/etc/passwd\" 0")),
        b -> TestImages.little(b).putLong(12, 0));
    vmdk("capacity 0", FailureCode.IMAGE_CORRUPT, b -> b.putLong(12, 0));
    vmdk("negative capacity", FailureCode.IMAGE_TOO_LARGE, b -> b.putLong(12, -5));
    vmdk("huge capacity", FailureCode.IMAGE_TOO_LARGE, b -> b.putLong(12, Long.MAX_VALUE / 512));
    vmdk("more than its directory", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(12, 1L << 36));
    vmdk("version 4", FailureCode.FORMAT_UNSUPPORTED, b -> b.putInt(4, 4));
    vmdk("version 0", FailureCode.FORMAT_UNSUPPORTED, b -> b.putInt(4, 0));
    vmdk("grain 0", FailureCode.IMAGE_CORRUPT, b -> b.putLong(20, 0));
    vmdk("grain 3", FailureCode.IMAGE_CORRUPT, b -> b.putLong(20, 3));
    vmdk("grain huge", FailureCode.IMAGE_CORRUPT, b -> b.putLong(20, 1L << 40));
    vmdk("no table entries", FailureCode.IMAGE_CORRUPT, b -> b.putInt(44, 0));
    vmdk("too many table entries", FailureCode.IMAGE_CORRUPT, b -> b.putInt(44, 513));
    vmdk("text transfer", FailureCode.IMAGE_CORRUPT, b -> b.putInt(73, 0x0a0a200a));
    vmdk("compression 2", FailureCode.FORMAT_UNSUPPORTED, b -> b.putShort(77, (short) 2));
    vmdk("no descriptor", FailureCode.FORMAT_UNSUPPORTED, b -> b.putLong(28, 0));
    vmdk("descriptor elsewhere", FailureCode.FORMAT_UNSUPPORTED, b -> b.putLong(28, 2));
    vmdk("descriptor of -1 sectors", FailureCode.IMAGE_TOO_LARGE, b -> b.putLong(36, -1));
    vmdk("descriptor of 2 GiB", FailureCode.IMAGE_TOO_LARGE, b -> b.putLong(36, 1L << 22));
    vmdk("descriptor cut", FailureCode.IMAGE_CORRUPT, b -> b.put(512 + 100, new byte[] {1}));
    vmdk("blank descriptor", FailureCode.FORMAT_UNSUPPORTED, b -> b.put(512, new byte[20 * 512]));
    vmdk("directory behind the end", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(56, 5000));
    vmdk("directory nowhere", FailureCode.IMAGE_CORRUPT, b -> b.putLong(56, Long.MIN_VALUE));
    vmdk("directory at 0", FailureCode.IMAGE_CORRUPT, b -> b.putLong(56, 0));
    vmdk("table behind the end", FailureCode.IMAGE_TRUNCATED, b -> b.putInt(26 * 512, -1));
    vmdk("grain behind the end", FailureCode.IMAGE_TRUNCATED, b -> b.putInt(22 * 512 + 4, 256));
    vmdk("metadata behind the end", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(64, 5000));
    vmdk("footer promised, none there", FailureCode.IMAGE_TRUNCATED, b -> b.putLong(56, -1));
    embedded(
        "embedded snapshot",
        FailureCode.PARENT_UNSUPPORTED,
        TestImages.descriptor("monolithicSparse", "RW 2048 SPARSE \"a.vmdk\"")
            .replace("parentCID=ffffffff", "parentCID=01234567"));
    embedded(
        "embedded parent hint in a comment",
        FailureCode.IMAGE_CORRUPT,
        TestImages.descriptor("monolithicSparse", "RW 2048 SPARSE \"a.vmdk\"")
            + "# parentFileNameHint=\"/etc/passwd\"\n");
    embedded(
        "embedded extent outside",
        FailureCode.EXTENT_OUTSIDE,
        TestImages.descriptor("monolithicSparse", "RW 2048 SPARSE \"/etc/passwd\""));
    embedded(
        "embedded extent without access",
        FailureCode.FORMAT_UNSUPPORTED,
        TestImages.descriptor("streamOptimized", "NOACCESS 2048 SPARSE \"a.vmdk\""));
    embedded(
        "embedded flat extent",
        FailureCode.IMAGE_CORRUPT,
        TestImages.descriptor("monolithicSparse", "RW 2048 FLAT \"a.vmdk\" 0"));
    embedded(
        "two embedded extents",
        FailureCode.IMAGE_CORRUPT,
        TestImages.descriptor(
            "monolithicSparse", "RW 1024 SPARSE \"a.vmdk\"", "RW 1024 SPARSE \"b.vmdk\""));
    embedded(
        "embedded flat type",
        FailureCode.FORMAT_UNSUPPORTED,
        TestImages.descriptor("monolithicFlat", "RW 2048 SPARSE \"a.vmdk\""));
    CASES.bytes(
        "vmdk: parent hint behind the stated descriptor",
        ImageFormat.VMDK,
        FailureCode.IMAGE_CORRUPT,
        TestImages.vmdk(
            TestImages.descriptor("monolithicSparse", "RW 2048 SPARSE \"a.vmdk\"")
                + "#\n".repeat(200)
                + "parentFileNameHint=\"/etc/passwd\"\n"),
        b -> TestImages.little(b).putLong(36, 1));
    CASES.bytes(
        "vmdk: descriptor longer than stated",
        ImageFormat.VMDK,
        FailureCode.IMAGE_CORRUPT,
        TestImages.vmdk(
            TestImages.descriptor("monolithicSparse", "RW 2048 SPARSE \"a.vmdk\"")
                + "#\n".repeat(200)),
        b -> TestImages.little(b).putLong(36, 1));
    byte[] stream = TestImages.streamOptimized();
    CASES.bytes(
        "stream: capacity 0 in the footer",
        ImageFormat.VMDK,
        FailureCode.IMAGE_CORRUPT,
        stream,
        b -> TestImages.little(b).putLong(stream.length - 1024 + 12, 0));
    CASES.bytes(
        "stream: cut before its footer",
        ImageFormat.VMDK,
        FailureCode.IMAGE_TRUNCATED,
        HostileImage.cut(stream, 512),
        b -> {});
    CASES.bytes(
        "one vmfsSparse extent",
        ImageFormat.VMDK,
        FailureCode.FORMAT_UNSUPPORTED,
        TestImages.cowd(),
        b -> {});
  }
}
