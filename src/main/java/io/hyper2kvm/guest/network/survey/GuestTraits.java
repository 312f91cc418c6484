package io.hyper2kvm.guest.network.survey;

/**
 * What the caller knows of the guest beside its network files.
 *
 * @param systemdLink udev reads {@code .link} files (systemd 209 and later); otherwise the names
 *     are pinned by a udev rule
 * @param predictableNames udev renames cards by their place ({@code net.ifnames} is not 0)
 * @param cards how many network cards the machine has; 0 when not known
 */
public record GuestTraits(boolean systemdLink, boolean predictableNames, int cards) {

  /** The most cards that are named; more in one guest is taken for a damaged configuration. */
  static final int MAX_CARDS = 64;

  public GuestTraits {
    if (cards < 0) {
      throw new IllegalArgumentException("cards is negative: " + cards);
    }
  }

  /** Traits of a guest whose number of cards is not known. */
  public GuestTraits(boolean systemdLink, boolean predictableNames) {
    this(systemdLink, predictableNames, 0);
  }
}
