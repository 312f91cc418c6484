package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Problems;
import io.hyper2kvm.manifest.parse.Shown;
import java.util.List;
import java.util.Optional;

/** A single VM has a pipeline, a batch has VMs, and every VM has a source. */
public final class PresenceRule implements ManifestRule {

  private static final List<String> BATCH_ONLY = List.of("defaults", "on_failure");

  private final UnknownKeyWords unknownKeys;

  public PresenceRule(UnknownKeyWords unknownKeys) {
    this.unknownKeys = unknownKeys;
  }

  @Override
  public void check(Draft draft, Problems problems) {
    Node root = draft.root();
    boolean saysBatch = root.boolOf("batch").orElse(false);
    boolean batchUnclear = root.field("batch").filter(b -> !b.is(Node.Kind.BOOLEAN)).isPresent();
    if (draft.batch()) {
      checkBatch(root, problems);
    } else {
      checkSingle(root, problems);
    }
    if (!saysBatch && !batchUnclear) {
      refuseBatchKeys(root, problems);
    }
    draft.vms().forEach(vm -> checkSource(vm, draft.batch(), problems));
    draft.vms().forEach(vm -> checkScript(vm, problems));
  }

  private void checkScript(Draft.Vm vm, Problems problems) {
    Optional<Node> section = vm.section("firstboot");
    if (section.filter(node -> node.is(Node.Kind.OBJECT)).isPresent()
        && section.get().boolOf("enabled").orElse(true)
        && section.get().field("script").isEmpty()) {
      missing(
          section.get(),
          "script",
          "the key \"script\" is missing",
          "Name the script that the guest runs at its first boot.",
          problems);
    }
  }

  private void checkBatch(Node root, Problems problems) {
    if (root.field("vms").isEmpty()) {
      missing(root, "vms", "a batch needs \"vms\"", "List the VMs in it.", problems);
    }
    misplaced(
        root,
        "pipeline",
        "a batch has no pipeline of its own",
        "Put what the VMs share under \"defaults\": \"pipeline\".",
        problems);
  }

  private void checkSingle(Node root, Problems problems) {
    if (root.field("pipeline").isEmpty()) {
      missing(
          root,
          "pipeline",
          "the key \"pipeline\" is missing",
          "Add it with a \"load\" section, or write a batch with \"batch\": true and \"vms\".",
          problems);
    }
  }

  private static void refuseBatchKeys(Node root, Problems problems) {
    boolean both = root.field("pipeline").isPresent();
    misplaced(
        root,
        "vms",
        both
            ? "a manifest has either a \"pipeline\" or \"vms\", not both"
            : "only a batch has \"vms\"",
        both ? "Remove one of the two." : "Add \"batch\": true.",
        problems);
    for (String key : BATCH_ONLY) {
      misplaced(
          root,
          key,
          "only a batch has \"%s\"".formatted(key),
          root.field("vms").isPresent() ? "Add \"batch\": true." : "Remove it.",
          problems);
    }
  }

  private void checkSource(Draft.Vm vm, boolean batch, Problems problems) {
    Optional<Node> written = vm.node().field("pipeline");
    boolean malformed = written.filter(p -> !p.is(Node.Kind.OBJECT)).isPresent();
    if (malformed || (!batch && written.isEmpty())) {
      return; // reported already
    }
    String elsewhere = batch ? ", here and in \"defaults\"" : "";
    Optional<Node> load = vm.section("load");
    if (load.isEmpty()) {
      Node holder = written.orElse(vm.node());
      missing(
          holder,
          written.isPresent() ? "load" : "pipeline",
          "the section \"load\" is missing" + elsewhere,
          "Add it to the VM's pipeline, with a \"source_path\".",
          problems);
    } else if (load.get().is(Node.Kind.OBJECT) && load.get().field("source_path").isEmpty()) {
      missing(
          load.get(),
          "source_path",
          "the key \"source_path\" is missing" + elsewhere,
          "Name the VM's first disk, or its OVA.",
          problems);
    }
  }

  private void missing(
      Node object, String key, String message, String suggestion, Problems problems) {
    if (!unknownKeys.isMisspelt(object, key)) {
      problems.add(object.pointer(key), object.at(), "", message, Optional.of(suggestion));
    }
  }

  private static void misplaced(
      Node object, String key, String message, String suggestion, Problems problems) {
    object
        .field(key)
        .ifPresent(
            node ->
                problems.add(
                    node.pointer(),
                    node.keyAt(),
                    Shown.quoted(key),
                    message,
                    Optional.of(suggestion)));
  }
}
