package io.hyper2kvm.tool.boot;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A VGA text screen read exactly from video memory. The memory is a ring of 32 KiB: consoles scroll
 * by moving the start address in the CRT controller, not by copying.
 */
final class TextModeScreen {

  static final long MEMORY_ADDRESS = 0xb8000;
  static final int MEMORY_BYTES = 0x8000;
  private static final int COLUMNS = 80;
  private static final int ROWS = 25;

  private TextModeScreen() {}

  /**
   * The visible rows of a dump of the ring; what follows it in the file is not read.
   *
   * @param start the CRT controller's start address, in characters
   * @throws IOException when the dump cannot be read or ends early
   */
  static String read(Path dump, int start) throws IOException {
    try (InputStream in = Files.newInputStream(dump, LinkOption.NOFOLLOW_LINKS)) {
      byte[] memory = in.readNBytes(MEMORY_BYTES);
      if (memory.length < MEMORY_BYTES) {
        throw new EOFException(
            "the dump of the video memory has %d bytes, not %d"
                .formatted(memory.length, MEMORY_BYTES));
      }
      return text(memory, start);
    }
  }

  /**
   * The visible rows, one line each, without blanks at the end.
   *
   * @param memory the ring's bytes, a character and its attribute in turn
   * @param start the CRT controller's start address, in characters
   */
  static String text(byte[] memory, int start) {
    if (memory.length != MEMORY_BYTES) {
      throw new IllegalArgumentException("not 32 KiB of video memory: " + memory.length);
    }
    StringBuilder out = new StringBuilder();
    for (int row = 0; row < ROWS; row++) {
      StringBuilder line = new StringBuilder(COLUMNS);
      for (int column = 0; column < COLUMNS; column++) {
        int cell = (start + row * COLUMNS + column) * 2 & MEMORY_BYTES - 1;
        int character = memory[cell] & 0xff;
        line.append(character >= ' ' && character <= '~' ? (char) character : ' ');
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    return out.toString().stripTrailing();
  }
}
