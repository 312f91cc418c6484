package io.hyper2kvm.image.probe;

import io.hyper2kvm.image.ImageBytes;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.PartitionTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Tells formats by their magic bytes. What matches nothing is raw. */
final class FormatSniffer {

  private record Magic(long offset, String bytes, ImageFormat format) {}

  /** One char is one byte (ISO 8859-1). Disks first: they must not pass as anything else. */
  private static final List<Magic> MAGICS =
      List.of(
          new Magic(0, "KDMV", ImageFormat.VMDK),
          new Magic(0, "COWD", ImageFormat.VMDK),
          new Magic(0, "conectix", ImageFormat.VPC),
          new Magic(0, "vhdxfile", ImageFormat.VHDX),
          new Magic(0, "QFI\u00fb\0\0\0\1", ImageFormat.QCOW1),
          new Magic(0, "QFI\u00fb", ImageFormat.QCOW2),
          new Magic(0x40, "\u007f\u0010\u00da\u00be", ImageFormat.VDI),
          new Magic(0, "\u00be\u00ba\u00fe\u00ca\0\0\0\0", ImageFormat.SESPARSE),
          new Magic(0, "QED\0", ImageFormat.QED),
          new Magic(0, "WithoutFreeSpace", ImageFormat.PARALLELS),
          new Magic(0, "WithouFreSpacExt", ImageFormat.PARALLELS),
          new Magic(0, "Bochs Virtual HD Image", ImageFormat.BOCHS),
          new Magic(0, "#!/bin/sh\n#V2.0 Format", ImageFormat.CLOOP),
          new Magic(0, "\u001f\u008b\u0008", ImageFormat.GZIP),
          new Magic(0, "\u00fd7zXZ\0", ImageFormat.XZ),
          new Magic(0, "\u0028\u00b5\u002f\u00fd", ImageFormat.ZSTD),
          new Magic(0, "\u0004\"M\u0018", ImageFormat.LZ4),
          new Magic(0, "7z\u00bc\u00af'\u001c", ImageFormat.SEVEN_ZIP),
          new Magic(0, "PK\3\4", ImageFormat.ZIP),
          new Magic(0, "PK\5\6", ImageFormat.ZIP),
          new Magic(0, "\u007fELF", ImageFormat.ELF),
          new Magic(257, "ustar", ImageFormat.OVA));

  private static final int TEXT_LOOKED_AT = 4096;

  /** A key of a .vmx file, in lower case. */
  private static final Pattern VMX_KEY = Pattern.compile("[a-z0-9._:-]{1,100}");

  /** One of these is near the start of every .vmx file. */
  private static final Pattern OF_VMWARE =
      Pattern.compile(
          "\\.encoding|config\\.version|virtualhw\\.(?:version|productcompatibility)|displayname"
              + "|guestos|memsize|numvcpus|encryption\\.keysafe|checkpoint\\.vmstate"
              + "|(?:scsi|sata|nvme|ide|ethernet|floppy|pcibridge)[0-9]{1,3}(?::[0-9]{1,3})?\\.[a-z]{1,30}");

  private FormatSniffer() {}

  static ImageFormat sniff(ImageBytes image) {
    for (Magic magic : MAGICS) {
      if (image.has(magic.offset(), magic.bytes())) {
        return magic.format();
      }
    }
    if (bzip2(image)) {
      return ImageFormat.BZIP2;
    }
    String text = textStart(image);
    if (vmdkDescriptor(text)) {
      return ImageFormat.VMDK;
    }
    if (xml(text)) {
      return ImageFormat.OVF;
    }
    if (vmx(text)) {
      return ImageFormat.VMX;
    }
    // A fixed VHD is a raw disk with a footer, so the end of the file decides.
    if (image.has(image.sizeInWholeSectors() - 512, "conectix")) {
      return ImageFormat.VPC;
    }
    if (image.size() % 512 == 0 && image.has(image.size() - 512, "koly\0\0\0\4")) {
      return ImageFormat.DMG;
    }
    // A disk onto which an installation medium was once written keeps this mark in its first gap.
    if (image.has(32769, "CD001") && !PartitionTable.read(image).partitioned()) {
      return ImageFormat.ISO;
    }
    return ImageFormat.RAW;
  }

  private static boolean bzip2(ImageBytes image) {
    ByteBuffer start = image.upTo(0, 4);
    return image.has(0, "BZh") && start.limit() == 4 && start.get(3) >= '1' && start.get(3) <= '9';
  }

  /** The first characters up to the first NUL, without a byte order mark. */
  private static String textStart(ImageBytes image) {
    byte[] start = image.upTo(0, TEXT_LOOKED_AT).array();
    int end = 0;
    while (end < start.length && start[end] != 0) {
      end++;
    }
    String text = new String(Arrays.copyOf(start, end), StandardCharsets.ISO_8859_1);
    return text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text;
  }

  /** QEMU takes any text for a descriptor whose first line beside comments states a version. */
  private static boolean vmdkDescriptor(String text) {
    if (text.toLowerCase(Locale.ROOT).startsWith("# disk descriptorfile")) {
      return true;
    }
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .findFirst()
        .filter(line -> line.startsWith("version=") || line.startsWith("createType="))
        .isPresent();
  }

  /** Lines with keys and values from the first that is no comment on, some of them VMware's. */
  private static boolean vmx(String text) {
    List<String> keys =
        text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .map(line -> line.substring(0, Math.max(0, line.indexOf('='))).strip())
            .map(key -> key.toLowerCase(Locale.ROOT))
            .toList();
    return !keys.isEmpty()
        && VMX_KEY.matcher(keys.get(0)).matches()
        && keys.stream().anyMatch(key -> OF_VMWARE.matcher(key).matches());
  }

  private static boolean xml(String text) {
    String start = text.stripLeading();
    return start.startsWith("<?xml")
        || start.startsWith("<Envelope")
        || start.startsWith("<ovf:Envelope");
  }
}
