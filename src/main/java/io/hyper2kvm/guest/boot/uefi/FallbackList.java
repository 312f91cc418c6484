package io.hyper2kvm.guest.boot.uefi;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The list of boot entries that shim's fallback program reads in each folder below {@code /EFI} and
 * makes entries of: {@code BOOTX64.CSV}, or {@code BOOT.CSV}; UTF-16 with a byte order mark, a line
 * for each entry, with file name, label, options and comment between commas (shim,
 * README.fallback).
 */
final class FallbackList {

  private static final char MARK = '\ufeff';
  private static final int MOST_LINES = 100;

  private FallbackList() {}

  /** The names that a list for that processor can have, the one that is preferred first. */
  static List<String> names(EfiProcessor processor) {
    return List.of("BOOT" + processor.name() + ".CSV", "BOOT.CSV");
  }

  /**
   * The first program of a list.
   *
   * @param text the list, one character for each byte
   */
  static Optional<String> firstProgram(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    String decoded = new String(bytes, StandardCharsets.UTF_16LE);
    return decoded
        .replace(String.valueOf(MARK), "")
        .lines()
        .limit(MOST_LINES)
        .map(line -> line.split(",", 2)[0].strip())
        .filter(name -> !name.isEmpty())
        .findFirst();
  }

  /** A list of one entry, one character for each byte. */
  static String of(String program, String label) {
    String line = MARK + "%s,%s,,This is the boot entry for %s\n".formatted(program, label, label);
    return new String(line.getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1);
  }
}
