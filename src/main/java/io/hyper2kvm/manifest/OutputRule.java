package io.hyper2kvm.manifest;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every output is a file of its own: no other output's, no other's directory, and no source. */
final class OutputRule implements ManifestRule {

  @Override
  public void check(Draft draft, Problems problems) {
    Map<Path, Draft.Place> outputs = new LinkedHashMap<>();
    for (Draft.Vm vm : draft.vms()) {
      vm.output().ifPresent(output -> claim(output, vm.disks().size(), outputs, problems));
    }
    Map<Path, Node> sources = new HashMap<>();
    for (Draft.Vm vm : draft.vms()) {
      vm.disks().forEach(disk -> sources.putIfAbsent(disk.path(), disk.node()));
    }
    outputs.forEach(
        (path, output) -> {
          refuseSource(path, output, sources, problems);
          refuseBelowOutput("output", path, output.node(), outputs, problems);
        });
    sources.forEach((path, node) -> refuseBelowOutput("source", path, node, outputs, problems));
  }

  private static void claim(
      Draft.Place output, int disks, Map<Path, Draft.Place> outputs, Problems problems) {
    for (int disk = 0; disk < Math.max(1, disks); disk++) {
      Path path = ConvertSpec.outputOfDisk(output.path(), disk);
      Draft.Place earlier = outputs.putIfAbsent(path, output);
      if (earlier != null) {
        refuseTwice(path, output.node(), earlier.node(), problems);
        return;
      }
    }
  }

  private static void refuseTwice(Path path, Node output, Node earlier, Problems problems) {
    if (!output.hasKey("output_path") && !earlier.hasKey("output_path")) {
      return; // two names by default are one only if the VMs' names are, which is reported
    }
    String shown = Shown.text(path.toString());
    problems.at(
        output,
        output.shown(),
        output == earlier
            ? "several VMs would write the output " + shown
            : "the output %s is also that of line %d".formatted(shown, earlier.at().line()),
        "Give every VM an \"output_path\" of its own.");
  }

  private static void refuseSource(
      Path path, Draft.Place output, Map<Path, Node> sources, Problems problems) {
    Node source = sources.get(path);
    if (source != null) {
      problems.at(
          output.node(),
          output.node().shown(),
          "the output %s is also a source, in line %d; a source is never written"
              .formatted(Shown.text(path.toString()), source.at().line()),
          "Write another \"output_path\".");
    }
  }

  private static void refuseBelowOutput(
      String what, Path path, Node node, Map<Path, Draft.Place> outputs, Problems problems) {
    for (Path above = path.getParent(); above != null; above = above.getParent()) {
      Draft.Place file = outputs.get(above);
      if (file != null) {
        problems.at(
            node,
            node.shown(),
            "the %s lies below %s, which is the output of line %d and so a file"
                .formatted(what, Shown.text(above.toString()), file.node().at().line()));
        return;
      }
    }
  }
}
