package io.hyper2kvm.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The end of a log file, for a message. */
public final class TextTail {

  private static final int MAX_BYTES = 2000;

  private TextTail() {}

  /** The last part of the file, printable; says so when there is none. */
  public static String of(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      long from = Math.max(0, channel.size() - MAX_BYTES);
      ByteBuffer buffer = ByteBuffer.allocate(MAX_BYTES);
      channel.read(buffer, from);
      String text =
          new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).strip();
      return text.isEmpty() ? "(empty)" : Printable.guestText(text);
    } catch (IOException e) {
      return "(none)";
    }
  }
}
