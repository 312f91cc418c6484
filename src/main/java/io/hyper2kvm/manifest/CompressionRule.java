package io.hyper2kvm.manifest;

import java.util.Optional;

/** Only a format that can be compressed is. */
final class CompressionRule implements ManifestRule {

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
    boolean inherited = !compress.isBelow(vm.node());
    problems.at(
        inherited ? written : compress,
        inherited ? written.shown() : "true",
        "%s cannot be compressed, only qcow2 can; \"compress\": true stands in line %d"
            .formatted(format.text(), compress.at().line()),
        inherited
            ? "Write \"compress\": false for this VM."
            : "Remove \"compress\", or write \"output_format\": \"qcow2\".");
  }
}
