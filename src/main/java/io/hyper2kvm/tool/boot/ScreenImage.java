package io.hyper2kvm.tool.boot;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * A screen dump in shades of grey.
 *
 * @param width in pixels
 * @param height in pixels
 * @param pixels row after row, 0 is black
 */
public record ScreenImage(int width, int height, byte[] pixels) {

  private static final int LARGEST_SIDE = 4096;
  private static final int DARK = 128;

  /** The largest picture that is kept, in pixels and in bytes. */
  private static final int PNG_SIDE = 1280;

  private static final int PNG_BYTES = 256 << 10;
  private static final byte[] PNG_BEGIN = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

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

  /**
   * The last screen dump of a boot test as a picture in shades of grey.
   *
   * @param workDir the folder of the boot plan
   * @return empty when there is none that can be read
   */
  public static Optional<byte[]> png(Path workDir) {
    Path dump = workDir.resolve(ScreenReader.DUMP);
    if (!Files.isRegularFile(dump, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      ScreenImage image = read(dump);
      int factor = Math.max(1, (Math.max(image.width, image.height) + PNG_SIDE - 1) / PNG_SIDE);
      byte[] png = image.shrunk(factor).png();
      while (png.length > PNG_BYTES) {
        factor *= 2;
        png = image.shrunk(factor).png();
      }
      return Optional.of(png);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Each pixel the mean of a square of so many; what does not fill a square is cut off. */
  ScreenImage shrunk(int factor) {
    int columns = Math.max(1, width / factor);
    int rows = Math.max(1, height / factor);
    byte[] small = new byte[columns * rows];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        int sum = 0;
        int count = 0;
        for (int v = y * factor; v < Math.min(height, (y + 1) * factor); v++) {
          for (int u = x * factor; u < Math.min(width, (x + 1) * factor); u++) {
            sum += pixels[v * width + u] & 0xff;
            count++;
          }
        }
        small[y * columns + x] = (byte) (sum / count);
      }
    }
    return new ScreenImage(columns, rows, small);
  }

  /** As a PNG of eight bits of grey. */
  byte[] png() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(PNG_BEGIN);
    ByteBuffer head = ByteBuffer.allocate(13).putInt(width).putInt(height);
    head.put(new byte[] {8, 0, 0, 0, 0});
    chunk(out, "IHDR", head.array());
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
      for (int y = 0; y < height; y++) {
        deflater.write(0);
        deflater.write(pixels, y * width, width);
      }
    }
    chunk(out, "IDAT", packed.toByteArray());
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String name, byte[] content)
      throws IOException {
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(type);
    sum.update(content);
    out.write(ByteBuffer.allocate(4).putInt(content.length).array());
    out.write(type);
    out.write(content);
    out.write(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }
}
