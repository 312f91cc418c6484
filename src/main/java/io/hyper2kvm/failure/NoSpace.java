package io.hyper2kvm.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Knows a full file system, or a used-up quota, by the words of the system and of the tools. */
public final class NoSpace {

  /** A device that is always full: it says the words as this process's language has them. */
  private static final Path FULL = Path.of("/dev/full");

  private static final List<String> WORDS =
      Stream.concat(
              Stream.of("no space left on device", "disk quota exceeded"), localWords().stream())
          .toList();

  private NoSpace() {}

  private static Optional<String> localWords() {
    try {
      Files.write(FULL, new byte[1], StandardOpenOption.WRITE);
    } catch (IOException e) {
      String words = e.getMessage();
      // Where there is no such device, the message is its name.
      return Optional.ofNullable(words)
          .filter(w -> !w.contains(FULL.toString()) && !w.isBlank())
          .map(w -> w.toLowerCase(Locale.ROOT));
    }
    return Optional.empty();
  }

  /** Whether a text, such as a tool's last words, says so. */
  public static boolean isIn(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return WORDS.stream().anyMatch(lower::contains);
  }

  /** Whether this very exception says that a write of this process found no room. */
  public static boolean is(Throwable thrown) {
    boolean ofWriting = thrown instanceof IOException || thrown instanceof UncheckedIOException;
    return ofWriting && isIn(String.valueOf(thrown.getMessage()));
  }
}
