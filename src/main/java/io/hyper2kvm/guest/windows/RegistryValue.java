package io.hyper2kvm.guest.windows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

  /** More than any value here has, in bytes. */
  private static final int MAX_STRING_BYTES = 2048;

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
      case STRING, EXPANDED_STRING -> Optional.of(string());
      case NUMBER ->
          content.length == 4
              ? Optional.of(
                  Integer.toUnsignedString(
                      ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt()))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private String string() {
    int even = Math.min(content.length, MAX_STRING_BYTES) & ~1;
    String text = new String(Arrays.copyOf(content, even), StandardCharsets.UTF_16LE);
    int end = text.indexOf('\0');
    return (end < 0 ? text : text.substring(0, end)).strip();
  }
}
