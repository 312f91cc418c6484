package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.model.SourceType;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Problems;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A VM's disks are different files, and an OVA brings its disks itself. */
public final class DiskRule implements ManifestRule {

  @Override
  public void check(Draft draft, Problems problems) {
    for (Draft.Vm vm : draft.vms()) {
      refuseTwice(vm, problems);
      refuseBesideOva(vm, problems);
    }
  }

  private static void refuseTwice(Draft.Vm vm, Problems problems) {
    Map<Path, Node> seen = new HashMap<>();
    for (Draft.Place disk : vm.disks()) {
      Node earlier = seen.putIfAbsent(disk.path(), disk.node());
      if (earlier != null) {
        problems.at(
            disk.node(),
            disk.node().shown(),
            "the VM has this disk already, from line %d".formatted(earlier.at().line()),
            "Name every disk once.");
      }
    }
  }

  private static String article(SourceType type) {
    return (type == SourceType.VMX ? "a " : "an ") + type.text();
  }

  private static void refuseBesideOva(Draft.Vm vm, Problems problems) {
    Optional<Node> load = vm.section("load");
    Optional<Node> disks =
        load.flatMap(l -> l.field("additional_disks")).filter(d -> !d.items().isEmpty());
    load.flatMap(l -> l.textOf("source_type"))
        .flatMap(word -> Words.find(SourceType.values(), SourceType::text, word))
        .filter(SourceType::bringsItsDisks)
        .ifPresent(
            type ->
                disks.ifPresent(
                    node ->
                        problems.at(
                            node,
                            node.items().size() + " disks",
                            "%s brings its disks itself".formatted(article(type)),
                            "Remove \"additional_disks\".")));
  }
}
