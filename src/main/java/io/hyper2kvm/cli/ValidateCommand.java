package io.hyper2kvm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.hyper2kvm.cli.output.OutputFormat;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.cli.output.Words;
import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.SourcesConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.daemon.boot.Validation;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.parse.Problem;
import io.hyper2kvm.manifest.schedule.Timing;
import io.hyper2kvm.report.Failure;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hyper2kvm validate}: everything that can be known before a run. */
@Command(
    customSynopsis = "hyper2kvm validate [OPTION...] FILE...",
    description = {
      "Tells everything about manifests that can be known before a run: what is wrong in"
          + " them, and whether the sources, outputs, tools and space will do.",
      "",
      "Touches nothing. With --config, it judges as the daemon with that configuration"
          + " would. What is in the guests it does not know: plan does."
    },
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing speaks against any of the manifests",
      "1:something does",
      "2:the command line or the configuration is wrong"
    })
final class ValidateCommand implements Callable<Integer> {

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "The manifests; two that would write one output are told")
  private List<Path> files;

  @Mixin private StandardOptions standard;

  @Option(
      names = "--checksum",
      arity = "0",
      description = "Compare load.checksum, which reads whole sources")
  private boolean checksum;

  @Option(names = "--output", paramLabel = "FORM", description = "text or json [text]")
  private OutputFormat output = OutputFormat.text;

  @Mixin private final ConfigOptions options;

  private final Surroundings surroundings;
  private final CommandSpec spec;

  ValidateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.options =
        ConfigOptions.of(
                surroundings,
                OutputConfig.OUTPUT_DIR,
                SourcesConfig.SOURCE_DIR,
                SourcesConfig.ALLOWED_SOURCE_ROOTS,
                SourcesConfig.ALLOWED_DEVICES,
                OutputConfig.ALLOWED_OUTPUT_ROOTS,
                WorkflowConfig.WORK_DIR)
            .withDefaults(
                Map.of(
                    OutputConfig.OUTPUT_DIR, "the current directory",
                    WorkflowConfig.WORK_DIR, "$TMPDIR, or /var/tmp"));
    this.spec = options.addTo(CommandSpec.forAnnotatedObject(this));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    DaemonConfig config =
        options
            .loadOneShot(
                spec,
                Map.of(
                    OutputConfig.OUTPUT_DIR, List.of(surroundings.currentDirectory().toString())),
                surroundings.scratch())
            .config();
    LogSettings.applyOneShot(false, Optional.empty());
    Validation validation = new Validation(config, surroundings.environment());
    Map<Path, Validation.FileFindings> found = new LinkedHashMap<>();
    for (Path file : files) {
      Path absolute = surroundings.currentDirectory().resolve(file).normalize();
      found.putIfAbsent(file, validation.check(absolute, checksum));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (output == OutputFormat.json) {
      out.println(json(found));
    } else {
      found.forEach((file, findings) -> print(file, findings, out));
    }
    out.flush();
    return isValid(found) ? 0 : 1;
  }

  private static boolean isValid(Map<Path, Validation.FileFindings> found) {
    return found.values().stream().allMatch(Validation.FileFindings::isValid);
  }

  private static void print(Path file, Validation.FileFindings found, PrintWriter out) {
    int wrong = found.problems().size() + found.unlisted() + found.failures().size();
    String name = Words.harmless(file.toString());
    if (wrong == 0) {
      out.printf(
          "%s: valid, %d VM%s%s%s%n",
          name,
          found.vms(),
          found.vms() == 1 ? "" : "s",
          targets(found.targets()),
          timing(found.timing()));
    } else {
      out.printf("%s: %d problem%s%n", name, wrong, wrong == 1 ? "" : "s");
    }
    String shortName = String.valueOf(file.getFileName());
    for (Problem problem : found.problems()) {
      out.println("  " + Words.harmless(problem.describe(shortName)));
    }
    if (found.unlisted() > 0) {
      out.printf("  and %d more%n", found.unlisted());
    }
    for (Failure failure : found.failures()) {
      String vm = failure.vm().map(text -> text + ": ").orElse("");
      out.println("  " + Words.harmless(vm + failure.code() + ": " + failure.message()));
      out.println("    " + Words.harmless(failure.hint()));
    }
    found.warnings().forEach(warning -> out.println("  warning: " + Words.harmless(warning)));
  }

  /** What is written beside the outputs. */
  private static String targets(Map<DomainTarget, Integer> targets) {
    return targets.entrySet().stream()
        .map(
            entry ->
                targets.size() == 1
                    ? words(entry.getKey())
                    : entry.getValue() + " " + words(entry.getKey()))
        .collect(Collectors.joining(", ", targets.size() == 1 ? " " : ": ", ""));
  }

  private static String words(DomainTarget target) {
    return target == DomainTarget.NONE ? "without a domain" : "for " + target.text();
  }

  private static String timing(Timing timing) {
    String when =
        timing.schedule().isAnyTime()
            ? ""
            : "; a daemon begins VMs %s".formatted(timing.schedule().text());
    return when + (timing.priority() == 0 ? "" : "; priority " + timing.priority());
  }

  private static String json(Map<Path, Validation.FileFindings> found) {
    List<Object> files = new ArrayList<>();
    found.forEach((file, findings) -> files.add(json(file, findings)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("valid", isValid(found));
    json.put("files", files);
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> json(Path file, Validation.FileFindings found) {
    List<Object> problems = new ArrayList<>();
    for (Problem problem : found.problems()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("code", "MANIFEST_INVALID");
      entry.put("error", problem.message());
      entry.put("path", problem.path());
      entry.put("line", problem.line());
      entry.put("column", problem.column());
      problem.suggestion().ifPresent(text -> entry.put("hint", text));
      problems.add(entry);
    }
    for (Failure failure : found.failures()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("code", failure.code().name());
      entry.put("error", failure.message());
      failure.vm().ifPresent(vm -> entry.put("vm", vm));
      entry.put("hint", failure.hint());
      problems.add(entry);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("file", file.toString());
    json.put("valid", found.isValid());
    json.put("vms", found.vms());
    Map<String, Object> targets = new LinkedHashMap<>();
    found.targets().forEach((target, count) -> targets.put(target.text(), count));
    json.put("targets", targets);
    if (!found.timing().schedule().isAnyTime()) {
      json.put("schedule", found.timing().schedule().json());
    }
    if (found.timing().priority() != 0) {
      json.put("priority", found.timing().priority());
    }
    json.put("problems", problems);
    if (found.unlisted() > 0) {
      json.put("unlisted_problems", found.unlisted());
    }
    json.put("warnings", found.warnings());
    return json;
  }
}
