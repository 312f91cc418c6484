package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Problems;
import java.util.Optional;

/** Only a format that can be compressed is. */
public final class CompressionRule implements ManifestRule {

  @Override
  public void check(Draft draft, Problems problems) {
    for (Draft.Vm vm : draft.vms()) {
      Optional<OutputFormat> format = vm.format().filter(f -> !f.compressible());
      Optional<Node> convert = vm.section("convert");
      if (format.isPresent() && convert.flatMap(c -> c.boolOf("compress")).orElse(false)) {
        report(vm, convert.get(), format.get(), problems);
      }
    }
  }

  private static void report(Draft.Vm vm, Node convert, OutputFormat format, Problems problems) {
    Node compress = convert.field("compress").orElseThrow();
    Node written = convert.field("output_format").orElseThrow();
    String message = "%s cannot be compressed, only qcow2 can".formatted(format.text());
    if (written.isBelow(vm.node()) && !compress.isBelow(vm.node())) {
      problems.at(
          written,
          written.shown(),
          message + "; \"compress\": true stands in line " + compress.at().line(),
          "Write \"compress\": false for this VM.");
    } else {
      problems.at(
          compress, "true", message, "Remove \"compress\", or write \"output_format\": \"qcow2\".");
    }
  }
}
