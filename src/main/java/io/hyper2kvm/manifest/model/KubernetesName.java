package io.hyper2kvm.manifest.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The names of a VM and its volumes in Kubernetes: labels after RFC 1123, of small letters, digits
 * and hyphens, with at most 63 characters and no hyphen at an end.
 */
public final class KubernetesName {

  /** What remains of a label's 63 characters before {@code -disk} and two digits. */
  public static final int LONGEST = 56;

  private static final int HASH = 8;

  private KubernetesName() {}

  /**
   * A VM's name as a label. Capitals become small, dots and underscores hyphens. A name that is too
   * long is cut, and gets a part of its SHA-256, so that two names with one beginning stay two.
   *
   * @param vm a name as {@link VmSpec} has it
   */
  public static String of(String vm) {
    String label = withoutEnd(vm.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-"));
    return label.length() <= LONGEST
        ? label
        : withoutEnd(label.substring(0, LONGEST - HASH - 1)) + "-" + hash(vm);
  }

  /**
   * The name of the volume for a disk.
   *
   * @param disk the disk's place in the VM, from 0
   */
  public static String ofDisk(String vm, int disk) {
    return of(vm) + "-disk" + (disk + 1);
  }

  private static String withoutEnd(String label) {
    int end = label.length();
    while (end > 1 && label.charAt(end - 1) == '-') {
      end--;
    }
    return label.substring(0, end);
  }

  private static String hash(String vm) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(vm.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }
}
