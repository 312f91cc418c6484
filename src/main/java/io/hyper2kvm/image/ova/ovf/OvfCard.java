package io.hyper2kvm.image.ova.ovf;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A network card of the virtual hardware.
 *
 * @param mac its address as {@code 00:50:56:01:02:03} in lower case, when the description has it
 * @param model as the description calls it, e.g. {@code VmxNet3}, {@code E1000}; may be empty
 * @param network the name of the network that it was connected to; may be empty
 * @param address its place among the cards, when that is said
 * @param connected whether it is connected when the machine starts
 * @param slot VMware's number of its PCI slot, when that is said
 */
public record OvfCard(
    Optional<String> mac,
    String model,
    String network,
    OptionalInt address,
    boolean connected,
    OptionalInt slot) {

  public OvfCard {
    Objects.requireNonNull(mac, "mac");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(slot, "slot");
  }
}
