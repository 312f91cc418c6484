package io.hyper2kvm.stage.domain.kubevirt;

import io.hyper2kvm.text.Printable;
import java.nio.charset.StandardCharsets;

/** Text as one word of a shell's command, on one line and without signs that deceive a reader. */
final class ShellWord {

  private ShellWord() {}

  static String of(String text) {
    if (text.matches("[A-Za-z0-9_/.,=+:@%-]+")) {
      return text;
    }
    return text.codePoints().noneMatch(Printable::isUnsafe)
        ? "'" + text.replace("'", "'\\''") + "'"
        : bytes(text);
  }

  /** In the form of bash and others that knows escapes. */
  private static String bytes(String text) {
    StringBuilder word = new StringBuilder("$'");
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b > ' ' && b <= '~' && b != '\'' && b != '\\';
      word.append(plain ? String.valueOf((char) b) : "\\x%02x".formatted(b & 0xff));
    }
    return word.append('\'').toString();
  }
}
