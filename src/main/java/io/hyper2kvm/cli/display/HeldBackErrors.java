package io.hyper2kvm.cli.display;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Keeps what is written to standard error meanwhile, such as lines of the log, and writes it when
 * closed: in between it would tear the progress bars.
 */
final class HeldBackErrors implements AutoCloseable {

  private static final int MOST = 256 << 10;

  private final PrintStream real = System.err;
  private final ByteArrayOutputStream held =
      new ByteArrayOutputStream() {
        @Override
        public synchronized void write(int b) {
          if (size() < MOST) {
            super.write(b);
          }
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
          if (size() < MOST) {
            super.write(bytes, offset, length);
          }
        }
      };
  private boolean closed;

  HeldBackErrors() {
    System.setErr(new PrintStream(held, true, StandardCharsets.UTF_8));
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      System.setErr(real);
      byte[] bytes = held.toByteArray();
      real.write(bytes, 0, bytes.length);
      real.flush();
    }
  }
}
