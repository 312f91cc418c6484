package io.hyper2kvm.guest.boot.uefi;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * A file on an EFI system partition that has the name of a program.
 *
 * @param path its path on the partition, as it is written there: {@code /EFI/debian/shimx64.efi}
 * @param size in bytes
 * @param program whether it begins as a program does
 * @param header its PE header; empty when it has none that could be read
 * @param shim the names in it, if it is a shim
 * @param content stands for its content: two programs with the same one are the same
 */
public record EfiProgram(
    String path,
    long size,
    boolean program,
    Optional<PeHeader> header,
    Optional<ShimNames> shim,
    String content) {

  /** How much of a program there is to read; of one that may be a shim {@link #WHOLE_BYTES}. */
  public static final int HEAD_BYTES = 64 << 10;

  /** More than any shim has, in bytes. */
  public static final int WHOLE_BYTES = 2 << 20;

  public EfiProgram {
    Objects.requireNonNull(header, "header");
    Objects.requireNonNull(shim, "shim");
    Objects.requireNonNull(content, "content");
    if (!path.startsWith("/") || size < 0) {
      throw new IllegalArgumentException("no file: %s, %d bytes".formatted(path, size));
    }
  }

  /**
   * A program.
   *
   * @param head its first bytes; of a shim so many that the names in it are among them
   */
  public static EfiProgram of(String path, long size, byte[] head) {
    return new EfiProgram(
        path,
        size,
        PeHeader.isProgram(head),
        PeHeader.of(head),
        ShimNames.in(head),
        size + ":" + HexFormat.of().formatHex(sha256().digest(first(head))));
  }

  /** So much as is read of every program, whatever its name is. */
  private static byte[] first(byte[] head) {
    return Arrays.copyOf(head, Math.min(head.length, HEAD_BYTES));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The last part of its path. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The folder that it is in: {@code /EFI/debian}. */
  String folder() {
    return path.substring(0, path.lastIndexOf('/'));
  }

  /**
   * Whether firmware for that processor may start it, by its header, or by its name without one.
   */
  boolean startsOn(EfiProcessor processor) {
    return program && header.map(pe -> pe.startsOn(processor)).orElse(true);
  }

  boolean hasSection(String name) {
    return header.filter(pe -> pe.sections().contains(name)).isPresent();
  }

  boolean isSameAs(EfiProgram other) {
    return content.equals(other.content);
  }

  /** Why firmware for that processor does not start it. */
  String obstacle(EfiProcessor processor) {
    if (size == 0) {
      return "is empty";
    }
    if (header.isEmpty()) {
      return "is no program";
    }
    int machine = header.get().machine();
    return machine == processor.machine()
        ? "is not an EFI application"
        : "is for another processor (PE machine 0x%x, not 0x%x)"
            .formatted(machine, processor.machine());
  }
}
