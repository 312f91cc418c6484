package io.hyper2kvm.manifest;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Every output is a file of its own: no other output's, no other's directory, and no source. */
final class OutputRule implements ManifestRule {

  /**
   * The outputs by directory and name. A VM's disks share their directory's path: a batch can have
   * 300,000 of them, and each may be 4 KiB long.
   */
  private static final class Outputs {
    private final Map<Path, Map<String, Draft.Place>> directories = new LinkedHashMap<>();

    private Draft.Place putIfAbsent(Path directory, String name, Draft.Place output) {
      return directories
          .computeIfAbsent(directory, absent -> new HashMap<>())
          .putIfAbsent(name, output);
    }

    private Draft.Place at(Path path) {
      Map<String, Draft.Place> names = directories.get(path.getParent());
      return names == null ? null : names.get(path.getFileName().toString());
    }
  }

  @Override
  public void check(Draft draft, Problems problems) {
    Outputs outputs = new Outputs();
    Map<Path, Node> sources = new LinkedHashMap<>();
    for (Draft.Vm vm : draft.vms()) {
      vm.output().ifPresent(output -> claim(output, vm.disks().size(), outputs, problems));
      vm.disks().forEach(disk -> sources.putIfAbsent(disk.path(), disk.node()));
    }
    sources.forEach(
        (path, source) -> {
          Draft.Place output = outputs.at(path);
          if (output != null) {
            refuseSource(path, output.node(), source, problems);
          }
          refuseBelowOutput("source", path.getParent(), source, outputs, problems);
        });
    outputs.directories.forEach(
        (directory, names) ->
            refuseBelowOutput(
                "output", directory, names.values().iterator().next().node(), outputs, problems));
  }

  private static void claim(Draft.Place output, int disks, Outputs outputs, Problems problems) {
    Path directory = output.path().getParent();
    String first = output.path().getFileName().toString();
    for (int disk = 0; disk < Math.max(1, disks); disk++) {
      String name = ConvertSpec.nameOfDisk(first, disk);
      Draft.Place earlier = outputs.putIfAbsent(directory, name, output);
      if (earlier != null) {
        refuseTwice(directory.resolve(name), output.node(), earlier.node(), problems);
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

  private static void refuseSource(Path path, Node output, Node source, Problems problems) {
    problems.at(
        output,
        output.shown(),
        "the output %s is also a source, in line %d; a source is never written"
            .formatted(Shown.text(path.toString()), source.at().line()),
        "Write another \"output_path\".");
  }

  private static void refuseBelowOutput(
      String what, Path directory, Node node, Outputs outputs, Problems problems) {
    for (Path above = directory; above.getParent() != null; above = above.getParent()) {
      Draft.Place file = outputs.at(above);
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
