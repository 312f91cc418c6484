package io.hyper2kvm.guest.boot.uefi;

import java.util.Objects;
import java.util.Optional;

/**
 * A file to be put on an EFI system partition: a copy of another one there, or a text.
 *
 * @param partition where
 * @param path its path on the partition
 * @param source the path of what is copied; empty for a text
 * @param text the text, one character for each byte; empty for a copy
 * @param bytes its size
 * @param before what is there now, in an operator's words; empty when nothing is
 * @param reason why, in one sentence
 */
public record LoaderFile(
    EfiPartition partition,
    String path,
    Optional<String> source,
    Optional<String> text,
    long bytes,
    String before,
    String reason) {

  public LoaderFile {
    Objects.requireNonNull(partition, "partition");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(reason, "reason");
    if (source.isPresent() == text.isPresent()) {
      throw new IllegalArgumentException("neither copy nor text: " + path);
    }
  }

  static LoaderFile copy(
      EfiPartition partition,
      String path,
      String source,
      long bytes,
      Optional<Long> bytesBefore,
      String reason) {
    return new LoaderFile(
        partition,
        path,
        Optional.of(source),
        Optional.empty(),
        bytes,
        bytesBefore.map(LoaderFile::shown).orElse(""),
        reason);
  }

  static LoaderFile text(
      EfiPartition partition, String path, String text, Optional<Long> bytesBefore, String reason) {
    return new LoaderFile(
        partition,
        path,
        Optional.empty(),
        Optional.of(text),
        text.length(),
        bytesBefore.map(LoaderFile::shown).orElse(""),
        reason);
  }

  private static String shown(long bytes) {
    return bytes + " bytes";
  }

  /** The folder that it is in. */
  public String folder() {
    return path.substring(0, path.lastIndexOf('/'));
  }
}
