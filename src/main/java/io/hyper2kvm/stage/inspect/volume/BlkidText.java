package io.hyper2kvm.stage.inspect.volume;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A label as blkid prints it for a shell: {@code my\ data}, and bytes beyond ASCII as {@code M-C}.
 * The guest's tables have the label itself.
 */
final class BlkidText {

  private static final String META = "M-";
  private static final String META_CONTROL = "M-^";

  private BlkidText() {}

  /** The label itself. Where {@code M-} stands for no bytes of UTF-8, it is a part of the label. */
  static String decoded(String printed) {
    String plain = withoutBackslashes(printed);
    if (!plain.contains(META)) {
      return plain;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int at = 0;
    while (at < plain.length()) {
      if (plain.startsWith(META_CONTROL, at) && at + META_CONTROL.length() < plain.length()) {
        bytes.write(plain.charAt(at + META_CONTROL.length()) ^ 0x40 | 0x80);
        at += META_CONTROL.length() + 1;
      } else if (plain.startsWith(META, at) && at + META.length() < plain.length()) {
        bytes.write(plain.charAt(at + META.length()) | 0x80);
        at += META.length() + 1;
      } else {
        bytes.writeBytes(plain.substring(at, at + 1).getBytes(StandardCharsets.UTF_8));
        at++;
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      return plain;
    }
  }

  private static String withoutBackslashes(String printed) {
    StringBuilder plain = new StringBuilder(printed.length());
    for (int i = 0; i < printed.length(); i++) {
      if (printed.charAt(i) == '\\' && i + 1 < printed.length()) {
        i++;
      }
      plain.append(printed.charAt(i));
    }
    return plain.toString();
  }
}
