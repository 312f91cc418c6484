package io.hyper2kvm.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.report.Savings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What became of a manifest, for a person: a few lines for each VM. */
public final class ReportText {

  private final JsonNode report;
  private final PrintWriter out;

  private ReportText(JsonNode report, PrintWriter out) {
    this.report = report;
    this.out = out;
  }

  /** Prints a report or an error file. */
  public static void print(JsonNode report, PrintWriter out) {
    new ReportText(report, out).print();
    out.flush();
  }

  private void print() {
    if (report.has("vms")) {
      report.path("vms").forEach(vm -> vm(vm.path("name").asText(), vm));
      savings(report.path("savings")).ifPresent(found -> line("all: " + Words.savings(found)));
    } else if (report.has("stages")) {
      vm(report.path("manifest").asText(report.path("job_id").asText()), report);
    } else {
      line("%s was refused".formatted(report.path("original_name").asText()));
      failure(report);
    }
    timing();
  }

  /** What a daemon would wait for; a plan and a run do not. */
  private void timing() {
    JsonNode schedule = report.path("schedule");
    if (report.path("dry_run").asBoolean() && schedule.isObject()) {
      List<String> parts = new ArrayList<>();
      schedule
          .properties()
          .forEach(part -> parts.add(part.getKey() + " " + part.getValue().asText()));
      entry("schedule", String.join(", ", parts) + "; a daemon keeps to it, run does not");
    }
    if (report.path("dry_run").asBoolean() && report.has("priority")) {
      entry("priority", report.path("priority").asText());
    }
  }

  private void vm(String name, JsonNode vm) {
    boolean dry = report.path("dry_run").asBoolean();
    String time = Words.time(vm.path("duration_seconds").asDouble());
    if (!vm.path("status").asText().equals("completed")) {
      String where = vm.has("stage") ? " in stage " + vm.path("stage").asText() : "";
      line("%s: failed%s after %s".formatted(name, where, time));
    } else if (vm.path("reused").asBoolean() && !dry) {
      line("%s: reused, its outputs are there from an earlier run".formatted(name));
    } else {
      line("%s: %s in %s".formatted(name, dry ? "planned" : "completed", time));
    }
    if (dry) {
      PlanText.print(vm, out);
    }
    outputs(vm);
    vm.path("warnings").forEach(warning -> entry("warning", warning.asText()));
    if (vm.has("code")) {
      failure(vm);
    }
  }

  private void outputs(JsonNode vm) {
    if (report.path("dry_run").asBoolean()) {
      return;
    }
    JsonNode artifacts = vm.path("artifacts");
    JsonNode size = vm.at("/stages/convert/size_bytes");
    String suffix = size.isNumber() ? " (%s)".formatted(Words.size(size.asLong())) : "";
    if (artifacts.has("outputs")) {
      artifacts.path("outputs").forEach(output -> entry("output", output.asText()));
      entry("size", Words.size(size.asLong()));
    } else if (artifacts.has("output")) {
      entry("output", artifacts.path("output").asText() + suffix);
    }
    savings(vm.at("/stages/convert/savings"))
        .filter(found -> !vm.path("reused").asBoolean())
        .ifPresent(found -> entry("space", Words.savings(found)));
    JsonNode estimate = vm.path("estimate");
    if (estimate.has("off_percent")) {
      entry(
          "estimate",
          "%s expected by %d earlier VMs, %s taken (%+.0f %%)"
              .formatted(
                  Words.time(estimate.path("seconds").asDouble()),
                  estimate.path("vms").asInt(),
                  Words.time(estimate.path("took_seconds").asDouble()),
                  estimate.path("off_percent").asDouble()));
    }
    if (artifacts.has("domain_xml")) {
      entry("domain", artifacts.path("domain_xml").asText());
    }
    if (artifacts.has("kubevirt_yaml")) {
      entry("kubevirt", artifacts.path("kubevirt_yaml").asText());
    }
    if (artifacts.has("signature")) {
      entry("signature", artifacts.path("signature").asText());
    }
  }

  private static Optional<Savings> savings(JsonNode json) {
    return json.isObject()
        ? Optional.of(
            new Savings(
                json.path("virtual_size_bytes").asLong(),
                bytes(json, "source_data_bytes"),
                bytes(json, "trimmed_bytes"),
                json.path("output_size_bytes").asLong(),
                bytes(json, "output_allocated_bytes")))
        : Optional.empty();
  }

  private static Optional<Long> bytes(JsonNode json, String key) {
    return json.has(key) ? Optional.of(json.path(key).asLong()) : Optional.empty();
  }

  private void failure(JsonNode failed) {
    entry("code", failed.path("code").asText());
    entry("error", failed.path("error").asText());
    if (failed.has("stderr_tail")) {
      entry("tool", failed.path("stderr_tail").asText().strip());
    }
    entry("hint", failed.path("hint").asText());
  }

  private void entry(String key, String value) {
    out.printf(
        "  %-8s %s%n",
        key, Words.harmless(value).replace("\n", System.lineSeparator() + " ".repeat(11)));
  }

  private void line(String text) {
    out.println(Words.harmless(text));
  }
}
