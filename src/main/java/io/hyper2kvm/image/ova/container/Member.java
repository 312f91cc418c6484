package io.hyper2kvm.image.ova.container;

import java.nio.file.Path;
import java.util.Locale;

/**
 * One file of an OVA or another archive.
 *
 * @param name its name in there, with {@code /} between folders; relative, without {@code .} and
 *     {@code ..}
 * @param file the file that holds it: the archive, or the file itself
 * @param offset where it starts in there, in bytes; in a compressed archive, in what it unpacks to
 * @param size its length, in bytes
 */
public record Member(String name, Path file, long offset, long size) {

  public Member {
    if (offset < 0 || size < 0 || offset > Long.MAX_VALUE - size) {
      throw new IllegalArgumentException("no part of a file: offset " + offset + " size " + size);
    }
  }

  /** Its name without its folders. */
  public String baseName() {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** Its folders with the last {@code /}; empty at the top. */
  public String folder() {
    return name.substring(0, name.lastIndexOf('/') + 1);
  }

  /**
   * Whether it may be an OVF description: its name ends in {@code .ovf}. macOS packs {@code ._name}
   * beside a file, with what its file system knew of it.
   */
  boolean isDescription() {
    return baseName().toLowerCase(Locale.ROOT).endsWith(".ovf") && !baseName().startsWith("._");
  }
}
