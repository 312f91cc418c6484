package io.hyper2kvm.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** What a run would do with one VM, for a person: every change as a small diff. */
final class PlanText {

  private final JsonNode vm;
  private final PrintWriter out;

  private PlanText(JsonNode vm, PrintWriter out) {
    this.vm = vm;
    this.out = out;
  }

  /** Prints what a dry run's report says of one VM. */
  static void print(JsonNode vm, PrintWriter out) {
    PlanText text = new PlanText(vm, out);
    text.guest();
    text.outputs();
    text.domain();
    text.space();
    text.estimate();
    vm.at("/stages/fix/fixes_applied").forEach(text::fix);
  }

  private void guest() {
    JsonNode guest = vm.at("/stages/inspect");
    if (guest.has("os_detected")) {
      entry(
          "guest",
          "%s, %s, %s"
              .formatted(
                  guest.path("os_detected").asText(),
                  guest.path("architecture").asText(),
                  guest.path("firmware").asText()));
    }
    vm.at("/stages/load/artifacts")
        .forEach(
            disk ->
                entry(
                    "source",
                    "%s (%s, %s)"
                        .formatted(
                            disk.path("path").asText(),
                            disk.path("format").asText(),
                            Words.size(disk.path("virtual_size_bytes").asLong()))));
  }

  private void outputs() {
    vm.at("/plan/outputs")
        .forEach(
            output ->
                entry(
                    "output",
                    "%s (%s): %s"
                        .formatted(
                            output.path("path").asText(),
                            output.path("format").asText(),
                            action(output))));
  }

  private void domain() {
    JsonNode domain = vm.at("/plan/domain_xml");
    if (!domain.isMissingNode()) {
      entry("domain", "%s: %s".formatted(domain.path("path").asText(), action(domain)));
    }
    JsonNode kubevirt = vm.at("/plan/kubevirt_yaml");
    if (!kubevirt.isMissingNode()) {
      entry("kubevirt", "%s: %s".formatted(kubevirt.path("path").asText(), action(kubevirt)));
    }
    if (vm.at("/plan/target").asText().equals("none")) {
      entry("target", "none: no domain would be written");
    }
  }

  private static String action(JsonNode output) {
    return switch (output.path("action").asText()) {
      case "create" -> "would be created";
      case "replace" -> "would replace what is there";
      case "keep" -> "is there already, and would stay as it is";
      case "reuse" -> "is there from an earlier run, and would be reused";
      default -> output.path("exists").asBoolean() ? "is there already" : "would not be made";
    };
  }

  private void space() {
    vm.at("/plan/space")
        .forEach(
            need ->
                entry(
                    "space",
                    "%s: needs %s%s, %s available in %s%s"
                        .formatted(
                            need.path("for").asText(),
                            Words.size(need.path("needed_bytes").asLong()),
                            need.has("least_bytes") ? " uncompressed" : "",
                            Words.size(need.path("available_bytes").asLong()),
                            need.path("folder").asText(),
                            need.path("enough").asBoolean() ? "" : ": NOT ENOUGH")));
  }

  /** Of the work after LOAD; nothing is guessed. */
  private void estimate() {
    JsonNode estimate = vm.path("estimate");
    if (estimate.path("vms").asInt() > 0) {
      List<String> stages = new ArrayList<>();
      estimate
          .path("stages")
          .properties()
          .forEach(
              stage -> stages.add(stage.getKey() + " " + Words.time(stage.getValue().asDouble())));
      entry(
          "estimate",
          "%s (%s), %s written; the median of %d earlier VMs"
              .formatted(
                  Words.time(estimate.path("seconds").asDouble()),
                  String.join(", ", stages),
                  Words.size(estimate.path("output_bytes").asLong()),
                  estimate.path("vms").asInt()));
    } else if (vm.has("estimate")) {
      entry("estimate", "none: too few earlier reports of VMs like it");
    }
  }

  private void fix(JsonNode fix) {
    String status = fix.path("status").asText();
    String reason = fix.has("reason") ? ": " + fix.path("reason").asText() : "";
    entry("fix", fix.path("fix").asText() + " " + status.replace('_', ' ') + reason);
    fix.path("changes").forEach(this::change);
    fix.path("left_alone")
        .forEach(
            left ->
                out.println(
                    Words.harmless(
                        "    %s is left alone: %s%n      = %s"
                            .formatted(
                                place(left),
                                left.path("reason").asText(),
                                left.path("text").asText()))));
  }

  private void change(JsonNode change) {
    out.println(
        Words.harmless(
            "    %s (%s): %s"
                .formatted(
                    place(change), change.path("rule").asText(), change.path("reason").asText())));
    side('-', change.path("before").asText());
    side('+', change.path("after").asText());
  }

  private void side(char sign, String text) {
    text.lines().forEach(line -> out.println("      " + sign + " " + Words.harmless(line)));
  }

  private static String place(JsonNode where) {
    String file = where.path("file").asText();
    if (where.has("key")) {
      String value = where.path("value").asText();
      return "%s, %s\\%s"
          .formatted(file, where.path("key").asText(), value.isEmpty() ? "(Default)" : value);
    }
    return where.has("line") ? file + ":" + where.path("line").asInt() : file;
  }

  private void entry(String key, String value) {
    out.printf("  %-8s %s%n", key, Words.harmless(value));
  }
}
