package io.hyper2kvm.manifest;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.ClusterNetwork;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainNetwork.Kind;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.KubevirtSpec;
import io.hyper2kvm.manifest.model.VolumeKind;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.rules.DomainKeys;
import io.hyper2kvm.manifest.rules.Words;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Makes the record of what a section {@code convert} without problems asks for in a domain. */
final class DomainRecords {

  private DomainRecords() {}

  static DomainSpec of(Node convert) {
    Map<String, DomainNetwork> networks = new LinkedHashMap<>();
    Map<String, ClusterNetwork> cluster = new LinkedHashMap<>();
    DomainKeys.networks(convert)
        .forEach(
            (name, node) -> {
              network(node).ifPresent(network -> networks.put(name, network));
              clusterNetwork(node).ifPresent(network -> cluster.put(name, network));
            });
    return new DomainSpec(
        word(convert, "disk_bus")
            .map(word -> Words.find(DiskBus.values(), DiskBus::text, word).orElseThrow()),
        word(convert, "network_model")
            .map(word -> Words.find(CardModel.values(), CardModel::text, word).orElseThrow()),
        networks,
        word(convert, "cpu"),
        new KubevirtSpec(
            cluster,
            word(convert, "storage")
                .map(
                    word ->
                        Words.find(VolumeKind.values(), VolumeKind::text, word).orElseThrow())));
  }

  /** The networks that are named below a VM's own object, and not taken over from the defaults. */
  static Set<String> networksBelow(Node vm, Node convert) {
    Set<String> own = new LinkedHashSet<>();
    DomainKeys.networks(convert)
        .forEach(
            (name, node) -> {
              if (node.isBelow(vm)) {
                own.add(name);
              }
            });
    return own;
  }

  private static Optional<String> word(Node convert, String key) {
    return convert.field("domain").flatMap(domain -> domain.textOf(key));
  }

  private static Optional<DomainNetwork> network(Node network) {
    Optional<String> bridge = network.textOf(Kind.BRIDGE.text());
    return bridge
        .or(() -> network.textOf(Kind.NETWORK.text()))
        .map(
            name ->
                new DomainNetwork(
                    bridge.isPresent() ? Kind.BRIDGE : Kind.NETWORK,
                    name,
                    network
                        .field("vlan")
                        .map(vlan -> OptionalInt.of(((Long) vlan.scalar()).intValue()))
                        .orElse(OptionalInt.empty())));
  }

  private static Optional<ClusterNetwork> clusterNetwork(Node network) {
    Optional<String> multus = network.textOf(ClusterNetwork.Kind.MULTUS.text());
    return multus
        .or(() -> network.textOf(ClusterNetwork.Kind.POD.text()))
        .map(
            name ->
                new ClusterNetwork(
                    multus.isPresent() ? ClusterNetwork.Kind.MULTUS : ClusterNetwork.Kind.POD,
                    name));
  }
}
