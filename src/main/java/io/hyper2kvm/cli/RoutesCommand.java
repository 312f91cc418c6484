package io.hyper2kvm.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.cli.output.OutputOption;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.ConfigKey;
import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.RoutesConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.daemon.boot.RouteFilesCheck;
import io.hyper2kvm.daemon.routes.RouteProblem;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code hyper2kvm routes check}: what is wrong with the route files, before a restart says so. */
final class RoutesCommand implements Callable<Integer> {

  private final ConfigOptions options;
  private final CommandSpec check;
  private final CommandSpec spec;

  RoutesCommand(Surroundings surroundings) {
    this.options = ConfigOptions.of(surroundings, RoutesConfig.ROUTES_DIR);
    this.check = describe(CommandSpec.wrapWithoutInspection(this));
    Callable<Integer> nothing =
        () -> {
          throw new ParameterException(spec().commandLine(), "a command is needed: routes check");
        };
    this.spec = CommandSpec.wrapWithoutInspection(nothing).addSubcommand("check", check);
    spec.versionProvider(new ProgramVersion()).mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description("Works on the route files: routes check.")
        .synopsisSubcommandLabel("check");
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    // The routes are the same for every daemon: the folders of one are not needed to check them.
    Map<ConfigKey<?>, List<String>> defaults =
        Map.of(
            WorkflowConfig.MANIFEST_WORKFLOW_DIR, List.of("/var/lib/hyper2kvm/manifest-workflow"),
            OutputConfig.OUTPUT_DIR, List.of("/var/lib/hyper2kvm/output"));
    DaemonConfig config = options.read(check, defaults).config();
    LogSettings.quiet();
    List<RouteProblem> problems = RouteFilesCheck.of(config);
    PrintWriter out = check.commandLine().getOut();
    if (OutputOption.isJson(check)) {
      out.println(json(config, problems));
    } else {
      problems.forEach(out::println);
      out.println(summary(config, problems));
    }
    out.flush();
    return problems.stream().anyMatch(RouteProblem::isError)
        ? CommandLine.ExitCode.SOFTWARE
        : CommandLine.ExitCode.OK;
  }

  private static String summary(DaemonConfig config, List<RouteProblem> problems) {
    long errors = problems.stream().filter(RouteProblem::isError).count();
    long warnings = problems.size() - errors;
    String told = warnings == 0 ? "" : ", " + count(warnings, "warning");
    return errors == 0
        ? "%s: the routes are in order%s".formatted(config.routes().dir(), told)
        : "%s: %s%s; a daemon would not start"
            .formatted(config.routes().dir(), count(errors, "error"), told);
  }

  private static String count(long number, String noun) {
    return number == 1 ? "1 " + noun : number + " " + noun + "s";
  }

  private static String json(DaemonConfig config, List<RouteProblem> problems) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("routes_dir", config.routes().dir().toString());
    root.put("ok", problems.stream().noneMatch(RouteProblem::isError));
    ArrayNode list = root.putArray("problems");
    for (RouteProblem problem : problems) {
      ObjectNode node = list.addObject();
      node.put("severity", problem.isError() ? "error" : "warning");
      node.put("file", problem.file().toString());
      node.put("line", problem.line());
      node.put("message", problem.message());
    }
    return root.toPrettyString();
  }

  private CommandSpec describe(CommandSpec command) {
    command.versionProvider(new ProgramVersion()).mixinStandardHelpOptions(true);
    command
        .usageMessage()
        .sortOptions(false)
        .abbreviateSynopsis(true)
        .customSynopsis("hyper2kvm routes check [--config FILE] [--routes-dir DIR] [OPTION...]")
        .descriptionHeading("%n")
        .description(
            "Says what is wrong with the route files, all of it, with file and line.",
            "",
            "The routes are built and not started: nothing is polled, and no folder is made.",
            "",
            "Without --routes-dir, those of the daemon's configuration are checked: that of --config,"
                + " or else that of the installation.",
            "")
        .optionListHeading("Options:%n")
        .exitCodeListHeading("%nExit codes:%n");
    command
        .usageMessage()
        .exitCodeList(
            CommandLine.Model.UsageMessageSpec.keyValuesMap(
                "0:a daemon can run these routes; there may be warnings",
                "1:there are errors; a daemon would not start",
                "2:the command line or the configuration is wrong"));
    options.addTo(command);
    OutputOption.addTo(command);
    return command;
  }
}
