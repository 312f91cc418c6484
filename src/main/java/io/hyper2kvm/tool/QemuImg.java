package io.hyper2kvm.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The argument lists of {@code qemu-img} and the meaning of its answers. An image is given as a
 * description with format and file driver, so that QEMU interprets no name as a protocol; the
 * caller makes the description.
 */
public final class QemuImg {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PROGRESS = Pattern.compile("\\((\\d{1,3}\\.\\d{2})/100%\\)");

  private QemuImg() {}

  /**
   * The answer of {@code qemu-img info} about an image.
   *
   * @param format QEMU's name of the format
   * @param virtualSize what the guest sees, in bytes
   * @param actualSize what the file occupies on its file system, in bytes
   */
  public record Info(String format, long virtualSize, long actualSize) {}

  /**
   * The answer of {@code qemu-img measure} about an image.
   *
   * @param required the size of its data as an uncompressed qcow2 image, in bytes
   * @param fullyAllocated the size if all of it were written to, in bytes
   */
  public record Measure(long required, long fullyAllocated) {}

  /** Asks for format and sizes; the answer is read by {@link #parseInfo}. */
  public static List<String> info(String image) {
    return List.of("info", "--output=json", image);
  }

  /**
   * Asks how much data there is to copy; the answer is read by {@link #parseMeasure}. It is always
   * asked for qcow2: it cannot measure VDI, and for raw it prints the virtual size, although zeros
   * are not written.
   */
  public static List<String> measure(String image) {
    return List.of("measure", "--output=json", "-O", "qcow2", image);
  }

  /**
   * Makes a qcow2 overlay.
   *
   * @param backing the backing image's description, as {@code json:} and an object: QEMU could
   *     interpret a plain name as a protocol, and a description has all options
   * @param backingFormat QEMU's name of the backing image's format
   */
  public static List<String> createOverlay(String backing, String backingFormat, Path overlay) {
    if (!backing.startsWith("json:{")) {
      throw new IllegalArgumentException("backing is no description: " + backing);
    }
    return List.of(
        "create", "-q", "-f", "qcow2", "-b", backing, "-F", backingFormat, overlay.toString());
  }

  /**
   * Makes a small qcow2 with this compression type: a build without it refuses an empty image, too.
   */
  static List<String> createEmpty(Path image, String compression) {
    return List.of(
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        "compression_type=" + compression,
        image.toString(),
        "1M");
  }

  /**
   * Copies an image.
   *
   * @param source the source's safe name
   * @param format QEMU's name of the target format
   * @param compression {@code zstd} or {@code zlib}, or empty for no compression
   * @param threads coroutines that copy at the same time, 1 to 16
   */
  public static List<String> convert(
      String source, String format, Path target, String compression, int threads) {
    List<String> arguments = new ArrayList<>(List.of("convert", "-p", "-O", format));
    arguments.addAll(List.of("-m", String.valueOf(threads)));
    if (!compression.isEmpty()) {
      // Out-of-order writes only help if each cluster is compressed.
      arguments.addAll(List.of("-W", "-c", "-o", "compression_type=" + compression));
    }
    arguments.addAll(List.of(source, target.toString()));
    return List.copyOf(arguments);
  }

  /** Checks the internal structure of an image. */
  public static List<String> check(String image) {
    return List.of("check", "-q", image);
  }

  /** Repairs an image, which replays its log if it has one. Writes to it. */
  public static List<String> repair(String image) {
    return List.of("check", "-q", "-r", "all", image);
  }

  /** Compares what a guest would read from two images, byte for byte. */
  public static List<String> compare(String one, String other) {
    return List.of("compare", "-p", one, other);
  }

  /**
   * Reads the answer to {@link #info}.
   *
   * @throws IllegalArgumentException when it is not such an answer
   */
  public static Info parseInfo(String answer) {
    JsonNode node;
    try {
      node = JSON.readTree(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("qemu-img info did not answer in JSON", e);
    }
    JsonNode format = node.path("format");
    JsonNode size = node.path("virtual-size");
    if (!format.isTextual() || !size.canConvertToLong()) {
      throw new IllegalArgumentException(
          "qemu-img info answered without format and virtual-size: " + answer.strip());
    }
    return new Info(format.asText(), size.asLong(), node.path("actual-size").asLong(0));
  }

  /**
   * Reads the answer to {@link #measure}.
   *
   * @throws IllegalArgumentException when it is not such an answer
   */
  public static Measure parseMeasure(String answer) {
    JsonNode node;
    try {
      node = JSON.readTree(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("qemu-img measure did not answer in JSON", e);
    }
    JsonNode required = node.path("required");
    JsonNode all = node.path("fully-allocated");
    if (!required.canConvertToLong() || !all.canConvertToLong() || required.asLong() < 0) {
      throw new IllegalArgumentException(
          "qemu-img measure answered without required and fully-allocated: " + answer.strip());
    }
    return new Measure(required.asLong(), all.asLong());
  }

  /** The percentage in a progress line of {@code qemu-img -p}, 0 to 100. */
  public static OptionalDouble parseProgress(String line) {
    Matcher matcher = PROGRESS.matcher(line);
    return matcher.find()
        ? OptionalDouble.of(Math.min(100.0, Double.parseDouble(matcher.group(1))))
        : OptionalDouble.empty();
  }
}
