package io.hyper2kvm.stage.domain;

import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainNetwork.Kind;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One network card of a domain.
 *
 * @param mac its address; without one libvirt makes it up
 * @param network what it is connected to
 * @param connected whether its cable is plugged in at the start
 */
public record DomainCard(Optional<String> mac, DomainNetwork network, boolean connected) {

  /** The network that every libvirt has. */
  public static final DomainNetwork DEFAULT =
      new DomainNetwork(Kind.NETWORK, "default", OptionalInt.empty());

  public DomainCard {
    Objects.requireNonNull(mac, "mac");
    Objects.requireNonNull(network, "network");
  }
}
