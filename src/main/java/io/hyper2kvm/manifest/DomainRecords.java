package io.hyper2kvm.manifest;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainNetwork.Kind;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.rules.Words;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes the record of a section {@code convert.domain} without problems. */
final class DomainRecords {

  private DomainRecords() {}

  static DomainSpec of(Node domain) {
    Map<String, DomainNetwork> networks = new LinkedHashMap<>();
    domain
        .field("networks")
        .ifPresent(node -> node.fields().forEach((name, n) -> networks.put(name, network(n))));
    return new DomainSpec(
        domain
            .textOf("disk_bus")
            .map(word -> Words.find(DiskBus.values(), DiskBus::text, word).orElseThrow()),
        domain
            .textOf("network_model")
            .map(word -> Words.find(CardModel.values(), CardModel::text, word).orElseThrow()),
        networks,
        domain.textOf("cpu"));
  }

  private static DomainNetwork network(Node network) {
    Optional<String> bridge = network.textOf(Kind.BRIDGE.text());
    return new DomainNetwork(
        bridge.isPresent() ? Kind.BRIDGE : Kind.NETWORK,
        bridge.or(() -> network.textOf(Kind.NETWORK.text())).orElseThrow(),
        network
            .field("vlan")
            .map(vlan -> OptionalInt.of(((Long) vlan.scalar()).intValue()))
            .orElse(OptionalInt.empty()));
  }
}
