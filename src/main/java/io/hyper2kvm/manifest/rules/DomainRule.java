package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Problems;
import io.hyper2kvm.manifest.parse.Shown;
import java.util.Map;
import java.util.Optional;

/** Each network of a libvirt domain has a name, and is either a bridge or a network. */
public final class DomainRule implements ManifestRule {

  @Override
  public void check(Draft draft, Problems problems) {
    for (Draft.Vm vm : draft.vms()) {
      vm.section("convert")
          .flatMap(convert -> convert.field("domain", "networks"))
          .filter(networks -> networks.is(Node.Kind.OBJECT))
          .ifPresent(networks -> check(networks, problems));
    }
  }

  private static void check(Node networks, Problems problems) {
    for (Map.Entry<String, Node> entry : networks.fields().entrySet()) {
      if (problems.isFull()) {
        return;
      }
      Node network = entry.getValue();
      if (!DomainSpec.isNetworkName(entry.getKey())) {
        problems.add(
            network.pointer(),
            network.keyAt(),
            Shown.quoted(entry.getKey()),
            "the name of a network must have 1 to %d characters and no control characters"
                .formatted(DomainSpec.LONGEST_NETWORK),
            Optional.of("Write the name that the source's description has."));
      }
      if (network.is(Node.Kind.OBJECT)) {
        checkTarget(network, problems);
      }
    }
  }

  private static void checkTarget(Node network, Problems problems) {
    boolean bridge = network.field("bridge").isPresent();
    if (bridge == network.field("network").isPresent()) {
      problems.at(
          network,
          network.shown(),
          bridge
              ? "a card is connected to a \"bridge\" or to a \"network\", not to both"
              : "the key \"bridge\" or \"network\" is missing",
          bridge
              ? "Remove one of the two."
              : "Name a bridge of the host, or a network of libvirt's.");
    }
    // A number as 7.0 is whole for the schema.
    network
        .field("vlan")
        .filter(vlan -> vlan.scalar() instanceof Double)
        .ifPresent(
            vlan ->
                problems.at(vlan, vlan.shown(), "must be a whole number, found " + vlan.shown()));
  }
}
