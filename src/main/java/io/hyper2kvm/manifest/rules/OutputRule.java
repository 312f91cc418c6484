package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Problems;
import io.hyper2kvm.manifest.parse.Shown;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every output is a file of its own: no other output's, no other's directory, and no source. So is
 * every description of a VM beside an output, such as its libvirt domain.
 */
public final class OutputRule implements ManifestRule {

  /**
   * The outputs by directory and name. A VM's disks share their directory's path: a batch can have
   * 300,000 of them, and each may be 4 KiB long.
   */
  private static final class Outputs {
    private final Map<Path, Map<String, Claim>> directories = new LinkedHashMap<>();

    private Claim putIfAbsent(Path directory, String name, Claim claim) {
      return directories
          .computeIfAbsent(directory, absent -> new HashMap<>())
          .putIfAbsent(name, claim);
    }

    private Claim at(Path path) {
      Map<String, Claim> names = directories.get(path.getParent());
      return names == null ? null : names.get(path.getFileName().toString());
    }
  }

  /**
   * Who writes a file.
   *
   * @param node the value that says so; for an output by default, the VM
   * @param target for what the file describes the VM; {@link DomainTarget#NONE} for a disk
   */
  private record Claim(Node node, DomainTarget target) {
    boolean isDisk() {
      return target == DomainTarget.NONE;
    }

    String what() {
      return isDisk() ? "output" : target.what();
    }

    /** What else can be written than another output path. */
    String wayOut() {
      return switch (target) {
        case LIBVIRT -> "Write another \"output_path\", or set \"domain_xml\" to false.";
        case KUBEVIRT -> "Write another \"output_path\", or set \"domain\" to \"none\".";
        case NONE -> "Write another \"output_path\".";
      };
    }
  }

  @Override
  public void check(Draft draft, Problems problems) {
    Outputs outputs = new Outputs();
    Map<Path, Node> sources = new LinkedHashMap<>();
    for (Draft.Vm vm : draft.vms()) {
      vm.output().ifPresent(output -> claim(output, vm.disks().size(), outputs, problems));
      vm.description().ifPresent(file -> claim(file, vm.target(), outputs, problems));
      vm.disks().forEach(disk -> sources.putIfAbsent(disk.path(), disk.node()));
    }
    sources.forEach(
        (path, source) -> {
          Claim output = outputs.at(path);
          if (output != null) {
            refuseSource(path, output, source, problems);
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
      Claim earlier =
          outputs.putIfAbsent(directory, name, new Claim(output.node(), DomainTarget.NONE));
      if (earlier != null && !earlier.isDisk()) {
        refuseName(directory.resolve(name), output.node(), earlier, problems);
        return;
      }
      if (earlier != null) {
        refuseTwice(directory.resolve(name), output.node(), earlier.node(), problems);
        return;
      }
    }
  }

  /** Two descriptions of one name are those of two VMs of one name, which is reported. */
  private static void claim(
      Draft.Place file, DomainTarget target, Outputs outputs, Problems problems) {
    Path path = file.path();
    Claim claim = new Claim(file.node(), target);
    Claim earlier = outputs.putIfAbsent(path.getParent(), path.getFileName().toString(), claim);
    if (earlier != null && earlier.isDisk()) {
      refuseName(path, earlier.node(), claim, problems);
    }
  }

  private static void refuseName(Path path, Node output, Claim claim, Problems problems) {
    String shown = Shown.text(path.toString());
    problems.at(
        output,
        output.shown(),
        output == claim.node()
            ? "the output %s has the name of a %s beside it".formatted(shown, claim.what())
            : "the output %s has the name of the %s of line %d"
                .formatted(shown, claim.what(), claim.node().at().line()),
        claim.wayOut());
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

  private static void refuseSource(Path path, Claim claim, Node source, Problems problems) {
    problems.at(
        claim.node(),
        claim.node().shown(),
        "the %s %s is also a source, in line %d; a source is never written"
            .formatted(claim.what(), Shown.text(path.toString()), source.at().line()),
        claim.wayOut());
  }

  private static void refuseBelowOutput(
      String what, Path directory, Node node, Outputs outputs, Problems problems) {
    for (Path above = directory; above.getParent() != null; above = above.getParent()) {
      Claim file = outputs.at(above);
      if (file != null) {
        problems.at(
            node,
            node.shown(),
            "the %s lies below %s, which is the %s of line %d and so a file"
                .formatted(
                    what, Shown.text(above.toString()), file.what(), file.node().at().line()));
        return;
      }
    }
  }
}
