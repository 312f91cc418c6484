package io.hyper2kvm.guest.network.survey;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A network interface that the guest's configuration brings up, cards and what is built on them.
 *
 * @param name the name it has in the guest, before and after
 * @param configuredIn absolute guest path of the first file that speaks of it
 * @param addresses static ones with their prefix length, {@code 192.0.2.10/24}, or {@code dhcp}
 * @param gateway the default gateway set with this interface
 * @param oldMac hardware address it was bound to, lower case with colons
 */
public record Interface(
    String name,
    String configuredIn,
    List<String> addresses,
    Optional<String> gateway,
    Optional<String> oldMac) {

  public Interface {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(configuredIn, "configuredIn");
    addresses = List.copyOf(addresses);
    Objects.requireNonNull(gateway, "gateway");
    Objects.requireNonNull(oldMac, "oldMac");
  }
}
