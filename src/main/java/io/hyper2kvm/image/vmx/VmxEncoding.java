package io.hyper2kvm.image.vmx;

import io.hyper2kvm.text.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The encoding of a description's values: the one that its line {@code .encoding} names. ESXi and
 * Fusion write UTF-8, Workstation the encoding of its host. VMware escapes single bytes of a value,
 * so the escapes are resolved before it is decoded; all texts given here have one char for each
 * byte.
 */
final class VmxEncoding {

  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

  /** What is no UTF-8 and names no encoding was written on Windows, most likely. */
  private static final Charset FALLBACK = Charset.forName("windows-1252");

  private static final Pattern LINE =
      Pattern.compile(
          "^[ \\t]*\\.encoding[ \\t]*=[ \\t]*\"?([^\"#\\s]{1,60})",
          Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  private final Charset charset;
  private final boolean declared;
  private final String where;
  private final List<String> warnings;

  private VmxEncoding(Charset charset, boolean declared, String where, List<String> warnings) {
    this.charset = charset;
    this.declared = declared;
    this.where = where;
    this.warnings = warnings;
  }

  /** A description's bytes as text; a byte order mark is not part of it. */
  static String text(byte[] bytes, String where) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int nul = text.indexOf('\0');
    if (nul >= 0) {
      throw VmxRefusals.invalid(where, lineOf(text, nul), "a NUL byte: it is no text file");
    }
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
  }

  /** The encoding of a text. */
  static VmxEncoding of(String text, String where, List<String> warnings) {
    Matcher named = LINE.matcher(text);
    boolean plain = text.chars().allMatch(c -> c < 0x80);
    if (plain || !named.find()) {
      return new VmxEncoding(StandardCharsets.UTF_8, false, where, warnings);
    }
    Charset charset =
        known(named.group(1))
            .orElseThrow(
                () ->
                    VmxRefusals.invalid(
                        where,
                        lineOf(text, named.start(1)),
                        "the encoding \"%s\" is not known here; save the file as UTF-8, with .encoding = \"UTF-8\""
                            .formatted(Printable.of(named.group(1)))));
    return new VmxEncoding(charset, true, where, warnings);
  }

  /** Of those in which the form's own characters are ASCII. */
  private static Optional<Charset> known(String name) {
    try {
      Charset charset = Charset.forName(name);
      String form = "az09 \t\n.:=\"#|";
      boolean ascii = form.equals(new String(bytes(form), charset));
      return ascii ? Optional.of(charset) : Optional.empty();
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return Optional.empty();
    }
  }

  /** A value, with a warning when its bytes are not of the encoding. */
  String decoded(String value, int line) {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes(value))).toString();
    } catch (CharacterCodingException e) {
      warnings.add(
          "%s, line %d: %s"
              .formatted(
                  where,
                  line,
                  declared
                      ? "bytes that are not %s; a file of such a name is not found"
                          .formatted(charset.name())
                      : "it is not UTF-8, and no encoding is named (.encoding): it is read as %s, and a name may be wrong"
                          .formatted(FALLBACK.name())));
      return new String(bytes(value), declared ? charset : FALLBACK);
    }
  }

  /** A text for a message, whatever its bytes are. */
  String shown(String text) {
    return Printable.of(new String(bytes(text), charset));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static int lineOf(String text, int position) {
    return 1 + (int) text.chars().limit(position).filter(c -> c == '\n').count();
  }
}
