package io.hyper2kvm.tool.boot;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A screen dump in shades of grey.
 *
 * @param width in pixels
 * @param height in pixels
 * @param pixels row after row, 0 is black
 */
record ScreenImage(int width, int height, byte[] pixels) {

  private static final int LARGEST_SIDE = 4096;
  private static final int DARK = 128;

  /** Reads the P6 file that QEMU writes; the guest chose its size, so that is bounded. */
  static ScreenImage read(Path ppm) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(ppm), 1 << 16)) {
      if (in.read() != 'P' || in.read() != '6') {
        throw new IOException("not a P6 screen dump");
      }
      int width = number(in);
      int height = number(in);
      if (number(in) != 255 || width < 1 || height < 1) {
        throw new IOException("a screen dump of an unknown kind");
      }
      if (width > LARGEST_SIDE || height > LARGEST_SIDE) {
        throw new IOException("a screen of " + width + "x" + height + " is too large to read");
      }
      byte[] pixels = new byte[width * height];
      byte[] row = new byte[width * 3];
      for (int y = 0; y < height; y++) {
        if (in.readNBytes(row, 0, row.length) != row.length) {
          throw new EOFException("the screen dump ends early");
        }
        for (int x = 0; x < width; x++) {
          int red = row[3 * x] & 0xff;
          int green = row[3 * x + 1] & 0xff;
          int blue = row[3 * x + 2] & 0xff;
          // The brightest channel, so that coloured text stands out like white.
          pixels[y * width + x] = (byte) Math.max(red, Math.max(green, blue));
        }
      }
      return new ScreenImage(width, height, pixels);
    }
  }

  /** Whether this is the size of the VGA text mode, 80 by 25 cells of 9 by 16 pixels. */
  boolean isTextMode() {
    return width == 720 && height == 400;
  }

  /** How many pixels differ clearly; all of them when the sizes do. */
  int difference(ScreenImage other) {
    if (other.width != width || other.height != height) {
      return pixels.length;
    }
    int count = 0;
    for (int i = 0; i < pixels.length; i++) {
      if (Math.abs((pixels[i] & 0xff) - (other.pixels[i] & 0xff)) > 48) {
        count++;
      }
    }
    return count;
  }

  /**
   * Writes what an OCR reads best: dark on light, the empty bottom cut off, small fonts doubled.
   *
   * @return whether there was anything but background
   */
  boolean writeLegible(Path pgm) throws IOException {
    long bright = 0;
    for (byte pixel : pixels) {
      bright += (pixel & 0xff) >= DARK ? 1 : 0;
    }
    boolean lightBackground = bright > pixels.length / 2;
    int bottom = lastUsedRow(lightBackground);
    if (bottom < 0) {
      return false;
    }
    int scale = width <= 1400 ? 2 : 1;
    int rows = Math.min(height, bottom + 17);
    try (OutputStream out = Files.newOutputStream(pgm)) {
      out.write(
          ("P5\n" + width * scale + " " + rows * scale + "\n255\n")
              .getBytes(StandardCharsets.US_ASCII));
      byte[] line = new byte[width * scale];
      for (int y = 0; y < rows; y++) {
        for (int x = 0; x < line.length; x++) {
          int shade = pixels[y * width + x / scale] & 0xff;
          line[x] = (byte) (lightBackground ? shade : 255 - shade);
        }
        for (int i = 0; i < scale; i++) {
          out.write(line);
        }
      }
    }
    return true;
  }

  private int lastUsedRow(boolean lightBackground) {
    for (int i = pixels.length - 1; i >= 0; i--) {
      if ((pixels[i] & 0xff) >= DARK != lightBackground) {
        return i / width;
      }
    }
    return -1;
  }

  private static int number(InputStream in) throws IOException {
    int next = in.read();
    while (next == ' ' || next == '\n' || next == '\r' || next == '\t') {
      next = in.read();
    }
    int value = 0;
    for (int digits = 0; next >= '0' && next <= '9'; digits++) {
      if (digits > 6) {
        throw new IOException("a number in the screen dump's header is too long");
      }
      value = value * 10 + next - '0';
      next = in.read();
    }
    return value;
  }
}
