package io.hyper2kvm.guest.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The version that a kernel image states of itself: a bzImage has it as text, at the place that its
 * setup header names (offset 0x20e, counted from 0x200; Documentation/arch/x86/boot.rst in Linux).
 * Images for EFI's zboot and for other processors have none that can be read without unpacking.
 */
public final class ImageVersion {

  /** As much of an image as holds its setup code and the text, in bytes. */
  public static final int HEAD_BYTES = 34 << 10;

  private static final byte[] MAGIC = "HdrS".getBytes(StandardCharsets.US_ASCII);
  private static final int MAGIC_AT = 0x202;
  private static final int POINTER_AT = 0x20e;
  private static final int SETUP = 0x200;
  private static final int LONGEST = 101;
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+~-]{0,100}");

  private ImageVersion() {}

  /** Whether a text can be the version of a kernel, and so the name of its modules' folder. */
  public static boolean isVersion(String text) {
    return VERSION.matcher(text).matches();
  }

  /**
   * The version in the head of an image; empty when it states none.
   *
   * @param head the image's first {@link #HEAD_BYTES} bytes, or all of them
   */
  public static Optional<String> of(byte[] head) {
    if (head.length < POINTER_AT + 2) {
      return Optional.empty();
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (head[MAGIC_AT + i] != MAGIC[i]) {
        return Optional.empty();
      }
    }
    int pointer = (head[POINTER_AT] & 0xff) | (head[POINTER_AT + 1] & 0xff) << 8;
    int start = SETUP + pointer;
    int end = start;
    while (end < head.length && end - start <= LONGEST && head[end] > ' ') {
      end++;
    }
    if (pointer == 0 || end >= head.length) {
      return Optional.empty();
    }
    return Optional.of(new String(head, start, end - start, StandardCharsets.US_ASCII))
        .filter(ImageVersion::isVersion);
  }
}
