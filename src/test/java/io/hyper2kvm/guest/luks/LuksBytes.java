package io.hyper2kvm.guest.luks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The beginning of an encrypted container, as tests need it. */
public final class LuksBytes {

  private static final int JSON_AT = 4096;

  private final ByteBuffer bytes;

  private LuksBytes(int length, int version) {
    bytes = ByteBuffer.allocate(length);
    bytes.put(new byte[] {'L', 'U', 'K', 'S', (byte) 0xba, (byte) 0xbe});
    bytes.putShort(6, (short) version);
  }

  /** A LUKS 1 header with one key. */
  public static LuksBytes one(String uuid) {
    return new LuksBytes(1024, 1).uuid(uuid).slot(0);
  }

  /** A LUKS 2 header with these metadata. */
  public static LuksBytes two(String uuid, String json) {
    LuksBytes header = new LuksBytes(16 << 10, 2).uuid(uuid);
    header.bytes.putLong(8, 16 << 10);
    return header.text(JSON_AT, json);
  }

  /** A LUKS 2 header with one key, which an argon2id of this memory protects. */
  public static LuksBytes two(String uuid, long memoryKib) {
    return two(
        uuid,
        "{\"keyslots\":{\"0\":{\"kdf\":{\"type\":\"argon2id\",\"memory\":%d}}},\"config\":{}}"
            .formatted(memoryKib));
  }

  LuksBytes uuid(String uuid) {
    return text(168, uuid);
  }

  LuksBytes label(String label) {
    return text(24, label);
  }

  LuksBytes size(long size) {
    bytes.putLong(8, size);
    return this;
  }

  LuksBytes version(int version) {
    bytes.putShort(6, (short) version);
    return this;
  }

  LuksBytes slot(int number) {
    bytes.putInt(208 + 48 * number, 0x00AC71F3);
    return this;
  }

  private LuksBytes text(int at, String text) {
    bytes.put(at, text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  byte[] first(int length) {
    return Arrays.copyOf(bytes.array(), length);
  }

  public byte[] bytes() {
    return bytes.array().clone();
  }
}
