package io.hyper2kvm.stage.machine;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * One network card of a machine.
 *
 * @param mac its address, six pairs of lower-case hexadecimal digits with colons
 * @param model as the machine's description calls it, e.g. {@code VmxNet3}; may be empty
 * @param network the name of the network that it was connected to; may be empty
 * @param address its place among the cards
 * @param connected whether it is connected when the machine starts
 * @param name the name of its interface in the guest, as the operator says
 * @param slot VMware's number of its PCI slot on the old machine
 */
public record NetworkCard(
    Optional<String> mac,
    String model,
    String network,
    OptionalInt address,
    boolean connected,
    Optional<String> name,
    OptionalInt slot) {

  private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");
  private static final String NO_ADDRESS = "00:00:00:00:00:00";

  public NetworkCard {
    mac.ifPresent(
        text -> {
          if (!isAddress(text)) {
            throw new IllegalArgumentException("not the MAC address of a card: " + text);
          }
        });
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(slot, "slot");
  }

  /** A card whose slot is not known. */
  public NetworkCard(
      Optional<String> mac,
      String model,
      String network,
      OptionalInt address,
      boolean connected,
      Optional<String> name) {
    this(mac, model, network, address, connected, name, OptionalInt.empty());
  }

  /** A connected card of which the operator says nothing. */
  public NetworkCard(Optional<String> mac, String model, String network, OptionalInt address) {
    this(mac, model, network, address, true, Optional.empty());
  }

  /** A card of which nothing is known. */
  public static NetworkCard any() {
    return new NetworkCard(Optional.empty(), "", "", OptionalInt.empty());
  }

  /**
   * A card with an address, if what is written is one that a card can have.
   *
   * @param text as a description or a guest has it: any case, with colons or dashes
   */
  public static NetworkCard withMac(String text) {
    return new NetworkCard(macOf(text), "", "", OptionalInt.empty());
  }

  /** The same card as the operator names it, with the address that it says if it has none. */
  public NetworkCard named(Optional<String> interfaceName, Optional<String> statedMac) {
    return new NetworkCard(
        mac.or(() -> statedMac), model, network, address, connected, interfaceName, slot);
  }

  /** The address that is written, in the form of {@link #mac}. */
  static Optional<String> macOf(String text) {
    return Optional.of(text.strip().toLowerCase(Locale.ROOT).replace('-', ':'))
        .filter(NetworkCard::isAddress);
  }

  /** With an odd first byte it is a group's; libvirt refuses it. */
  private static boolean isAddress(String mac) {
    return MAC.matcher(mac).matches()
        && (Integer.parseInt(mac.substring(0, 2), 16) & 1) == 0
        && !mac.equals(NO_ADDRESS);
  }
}
