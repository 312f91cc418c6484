package io.hyper2kvm.guest.network.survey;

import io.hyper2kvm.guest.boot.BootFile;
import java.util.Map;

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

  /**
   * The traits of a guest whose number of cards is not known.
   *
   * @param files the guest's configuration files; its boot loader's tell of {@code net.ifnames=0}
   * @param systemdLink udev reads {@code .link} files
   */
  public static GuestTraits of(Map<String, String> files, boolean systemdLink) {
    boolean oldNames =
        files.entrySet().stream()
            .filter(file -> BootFile.of(file.getKey()).isPresent())
            .anyMatch(file -> file.getValue().contains("net.ifnames=0"));
    return new GuestTraits(systemdLink, !oldNames, 0);
  }
}
