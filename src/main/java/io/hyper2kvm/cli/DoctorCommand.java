package io.hyper2kvm.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.cli.output.FindingLines;
import io.hyper2kvm.cli.output.OutputOption;
import io.hyper2kvm.cli.output.RoutesFinding;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.LoadedConfig;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.RoutesConfig;
import io.hyper2kvm.config.ToolsConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.doctor.Doctor;
import io.hyper2kvm.doctor.Finding;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code hyper2kvm doctor}: whether this machine can do the work, and what to do if it cannot. */
@Command(
    customSynopsis = "hyper2kvm doctor [--config FILE] [--quick] [OPTION...]",
    description = {
      "Looks whether this machine can do the work, and says what to do where it cannot.",
      "",
      "Java, the tools and their versions, whether KVM works and the appliance boots, the"
          + " routes, the folders and their room.",
      "",
      "Run it as the user that the daemon runs as: sudo -u hyper2kvm hyper2kvm doctor",
      "Without --config and --manifest-workflow-dir, the installation's configuration counts.",
      ""
    },
    optionListHeading = "Options:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:fit for work; there may be warnings",
      "1:something that the work needs is missing",
      "2:the command line or the configuration is wrong"
    })
final class DoctorCommand implements Callable<Integer> {

  @Mixin private StandardOptions standard;
  @Mixin private final ConfigOptions options;

  @Option(
      names = "--quick",
      arity = "0",
      description = "Do not boot the appliance, which takes some ten seconds")
  private boolean quick;

  @Mixin private OutputOption output;

  private final Surroundings surroundings;
  private final CommandSpec spec;

  DoctorCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.options =
        ConfigOptions.of(
            surroundings,
            WorkflowConfig.MANIFEST_WORKFLOW_DIR,
            OutputConfig.OUTPUT_DIR,
            WorkflowConfig.WORK_DIR,
            RoutesConfig.ROUTES_DIR,
            RoutesConfig.EXTRA_ROUTES_DIR,
            ToolsConfig.KVM);
    this.spec = options.addTo(CommandSpec.forAnnotatedObject(this));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    LoadedConfig loaded = options.read(spec, ConfigOptions.USUAL_FOLDERS);
    LogSettings.quiet();
    Doctor doctor =
        new Doctor(loaded, () -> RoutesFinding.of(loaded.config()), surroundings.environment());
    PrintWriter out = spec.commandLine().getOut();
    List<Finding> all = new ArrayList<>();
    if (output.isJson()) {
      doctor.run(quick, (heading, finding) -> all.add(finding));
      out.println(json(all));
    } else {
      FindingLines lines = new FindingLines(out, !Boolean.getBoolean("h2k.ascii"));
      doctor.run(
          quick,
          (heading, finding) -> {
            all.add(finding);
            lines.print(heading, finding);
          });
      lines.summary(all);
    }
    out.flush();
    return isFit(all) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private static boolean isFit(List<Finding> findings) {
    return findings.stream().noneMatch(finding -> finding.level() == Finding.Level.FAIL);
  }

  private static String json(List<Finding> findings) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("ok", isFit(findings));
    ArrayNode list = root.putArray("checks");
    for (Finding finding : findings) {
      ObjectNode node = list.addObject();
      node.put("name", finding.subject());
      node.put("status", finding.level().name().toLowerCase(java.util.Locale.ROOT));
      node.put("found", finding.found());
      if (!finding.advice().isEmpty()) {
        node.put("advice", finding.advice());
      }
    }
    return root.toPrettyString();
  }
}
