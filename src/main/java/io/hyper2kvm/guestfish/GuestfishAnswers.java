package io.hyper2kvm.guestfish;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The answers to a {@link GuestfishScript}, by the keys of its questions. */
public final class GuestfishAnswers {

  /** The answers to a script that asked nothing. */
  public static final GuestfishAnswers NONE = new GuestfishAnswers(Map.of());

  private static final byte[] NOTHING = {};
  private final Map<String, byte[]> byKey;

  private GuestfishAnswers(Map<String, byte[]> byKey) {
    this.byKey = byKey;
  }

  static GuestfishAnswers parse(String marker, Set<String> keys, byte[] stdout) {
    Map<String, String> keyByFrame = new HashMap<>();
    keys.forEach(key -> keyByFrame.put(GuestfishScript.hex(key), key));
    byte[] needle = (marker + ' ').getBytes(StandardCharsets.US_ASCII);
    Map<String, byte[]> byKey = new HashMap<>();
    boolean ended = false;
    String open = null;
    int contentStart = 0;
    int at = indexOf(stdout, needle, 0);
    while (at >= 0) {
      if (open != null) {
        byKey.put(open, Arrays.copyOfRange(stdout, contentStart, at));
      }
      int lineEnd = indexOf(stdout, new byte[] {'\n'}, at);
      int nameEnd = lineEnd < 0 ? stdout.length : lineEnd;
      String frame =
          new String(
              stdout, at + needle.length, nameEnd - at - needle.length, StandardCharsets.US_ASCII);
      ended = frame.equals("end");
      open = keyByFrame.get(frame);
      contentStart = Math.min(stdout.length, nameEnd + 1);
      at = indexOf(stdout, needle, contentStart);
    }
    if (!ended) {
      throw new IllegalArgumentException("the appliance ended before it answered everything");
    }
    return new GuestfishAnswers(byKey);
  }

  private static int indexOf(byte[] text, byte[] needle, int from) {
    outer:
    for (int i = from; i <= text.length - needle.length; i++) {
      for (int j = 0; j < needle.length; j++) {
        if (text[i + j] != needle[j]) {
          continue outer;
        }
      }
      return i;
    }
    return -1;
  }

  /** The bytes of an answer; empty when the command failed or said nothing. */
  public byte[] bytes(String key) {
    return byKey.getOrDefault(key, NOTHING).clone();
  }

  /** The answer as UTF-8 text. */
  public String text(String key) {
    return new String(byKey.getOrDefault(key, NOTHING), StandardCharsets.UTF_8);
  }

  /**
   * The answer with one character for each byte (ISO 8859-1), so that a guest's file of any
   * encoding comes back byte for byte when it is written so.
   */
  public String bytesAsText(String key) {
    return new String(byKey.getOrDefault(key, NOTHING), StandardCharsets.ISO_8859_1);
  }

  /** Whether there is an answer of at least one byte. */
  public boolean has(String key) {
    return byKey.getOrDefault(key, NOTHING).length > 0;
  }

  /** The answer's lines, without blank ones. */
  public List<String> lines(String key) {
    return text(key).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /** What a command that answers with a table said: {@code key: value} in each line. */
  public Map<String, String> pairs(String key) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String line : lines(key)) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        pairs.putIfAbsent(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    return pairs;
  }

  /** Whether the answer is guestfish's {@code true}. */
  public boolean isTrue(String key) {
    return text(key).strip().equals("true");
  }
}
