package io.hyper2kvm.guest.network.survey;

import io.hyper2kvm.guest.boot.GrubConfig;
import io.hyper2kvm.guest.boot.GrubDefaults;
import java.util.Map;
import java.util.Objects;

/**
 * What the caller knows of the guest beside its network files.
 *
 * @param naming what gives the cards their names, and so pins them
 * @param predictableNames udev renames cards by their place ({@code net.ifnames} is not 0)
 * @param cards how many network cards the machine has; 0 when not known
 */
public record GuestTraits(CardNaming naming, boolean predictableNames, int cards) {

  /** The most cards that are named; more in one guest is taken for a damaged configuration. */
  static final int MAX_CARDS = 64;

  public GuestTraits {
    Objects.requireNonNull(naming, "naming");
    if (cards < 0) {
      throw new IllegalArgumentException("cards is negative: " + cards);
    }
  }

  /**
   * The traits of a guest whose number of cards is not known.
   *
   * @param files the guest's configuration files; its boot loader's tell of {@code net.ifnames=0}
   * @param naming what gives the cards their names
   */
  public static GuestTraits of(Map<String, String> files, CardNaming naming) {
    boolean oldNames =
        files.entrySet().stream()
            .filter(
                file ->
                    GrubConfig.FILES.contains(file.getKey())
                        || file.getKey().equals(GrubDefaults.FILE))
            .anyMatch(file -> file.getValue().contains("net.ifnames=0"));
    return new GuestTraits(naming, !oldNames, 0);
  }

  /** Whether udev reads {@code .link} files. */
  public boolean systemdLink() {
    return naming == CardNaming.LINKS;
  }
}
