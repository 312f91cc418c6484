package io.hyper2kvm.guestfish;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A script for a listening {@code guestfish}: questions, each framed by a marker that the guest
 * cannot know, so that no file of the guest can pass for the answer to another question.
 *
 * <p>Every command carries the prefix {@code -}: without it the listening guestfish ends at the
 * first command that fails. Whether a command worked is therefore read from its answer.
 */
public final class GuestfishScript {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int PREAD_MAX = 2 << 20;

  private final String marker;
  private final Set<String> keys = new LinkedHashSet<>();
  private final StringBuilder text = new StringBuilder();

  /** An empty script with a marker of its own. */
  public GuestfishScript() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    marker = "h2k-" + HexFormat.of().formatHex(bytes);
  }

  /**
   * Adds a question.
   *
   * @param key names the answer; letters, digits, {@code . / _ -} and unique in this script
   * @param command a guestfish command
   * @param arguments its arguments; each is quoted and means only itself
   */
  public GuestfishScript ask(String key, String command, String... arguments) {
    if (!keys.add(key)) {
      throw new IllegalArgumentException("the key is there already: " + key);
    }
    text.append("echo ").append(quote(marker + ' ' + hex(key))).append('\n');
    return run(command, arguments);
  }

  /** Adds a command whose answer, if any, belongs to the last question. */
  public GuestfishScript run(String command, String... arguments) {
    if (!command.matches("[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException("not a guestfish command: " + command);
    }
    text.append('-').append(command);
    for (String argument : arguments) {
      text.append(' ').append(quote(argument));
    }
    text.append('\n');
    return this;
  }

  /** Adds the question for a file's content, at most {@code maxBytes} of it (2 MiB at most). */
  public GuestfishScript read(String key, String path, int maxBytes) {
    return ask(key, "pread", path, String.valueOf(Math.min(maxBytes, PREAD_MAX)), "0");
  }

  /**
   * Adds the question for a bounded copy of a guest's file on the host; where the guest has no such
   * file, the host gets none.
   */
  public GuestfishScript download(String path, Path host, long maxBytes) {
    return download(path, host, 0, maxBytes);
  }

  /**
   * Adds the question for a copy of a part of a guest's file on the host.
   *
   * @param offset where the part begins, in bytes
   * @param maxBytes its length at most, in bytes
   */
  public GuestfishScript download(String path, Path host, long offset, long maxBytes) {
    return run(
        "download-offset", path, host.toString(), String.valueOf(offset), String.valueOf(maxBytes));
  }

  /** Whether nothing was asked. */
  public boolean isEmpty() {
    return text.isEmpty();
  }

  /** The script, for guestfish's standard input. */
  public String text() {
    // The last marker shows that the script ran to its end.
    return text + "echo " + quote(marker + " end") + '\n';
  }

  /**
   * Takes the answers apart.
   *
   * @param stdout all that guestfish printed
   * @throws IllegalArgumentException when the last marker is missing: the appliance died on the way
   */
  public GuestfishAnswers answers(byte[] stdout) {
    return GuestfishAnswers.parse(marker, keys, stdout);
  }

  static String hex(String key) {
    return HexFormat.of().formatHex(key.getBytes(StandardCharsets.UTF_8));
  }

  /** One guestfish word in double quotes; anything unusual as a byte escape. */
  static String quote(String word) {
    StringBuilder quoted = new StringBuilder("\"");
    for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
      if (b == 0) {
        throw new IllegalArgumentException("a NUL cannot be part of an argument");
      }
      if (b < ' ' || b == '"' || b == '\\' || b == 0x7f) {
        quoted.append("\\x").append(HexFormat.of().toHexDigits(b));
      } else {
        quoted.append((char) (b & 0xff));
      }
    }
    return new String(
        quoted.append('"').toString().getBytes(StandardCharsets.ISO_8859_1),
        StandardCharsets.UTF_8);
  }
}
