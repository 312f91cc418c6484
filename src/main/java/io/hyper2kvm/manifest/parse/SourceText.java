package io.hyper2kvm.manifest.parse;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A manifest's bytes as text: UTF-8 without a byte-order mark, and nothing but printable text. */
public final class SourceText {

  /** Two thousand VMs take one to two MiB; more than this is no manifest. */
  public static final int MAX_BYTES = 16 << 20;

  private record Mark(byte[] bytes, String encoding) {}

  private static final List<Mark> BYTE_ORDER_MARKS =
      List.of(
          new Mark(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, "UTF-8"),
          new Mark(new byte[] {(byte) 0xFF, (byte) 0xFE}, "UTF-16"),
          new Mark(new byte[] {(byte) 0xFE, (byte) 0xFF}, "UTF-16"));

  private SourceText() {}

  public static String decode(byte[] content) throws UnreadableException {
    if (content.length > MAX_BYTES) {
      throw tooLarge();
    }
    refuseByteOrderMark(content);
    refuseNul(content);
    String text = decodeStrictly(content);
    refuseControlCharacters(text);
    return text;
  }

  static UnreadableException tooLarge() {
    return new UnreadableException(
        Position.START,
        "",
        "the file is larger than %d MiB, too large for a manifest".formatted(MAX_BYTES >> 20),
        "Check that this is a manifest, or split the batch.");
  }

  private static void refuseByteOrderMark(byte[] content) throws UnreadableException {
    for (Mark mark : BYTE_ORDER_MARKS) {
      int length = mark.bytes().length;
      if (content.length >= length && Arrays.equals(content, 0, length, mark.bytes(), 0, length)) {
        throw new UnreadableException(
            Position.START,
            mark.encoding() + " byte-order mark",
            "the file begins with a byte-order mark of %s".formatted(mark.encoding()),
            "Save it as UTF-8 without a byte-order mark (BOM).");
      }
    }
  }

  private static void refuseNul(byte[] content) throws UnreadableException {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        line++;
        lineStart = i + 1;
      } else if (content[i] == 0) {
        throw new UnreadableException(
            new Position(line, i - lineStart + 1),
            "NUL",
            "the file holds a NUL byte, so it is not a text file in UTF-8",
            "Check that it was copied completely and saved as UTF-8.");
      }
    }
  }

  private static String decodeStrictly(byte[] content) throws UnreadableException {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(content);
    CharBuffer out = CharBuffer.allocate(content.length);
    CoderResult result = decoder.decode(in, out, true);
    out.flip();
    if (result.isUnderflow()) {
      return out.toString();
    }
    String found = "byte 0x%02x".formatted(content[in.position()]);
    throw new UnreadableException(
        Position.of(out, out.length()),
        found,
        "the file is not valid UTF-8: %s does not belong here".formatted(found),
        "Save it as UTF-8.");
  }

  private static void refuseControlCharacters(String text) throws UnreadableException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isRefused(c)) {
        String found = "U+%04X".formatted((int) c);
        throw new UnreadableException(
            Position.of(text, i), found, "the file holds the control character " + found);
      }
    }
  }

  /** Whether a character may stand in a manifest as an escape only. */
  public static boolean isRefused(char c) {
    boolean control = c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c >= 0x7F && c < 0xA0;
    return (control && c != 0x85) || c == 0xFFFE || c == 0xFFFF;
  }
}
