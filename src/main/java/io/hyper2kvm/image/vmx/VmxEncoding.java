package io.hyper2kvm.image.vmx;

import io.hyper2kvm.text.Printable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a description's bytes into text, by the encoding that its line {@code .encoding} names:
 * ESXi and Fusion write UTF-8, Workstation the encoding of its host.
 */
final class VmxEncoding {

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /** The line, one char for each byte. */
  private static final Pattern LINE =
      Pattern.compile(
          "^[ \\t]*\\.encoding[ \\t]*=[ \\t]*\"?([^\"#\\s]{1,60})",
          Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  private final byte[] bytes;
  private final String where;
  private final List<String> warnings;

  private VmxEncoding(byte[] bytes, String where, List<String> warnings) {
    this.bytes = bytes;
    this.where = where;
    this.warnings = warnings;
  }

  /** The text, without a byte order mark. */
  static String decoded(byte[] bytes, String where, List<String> warnings) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        throw VmxRefusals.invalid(where, lineOf(bytes, i), "a NUL byte: it is no text file");
      }
    }
    return new VmxEncoding(bytes, where, warnings).decoded();
  }

  private String decoded() {
    boolean marked =
        bytes.length >= BYTE_ORDER_MARK.length
            && Arrays.equals(Arrays.copyOf(bytes, BYTE_ORDER_MARK.length), BYTE_ORDER_MARK);
    if (marked) {
      byte[] rest = Arrays.copyOfRange(bytes, BYTE_ORDER_MARK.length, bytes.length);
      return new VmxEncoding(rest, where, warnings).by(StandardCharsets.UTF_8);
    }
    boolean plain = true;
    for (byte b : bytes) {
      plain &= b > 0;
    }
    if (plain) {
      return new String(bytes, StandardCharsets.US_ASCII);
    }
    Matcher named = LINE.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    return named.find() ? by(charset(named)) : undeclared();
  }

  private Charset charset(Matcher named) {
    String name = named.group(1);
    return known(name)
        .orElseThrow(
            () ->
                VmxRefusals.invalid(
                    where,
                    lineOf(bytes, named.start(1)),
                    "the encoding \"%s\" is not known here; save the file as UTF-8, with .encoding = \"UTF-8\""
                        .formatted(Printable.of(name))));
  }

  /** Of those in which the form's own characters are ASCII. */
  private static Optional<Charset> known(String name) {
    try {
      Charset charset = Charset.forName(name);
      String form = "az09 \t\n.:=\"#|";
      boolean ascii =
          form.equals(
              new String(form.getBytes(StandardCharsets.US_ASCII), 0, form.length(), charset));
      return ascii ? Optional.of(charset) : Optional.empty();
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }

  private String by(Charset charset) {
    try {
      return strict(charset);
    } catch (CharacterCodingException e) {
      int line = lineOf(bytes, validBytes(charset));
      warnings.add(
          "%s, line %d: bytes that are not %s; names of files with such bytes are not found"
              .formatted(where, line, charset.name()));
      return new String(bytes, charset);
    }
  }

  private String undeclared() {
    try {
      return strict(StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      Charset windows = Charset.forName("windows-1252");
      warnings.add(
          "%s, line %d: it is not UTF-8 and names no encoding (.encoding); it is read as %s, and its names may be wrong"
              .formatted(where, lineOf(bytes, validBytes(StandardCharsets.UTF_8)), windows.name()));
      return new String(bytes, windows);
    }
  }

  private String strict(Charset charset) throws CharacterCodingException {
    return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /** How many bytes from the start are right. */
  private int validBytes(Charset charset) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length * 2 + 16);
    charset
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT)
        .decode(in, out, true);
    return in.position();
  }

  private static int lineOf(byte[] bytes, int position) {
    int line = 1;
    for (int i = 0; i < position; i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return line;
  }
}
