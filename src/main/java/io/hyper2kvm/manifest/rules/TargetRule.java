package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.model.KubernetesName;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Problems;
import io.hyper2kvm.manifest.parse.Shown;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked for in a VM's description is what its target has, and is asked for once; and no two
 * VMs of KubeVirt's have one name.
 */
public final class TargetRule implements ManifestRule {

  /** What libvirt has and KubeVirt has not, and what to write instead. */
  private static final Map<String, Map<String, String>> NOT_IN_KUBEVIRT =
      Map.of(
          "disk_bus", Map.of("ide", "Write sata."),
          "network_model", Map.of("vmxnet3", "Write e1000e."),
          "cpu", Map.of("maximum", "Write host-passthrough, host-model, or a model."));

  @Override
  public void check(Draft draft, Problems problems) {
    Map<String, Draft.Vm> names = new HashMap<>();
    for (Draft.Vm vm : draft.vms()) {
      vm.section("convert").ifPresent(convert -> check(vm, convert, problems));
      if (vm.target() == DomainTarget.KUBEVIRT && vm.name().isPresent()) {
        Draft.Vm earlier = names.putIfAbsent(KubernetesName.of(vm.name().get()), vm);
        // Two VMs of one name are reported as such.
        if (earlier != null && !earlier.name().equals(vm.name())) {
          refuseName(vm, earlier, problems);
        }
      }
    }
  }

  private static void refuseName(Draft.Vm vm, Draft.Vm earlier, Problems problems) {
    Node name = vm.node().field("name").orElse(vm.node());
    Node other = earlier.node().field("name").orElse(earlier.node());
    problems.at(
        name,
        name.shown(),
        "in KubeVirt the VM would be called %s, as would the one of line %d"
            .formatted(KubernetesName.of(vm.name().orElseThrow()), other.at().line()),
        "Give the VMs names that differ in more than capitals, dots, hyphens and underscores.");
  }

  private static void check(Draft.Vm vm, Node convert, Problems problems) {
    Optional<DomainTarget> named = DomainKeys.named(convert);
    named.ifPresent(target -> refuseContradiction(target, convert, problems));
    DomainTarget target = vm.target();
    if (target == DomainTarget.KUBEVIRT) {
      NOT_IN_KUBEVIRT.forEach((key, words) -> refuseWords(convert, key, words, problems));
    }
    convert
        .field(DomainKeys.DOMAIN, "storage")
        .filter(storage -> target == DomainTarget.LIBVIRT)
        .ifPresent(
            storage ->
                problems.at(
                    storage,
                    storage.shown(),
                    "the target is libvirt, and \"storage\" is KubeVirt's",
                    "Remove it, or write \"target\": \"kubevirt\"."));
    if (target != DomainTarget.NONE) {
      DomainKeys.networks(convert).forEach((name, node) -> check(name, node, target, problems));
    }
  }

  private static void refuseContradiction(DomainTarget target, Node convert, Problems problems) {
    Optional<Boolean> xml = convert.boolOf(DomainKeys.DOMAIN_XML);
    if (xml.isPresent() && xml.get() != (target == DomainTarget.LIBVIRT)) {
      Node node = DomainKeys.targetNode(convert).orElseThrow();
      Node other = convert.field(DomainKeys.DOMAIN_XML).orElseThrow();
      problems.at(
          node,
          node.shown(),
          "the target is %s, and \"domain_xml\": %s stands in line %d"
              .formatted(target.text(), xml.get(), other.at().line()),
          "Remove \"domain_xml\", or write %s.".formatted(xml.get() ? "\"libvirt\"" : "\"none\""));
    }
  }

  private static void refuseWords(
      Node convert, String key, Map<String, String> words, Problems problems) {
    convert
        .field(DomainKeys.DOMAIN, key)
        .ifPresent(
            node ->
                node.asText()
                    .map(words::get)
                    .ifPresent(
                        instead ->
                            problems.at(
                                node, node.shown(), "KubeVirt has no " + node.shown(), instead)));
  }

  private static void check(String name, Node network, DomainTarget target, Problems problems) {
    boolean libvirt = network.field("bridge").isPresent() || network.field("network").isPresent();
    boolean kubevirt = network.field("multus").isPresent() || network.field("pod").isPresent();
    if ((libvirt || kubevirt) && !(target == DomainTarget.LIBVIRT ? libvirt : kubevirt)) {
      problems.at(
          network,
          network.shown(),
          "the target is %s, and the network %s says nothing for it"
              .formatted(target.text(), Shown.quoted(name)),
          target == DomainTarget.LIBVIRT
              ? "Write \"bridge\" or \"network\"."
              : "Write \"multus\" or \"pod\".");
    }
  }
}
