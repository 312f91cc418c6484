package io.hyper2kvm.guest.disk;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the type of a partition says of its use: the ones of the specification of discoverable
 * partitions that matter here, for x86. systemd mounts some of them without a row in fstab.
 */
public enum DiscoverablePartition {

  /** The EFI system partition, also by its type in an MBR. */
  ESP("c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "0xef"),
  /** The boot loader specification's extended boot partition. */
  EXTENDED_BOOT("bc13c2ff-59e6-4262-a352-b275fd6f7172"),
  /** A root file system. */
  ROOT("4f68bce3-e8cd-4db1-96e7-fbcaf984b709", "44479540-f297-41b2-9af7-d131d5f0458a"),
  /** {@code /usr}. */
  USR("8484680c-9521-48c6-9c11-b0720656f69e", "75250d76-8cc6-458e-bd66-bd47cc81a812"),
  /** {@code /var} of one installation. */
  VAR("4d21b016-b534-45c2-a9fb-5c16e091fd2d");

  /** The attribute of a partition that is not mounted by its type. */
  private static final int NO_AUTO_BIT = 63;

  private final Set<String> types;

  DiscoverablePartition(String... types) {
    this.types = Set.of(types);
  }

  /**
   * The use of a partition of this type.
   *
   * @param type as blkid prints it, in any case
   */
  public static Optional<DiscoverablePartition> of(String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    for (DiscoverablePartition use : values()) {
      if (use.types.contains(lower)) {
        return Optional.of(use);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether the attributes of a GPT partition forbid to mount it by its type.
   *
   * @param flags as blkid prints them, {@code 0x8000000000000000}; empty when there are none
   */
  public static boolean isHidden(String flags) {
    return flags.matches("0x[0-9a-fA-F]{1,16}")
        && (Long.parseUnsignedLong(flags.substring(2), 16) >>> NO_AUTO_BIT & 1) == 1;
  }

  /**
   * The UUID that a partition for {@code /var} has when it belongs to an installation: systemd
   * makes it of the machine's id, so that the {@code /var} of another one is not mounted.
   *
   * @param machineId the text of {@code /etc/machine-id}
   * @return empty when that is none
   */
  public static Optional<String> varUuid(String machineId) {
    String id = machineId.strip();
    if (!id.matches("[0-9a-f]{32}")) {
      return Optional.empty();
    }
    String type = VAR.types.iterator().next().replace("-", "");
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(HexFormat.of().parseHex(id), "HmacSHA256"));
      ByteBuffer digest = ByteBuffer.wrap(mac.doFinal(HexFormat.of().parseHex(type)));
      // The version and the variant of a random UUID.
      long high = digest.getLong() & ~0xf000L | 0x4000L;
      long low = digest.getLong() & 0x3fffffffffffffffL | 0x8000000000000000L;
      return Optional.of(new UUID(high, low).toString());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
