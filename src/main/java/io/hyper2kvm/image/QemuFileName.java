package io.hyper2kvm.image;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A file's name in the only form in which QEMU does not interpret it: a block description in JSON
 * with a stated format and the {@code file} driver. Plain names are never handed over, because QEMU
 * reads {@code nbd:…}, {@code json:…}, {@code fat:…} and others as instructions.
 */
public final class QemuFileName {

  private static final String PREFIX = "json:";

  private final String description;

  private QemuFileName(String description) {
    this.description = description;
  }

  /**
   * A whole file as an image.
   *
   * @throws IllegalArgumentException when the path is relative or the format has no QEMU driver
   */
  public static QemuFileName image(ImageFormat format, Path file) {
    return new QemuFileName(layer(format, fileNode(file)));
  }

  /**
   * A probed image with all its parents, each with its format: QEMU looks for none by itself.
   *
   * @throws IllegalArgumentException when the format has no QEMU driver, or it is a differencing
   *     disk, which QEMU would read without its parent
   */
  public static QemuFileName image(ImageFacts image) {
    if (image.differencing()) {
      throw new IllegalArgumentException("QEMU reads no differencing disk: " + image.path());
    }
    String file = image.device() ? deviceNode(image.path()) : fileNode(image.path());
    String alone = layer(image.format(), file);
    return new QemuFileName(
        image
            .parent()
            .map(
                p ->
                    alone.substring(0, alone.length() - 1)
                        + ",\"backing\":"
                        + image(p).json()
                        + "}")
            .orElse(alone));
  }

  /**
   * A part of a file as an image, such as a disk within an OVA.
   *
   * @param offset where the image starts in the file, in bytes
   * @param size the image's length in the file, in bytes
   * @throws IllegalArgumentException when the path is relative, the format has no QEMU driver, the
   *     offset is negative or the size is not positive
   */
  public static QemuFileName slice(ImageFormat format, Path file, long offset, long size) {
    if (offset < 0 || size <= 0) {
      throw new IllegalArgumentException("no slice of a file: offset " + offset + " size " + size);
    }
    String window =
        "{\"driver\":\"raw\",\"offset\":%d,\"size\":%d,\"file\":%s}"
            .formatted(offset, size, fileNode(file));
    return new QemuFileName(layer(format, window));
  }

  /**
   * An image whose file is what a qcow2 layer shows of it, with what was written there.
   *
   * @throws IllegalArgumentException when the path is relative or the format has no QEMU driver
   */
  public static QemuFileName onLayer(ImageFormat format, Path layer) {
    return new QemuFileName(layer(format, layer(ImageFormat.QCOW2, fileNode(layer))));
  }

  /** The JSON object alone, for {@code -blockdev} and for nesting. */
  public String json() {
    return description;
  }

  /** The name for a command line or a backing file: {@code json:} and the object. */
  public String value() {
    return PREFIX + description;
  }

  @Override
  public String toString() {
    return value();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof QemuFileName that && description.equals(that.description);
  }

  @Override
  public int hashCode() {
    return description.hashCode();
  }

  private static String layer(ImageFormat format, String file) {
    String driver =
        format
            .driver()
            .orElseThrow(
                () -> new IllegalArgumentException("no QEMU driver for " + format.description()));
    return "{\"driver\":\"%s\",%s\"file\":%s}".formatted(driver, options(format), file);
  }

  /** QEMU would make a VHD's size of its geometry, and cut off the end of the disk. */
  private static String options(ImageFormat format) {
    return format == ImageFormat.VPC ? "\"force_size_calc\":\"current_size\"," : "";
  }

  private static String fileNode(Path file) {
    return node("file", file);
  }

  /** The file driver opens regular files only. */
  private static String deviceNode(Path device) {
    return node("host_device", device);
  }

  private static String node(String driver, Path file) {
    Objects.requireNonNull(file, "file");
    if (!file.isAbsolute()) {
      throw new IllegalArgumentException("path is not absolute: " + file);
    }
    return "{\"driver\":\"%s\",\"filename\":%s}".formatted(driver, quoted(file.toString()));
  }

  /** A JSON string of printable ASCII and UTF-8; control characters are escaped. */
  private static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || c == 0x7f) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
