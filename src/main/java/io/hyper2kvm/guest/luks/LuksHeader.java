package io.hyper2kvm.guest.luks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the header of a LUKS container says. The layouts are those of the LUKS On-Disk Format
 * Specification, version 1.2.3, and of the LUKS2 On-Disk Format Specification, version 1.1.1.
 *
 * @param version 1 or 2
 * @param uuid the container's UUID, as it is written there; empty if it is none
 * @param label the label of a LUKS 2 container; empty if it has none
 * @param keyslots how many keys open it; -1 if that cannot be read
 * @param memoryKib the memory that the most demanding of them needs for its key derivation, in KiB;
 *     0 where that is little (PBKDF2) or not known
 * @param allowsDiscards whether the header itself lets a file system in it give blocks back
 * @param reencrypting whether its data are on the way from one key to another
 */
public record LuksHeader(
    int version,
    String uuid,
    String label,
    int keyslots,
    long memoryKib,
    boolean allowsDiscards,
    boolean reencrypting) {

  /** How much of a device is read, in bytes: the header of LUKS 2 with a metadata area as usual. */
  public static final int BYTES = 64 << 10;

  private static final byte[] MAGIC = {'L', 'U', 'K', 'S', (byte) 0xba, (byte) 0xbe};
  private static final int UUID_AT = 168;
  private static final int UUID_BYTES = 40;
  private static final int LABEL_AT = 24;
  private static final int LABEL_BYTES = 48;
  private static final int LUKS1_BYTES = 592;
  private static final int LUKS1_SLOTS_AT = 208;
  private static final int LUKS1_SLOT_BYTES = 48;
  private static final int LUKS1_SLOTS = 8;
  private static final int LUKS1_ACTIVE = 0x00AC71F3;
  private static final int LUKS2_BINARY_BYTES = 4096;
  private static final Pattern UUID = Pattern.compile("[0-9A-Za-z-]{8,39}");
  private static final Pattern LABEL = Pattern.compile("[\\x20-\\x7e]{1,47}");
  private static final JsonMapper JSON = new JsonMapper();

  public LuksHeader {
    Objects.requireNonNull(uuid, "uuid");
    Objects.requireNonNull(label, "label");
    if (version != 1 && version != 2) {
      throw new IllegalArgumentException("not a version of LUKS: " + version);
    }
  }

  /**
   * Reads the beginning of a device.
   *
   * @param start as much as there is, up to {@link #BYTES}
   * @return empty when no header of a known version begins there
   */
  public static Optional<LuksHeader> of(byte[] start) {
    if (start.length < LUKS1_BYTES || !Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
      return Optional.empty();
    }
    return switch (ByteBuffer.wrap(start).getShort(6)) {
      case 1 -> Optional.of(version1(start));
      case 2 -> Optional.of(version2(start));
      default -> Optional.empty();
    };
  }

  private static LuksHeader version1(byte[] start) {
    ByteBuffer header = ByteBuffer.wrap(start);
    int active = 0;
    for (int slot = 0; slot < LUKS1_SLOTS; slot++) {
      boolean used = header.getInt(LUKS1_SLOTS_AT + slot * LUKS1_SLOT_BYTES) == LUKS1_ACTIVE;
      active += used ? 1 : 0;
    }
    return new LuksHeader(1, uuid(start), "", active, 0, false, false);
  }

  private static LuksHeader version2(byte[] start) {
    String label = text(start, LABEL_AT, LABEL_BYTES);
    JsonNode metadata = metadata(start);
    JsonNode slots = metadata.path("keyslots");
    long memory = 0;
    for (JsonNode slot : slots) {
      memory = Math.max(memory, slot.path("kdf").path("memory").asLong(0));
    }
    JsonNode config = metadata.path("config");
    return new LuksHeader(
        2,
        uuid(start),
        LABEL.matcher(label).matches() ? label : "",
        slots.isObject() ? slots.size() : -1,
        Math.max(0, Math.min(memory, Integer.MAX_VALUE)),
        has(config.path("flags"), "allow-discards"),
        has(config.path("requirements").path("mandatory"), "online-reencrypt")
            || has(config.path("requirements").path("mandatory"), "online-reencrypt-v2")
            || has(config.path("requirements").path("mandatory"), "offline-reencrypt"));
  }

  private static boolean has(JsonNode list, String word) {
    for (JsonNode item : list) {
      if (item.asText().equals(word)) {
        return true;
      }
    }
    return false;
  }

  /** The metadata; nothing where it is damaged: the copy behind it may still be whole. */
  private static JsonNode metadata(byte[] start) {
    long size = ByteBuffer.wrap(start).getLong(8);
    int end = (int) Math.max(LUKS2_BINARY_BYTES, Math.min(size, start.length));
    if (size > start.length || start.length < LUKS2_BINARY_BYTES) {
      return JSON.missingNode();
    }
    try {
      return JSON.readTree(text(start, LUKS2_BINARY_BYTES, end - LUKS2_BINARY_BYTES));
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  private static String uuid(byte[] start) {
    String uuid = text(start, UUID_AT, UUID_BYTES);
    return UUID.matcher(uuid).matches() ? uuid : "";
  }

  /** A text that ends with a NUL, or with its field. */
  private static String text(byte[] start, int at, int length) {
    int end = at;
    while (end < at + length && end < start.length && start[end] != 0) {
      end++;
    }
    return new String(start, at, end - at, StandardCharsets.UTF_8);
  }
}
