package io.hyper2kvm.guest.windows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A value of a registry as it lies in a hive.
 *
 * @param type the registry's number of its type
 * @param content its bytes; hostile
 */
public record RegistryValue(int type, byte[] content) {

  private static final int STRING = 1;
  private static final int EXPANDED_STRING = 2;
  private static final int NUMBER = 4;
  private static final int STRINGS = 7;

  /** More than any value here has, in bytes. */
  private static final int MAX_STRING_BYTES = 2048;

  /** More than a list of folders has, in bytes. */
  private static final int MAX_SHOWN_BYTES = 16 << 10;

  private static final int MAX_HEX_BYTES = 64;

  public RegistryValue {
    content = content.clone();
  }

  @Override
  public byte[] content() {
    return content.clone();
  }

  /** A string, up to its end, or a number in decimal digits; empty for another type. */
  public Optional<String> text() {
    return switch (type) {
      case STRING, EXPANDED_STRING -> Optional.of(string(MAX_STRING_BYTES));
      case NUMBER ->
          content.length == 4
              ? Optional.of(
                  Integer.toUnsignedString(
                      ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt()))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /**
   * Any value as text: strings and numbers as {@link #text()}, a list of strings with commas, and
   * the first bytes of another type in hexadecimal digits.
   */
  public String shown() {
    return switch (type) {
      case STRING, EXPANDED_STRING -> string(MAX_SHOWN_BYTES);
      case STRINGS -> String.join(", ", characters(MAX_SHOWN_BYTES).strip().split("\0+"));
      case NUMBER -> text().orElseGet(this::hex);
      default -> hex();
    };
  }

  private String hex() {
    return HexFormat.ofDelimiter(" ")
        .formatHex(Arrays.copyOf(content, Math.min(content.length, MAX_HEX_BYTES)));
  }

  private String string(int maxBytes) {
    String text = characters(maxBytes);
    int end = text.indexOf('\0');
    return (end < 0 ? text : text.substring(0, end)).strip();
  }

  private String characters(int maxBytes) {
    int even = Math.min(content.length, maxBytes) & ~1;
    return new String(Arrays.copyOf(content, even), StandardCharsets.UTF_16LE);
  }
}
