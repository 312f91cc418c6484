package io.hyper2kvm.guest.network.survey;

import io.hyper2kvm.guest.boot.BootFile;
import java.util.Map;
import java.util.Objects;

/**
 * What the caller knows of the guest beside its network files.
 *
 * @param systemdLink udev reads {@code .link} files (systemd 209 and later); otherwise the names
 *     are pinned by a udev rule
 * @param predictableNames udev renames cards by their place ({@code net.ifnames} is not 0)
 * @param machine the network cards that the machine has
 */
public record GuestTraits(boolean systemdLink, boolean predictableNames, MachineCards machine) {

  /** The most cards that are named; more in one guest is taken for a damaged configuration. */
  public static final int MAX_CARDS = 64;

  public GuestTraits {
    Objects.requireNonNull(machine, "machine");
  }

  /**
   * A guest of whose machine at most the number of cards is known.
   *
   * @param cards how many network cards the machine has; 0 when not known
   */
  public GuestTraits(boolean systemdLink, boolean predictableNames, int cards) {
    this(systemdLink, predictableNames, MachineCards.ofCount(cards));
  }

  /**
   * The traits of a guest.
   *
   * @param files the guest's configuration files; its boot loader's tell of {@code net.ifnames=0}
   * @param systemdLink udev reads {@code .link} files
   */
  public static GuestTraits of(
      Map<String, String> files, boolean systemdLink, MachineCards machine) {
    boolean oldNames =
        files.entrySet().stream()
            .filter(file -> BootFile.of(file.getKey()).isPresent())
            .anyMatch(file -> file.getValue().contains("net.ifnames=0"));
    return new GuestTraits(systemdLink, !oldNames, machine);
  }

  /** How many network cards the machine has; 0 when that is not known, or when it has none. */
  public int cards() {
    return machine.cards().size();
  }
}
