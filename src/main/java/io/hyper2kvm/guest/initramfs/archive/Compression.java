package io.hyper2kvm.guest.initramfs.archive;

import java.util.Arrays;
import java.util.Optional;

/** The forms in which the kernel accepts one segment of an initramfs. */
public enum Compression {
  /** A newc or crc cpio archive as it is. */
  NONE('0', '7', '0', '7', '0'),
  /** RFC 1952. */
  GZIP(0x1f, 0x8b, 0x08),
  /** The .xz format. */
  XZ(0xfd, '7', 'z', 'X', 'Z', 0),
  /** The older .lzma format; it has no real magic, the kernel goes by the usual properties byte. */
  LZMA(0x5d, 0x00, 0x00),
  /** The .bz2 format. */
  BZIP2('B', 'Z', 'h'),
  /** RFC 8878. */
  ZSTD(0x28, 0xb5, 0x2f, 0xfd),
  /** The legacy lz4 frame, the only one that the kernel reads. */
  LZ4(0x02, 0x21, 0x4c, 0x18),
  /** The format of lzop. */
  LZO(0x89, 'L', 'Z', 'O', 0, 0x0d);

  /** Bytes that suffice to tell the forms apart. */
  static final int MAGIC_LENGTH = 6;

  private final byte[] magic;

  Compression(int... magic) {
    this.magic = new byte[magic.length];
    for (int i = 0; i < magic.length; i++) {
      this.magic[i] = (byte) magic[i];
    }
  }

  /** Whether these first bytes begin a segment of this form. */
  boolean begins(byte[] head) {
    return head.length >= magic.length
        && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
  }

  /** The form of the segment that begins with these bytes; empty if it is none of them. */
  static Optional<Compression> of(byte[] head) {
    return Arrays.stream(values()).filter(form -> form.begins(head)).findFirst();
  }
}
