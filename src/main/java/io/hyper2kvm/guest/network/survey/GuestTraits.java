package io.hyper2kvm.guest.network.survey;

import io.hyper2kvm.guest.boot.BootFile;
import io.hyper2kvm.guest.distribution.Release;
import java.util.Map;
import java.util.Objects;

/**
 * What the caller knows of the guest beside its network files.
 *
 * @param naming what gives the cards their names, and so pins them
 * @param predictableNames udev renames cards by their place ({@code net.ifnames} is not 0)
 * @param machine the network cards that the machine has
 * @param release its distribution and release, which tell what reads which files
 */
public record GuestTraits(
    CardNaming naming, boolean predictableNames, MachineCards machine, Release release) {

  /** The most cards that are named; more in one guest is taken for a damaged configuration. */
  public static final int MAX_CARDS = 64;

  public GuestTraits {
    Objects.requireNonNull(naming, "naming");
    Objects.requireNonNull(machine, "machine");
    Objects.requireNonNull(release, "release");
  }

  /** A guest of which no release is known. */
  public GuestTraits(CardNaming naming, boolean predictableNames, MachineCards machine) {
    this(naming, predictableNames, machine, Release.UNKNOWN);
  }

  /**
   * A guest of whose machine at most the number of cards is known.
   *
   * @param cards how many network cards the machine has; 0 when not known
   */
  public GuestTraits(CardNaming naming, boolean predictableNames, int cards) {
    this(naming, predictableNames, MachineCards.ofCount(cards));
  }

  /**
   * The traits of a guest.
   *
   * @param files the guest's configuration files; its boot loader's tell of {@code net.ifnames=0}
   * @param naming what gives the cards their names
   * @param release its distribution and release
   */
  public static GuestTraits of(
      Map<String, String> files, CardNaming naming, MachineCards machine, Release release) {
    boolean oldNames =
        files.entrySet().stream()
            .filter(file -> BootFile.of(file.getKey()).isPresent())
            .anyMatch(file -> file.getValue().contains("net.ifnames=0"));
    return new GuestTraits(naming, !oldNames, machine, release);
  }

  /** Whether udev reads {@code .link} files. */
  public boolean systemdLink() {
    return naming == CardNaming.LINKS;
  }

  /** How many network cards the machine has; 0 when that is not known, or when it has none. */
  public int cards() {
    return machine.cards().size();
  }
}
