package io.hyper2kvm.guest.initramfs.archive;

import java.io.IOException;

/**
 * The bytes are no initramfs that can be read (or extended) safely: truncated, corrupt, of an
 * unknown format, or larger than the limits allow.
 */
public final class InitramfsFormatException extends IOException {

  private InitramfsFormatException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * The file has something else than what the format demands.
   *
   * @param offset how far it had been read, in bytes
   */
  public static InitramfsFormatException at(long offset, String found) {
    return new InitramfsFormatException("at byte %d: %s".formatted(offset, found), null);
  }

  /** A decompressor gave up. */
  static InitramfsFormatException corrupt(long offset, Compression compression, Exception cause) {
    return new InitramfsFormatException(
        "at byte %d: corrupt %s data: %s".formatted(offset, compression, cause.getMessage()),
        cause);
  }

  /** Nothing is wrong with the bytes, but there are more of them than allowed. */
  public static InitramfsFormatException tooMuch(long offset, String what, long limit) {
    return new InitramfsFormatException(
        "at byte %d: more than %d %s".formatted(offset, limit, what), null);
  }

  /** The archive's layout leaves no safe place for a new entry. */
  public static InitramfsFormatException blocked(String path, String reason) {
    return new InitramfsFormatException("cannot add %s: %s".formatted(path, reason), null);
  }

  /** A module file taken from the guest is no kernel module. */
  public static InitramfsFormatException notAModule(String path, String found) {
    return new InitramfsFormatException("%s is no module: %s".formatted(path, found), null);
  }
}
