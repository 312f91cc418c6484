package io.hyper2kvm.guest.state;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The signature at the end of the first page of a swap area, which shows a saved memory: the guest
 * was hibernated and goes on from there.
 */
public final class SwapSignature {

  /** Its length, in bytes. */
  public static final int BYTES = 10;

  /** The sizes of a page that Linux has, in bytes; x86 has the first one. */
  public static final List<Integer> PAGES = List.of(4096, 8192, 16384, 65536);

  private static final List<String> HIBERNATED =
      List.of(
          "S1SUSPEND", "S2SUSPEND", "ULSUSPEND", "LINHIB0001", "\u00ed\u00c3\u0002\u00e9\u0098");

  private SwapSignature() {}

  /** Where it lies in an area with pages of a size, in bytes. */
  public static int offset(int page) {
    return page - BYTES;
  }

  /**
   * What shows that a memory is saved there; empty when none is.
   *
   * @param signature what was read; any bytes
   */
  public static Optional<String> hibernation(byte[] signature) {
    String text = new String(signature, StandardCharsets.ISO_8859_1);
    return HIBERNATED.stream()
        .filter(text::startsWith)
        .map(name -> name.startsWith("\u00ed") ? "TuxOnIce" : name)
        .findFirst();
  }
}
