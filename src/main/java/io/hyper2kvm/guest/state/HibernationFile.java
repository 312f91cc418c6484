package io.hyper2kvm.guest.state;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Windows's {@code hiberfil.sys}: it holds a saved memory, also after a fast shutdown. */
public final class HibernationFile {

  /** Where it lies on Windows's volume. */
  public static final String PATH = "/hiberfil.sys";

  /** As much of it as tells, in bytes. */
  public static final int BYTES = 4;

  private HibernationFile() {}

  /**
   * Whether a memory is saved in it.
   *
   * @param beginning its first bytes; any
   */
  public static boolean holdsMemory(byte[] beginning) {
    return new String(beginning, StandardCharsets.ISO_8859_1)
        .toLowerCase(Locale.ROOT)
        .startsWith("hibr");
  }
}
