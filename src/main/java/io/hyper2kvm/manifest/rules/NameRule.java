package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Problems;
import io.hyper2kvm.manifest.parse.Shown;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A manifest has a valid name, be it its file's, and a VM's name is its own in the batch. */
public final class NameRule implements ManifestRule {

  @Override
  public void check(Draft draft, Problems problems) {
    Node root = draft.root();
    if (root.field("name").isEmpty()) {
      checkStem(draft, problems);
    }
    if (draft.batch()) {
      checkUnique(draft, problems);
    }
  }

  private static void checkStem(Draft draft, Problems problems) {
    String stem = Draft.stem(draft.fileName());
    if (!VmSpec.isName(stem)) {
      problems.add(
          draft.root().pointer("name"),
          draft.root().at(),
          Shown.quoted(stem),
          "without the key \"name\" the file's name is the name, and it %s, found %s"
              .formatted(ValueWords.NAME_WORDS, Shown.quoted(stem)),
          Optional.of("Add \"name\": \"%s\", or rename the file.".formatted(valid(stem))));
    }
  }

  private static void checkUnique(Draft draft, Problems problems) {
    Map<String, Node> seen = new HashMap<>();
    for (Draft.Vm vm : draft.vms()) {
      vm.node()
          .field("name")
          .filter(node -> node.is(Node.Kind.TEXT))
          .ifPresent(
              node -> {
                Node earlier = seen.putIfAbsent(node.asText().orElseThrow(), node);
                if (earlier != null) {
                  problems.at(
                      node,
                      node.shown(),
                      "the name %s is taken by the VM in line %d"
                          .formatted(node.shown(), earlier.at().line()),
                      "Give every VM of the batch a name of its own.");
                }
              });
    }
  }

  private static String valid(String stem) {
    String name =
        stem.length() > 128 ? stem.substring(0, 128) : stem; // more would not be valid either
    name = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[._-]+|-+$", "");
    return VmSpec.isName(name) ? name : "my-vm";
  }
}
