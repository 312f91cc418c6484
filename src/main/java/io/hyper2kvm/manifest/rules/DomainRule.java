package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Problems;
import io.hyper2kvm.manifest.parse.Shown;
import java.util.Map;
import java.util.Optional;

/**
 * Each network that cards are connected to has a name, is named once, and says what it is: a bridge
 * or a network for libvirt, one of Multus's or the pod's for KubeVirt, or one for either.
 */
public final class DomainRule implements ManifestRule {

  @Override
  public void check(Draft draft, Problems problems) {
    for (Draft.Vm vm : draft.vms()) {
      vm.section("convert").ifPresent(convert -> check(convert, problems));
    }
  }

  private static void check(Node convert, Problems problems) {
    Optional<Node> networks =
        convert.field(DomainKeys.NETWORKS).filter(node -> node.is(Node.Kind.OBJECT));
    Optional<Node> older =
        convert
            .field(DomainKeys.DOMAIN, DomainKeys.NETWORKS)
            .filter(node -> node.is(Node.Kind.OBJECT));
    networks.ifPresent(node -> checkEach(node, problems));
    older.ifPresent(node -> checkEach(node, problems));
    if (networks.isPresent() && older.isPresent()) {
      refuseTwice(networks.get(), older.get(), problems);
    }
  }

  private static void refuseTwice(Node networks, Node older, Problems problems) {
    for (Map.Entry<String, Node> entry : older.fields().entrySet()) {
      if (problems.isFull()) {
        return;
      }
      Optional<Node> other = networks.field(entry.getKey());
      if (other.isPresent()) {
        problems.add(
            entry.getValue().pointer(),
            entry.getValue().keyAt(),
            Shown.quoted(entry.getKey()),
            "the network %s stands in \"convert\": \"networks\", too, in line %d"
                .formatted(Shown.quoted(entry.getKey()), other.get().keyAt().line()),
            Optional.of("Remove it here."));
      }
    }
  }

  private static void checkEach(Node networks, Problems problems) {
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
    boolean libvirt = hasOne(network, "bridge", "network", problems);
    boolean kubevirt = hasOne(network, "multus", "pod", problems);
    if (!libvirt && !kubevirt) {
      problems.at(
          network,
          network.shown(),
          "the key \"bridge\" or \"network\" is missing",
          "Name a bridge of the host, or a network of libvirt's; for KubeVirt, \"multus\" or \"pod\".");
    }
    // A number as 7.0 is whole for the schema.
    Optional<Node> vlan = network.field("vlan");
    vlan.filter(node -> node.scalar() instanceof Double)
        .ifPresent(
            node ->
                problems.at(node, node.shown(), "must be a whole number, found " + node.shown()));
    if (vlan.isPresent() && kubevirt && !libvirt) {
      problems.at(
          vlan.get(),
          vlan.get().shown(),
          "the VLAN of a network of KubeVirt's is not its VM's to say",
          "Remove it, and name it in the NetworkAttachmentDefinition.");
    }
  }

  /** Whether one of two keys is there; both are a problem. */
  private static boolean hasOne(Node network, String one, String other, Problems problems) {
    boolean first = network.field(one).isPresent();
    if (first && network.field(other).isPresent()) {
      problems.at(
          network,
          network.shown(),
          "a card is connected to a \"%s\" or to a \"%s\", not to both".formatted(one, other),
          "Remove one of the two.");
    }
    return first || network.field(other).isPresent();
  }
}
