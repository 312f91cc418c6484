package io.hyper2kvm.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.cli.output.OutputOption;
import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.RoutesConfig;
import io.hyper2kvm.daemon.boot.RouteFilesCheck;
import io.hyper2kvm.daemon.routes.RouteFolders;
import io.hyper2kvm.daemon.routes.RouteProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** {@code hyper2kvm routes check}: what is wrong with the route files, before a restart says so. */
@Command(
    customSynopsis = "hyper2kvm routes check [--config FILE] [--routes-dir DIR] [OPTION...]",
    description = {
      "Says what is wrong with the route files, all of it, with file and line.",
      "",
      "The routes are built and not started: nothing is polled, and no folder is made.",
      "",
      "Without --routes-dir, those of the daemon's configuration are checked: that of --config,"
          + " or else that of the installation.",
      ""
    },
    optionListHeading = "Options:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:a daemon can run these routes; there may be warnings",
      "1:there are errors; a daemon would not start",
      "2:the command line or the configuration is wrong"
    })
final class RoutesCheckCommand implements Callable<Integer> {

  @Mixin private StandardOptions standard;
  @Mixin private final ConfigOptions options;
  @Mixin private OutputOption output;

  private final CommandSpec spec;

  RoutesCheckCommand(Surroundings surroundings) {
    this.options =
        ConfigOptions.of(surroundings, RoutesConfig.ROUTES_DIR, RoutesConfig.EXTRA_ROUTES_DIR);
    this.spec = options.addTo(CommandSpec.forAnnotatedObject(this));
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    // The routes are the same for every daemon: the folders of one are not needed to check them.
    DaemonConfig config = options.read(spec, ConfigOptions.USUAL_FOLDERS).config();
    LogSettings.quiet();
    List<RouteProblem> problems = RouteFilesCheck.of(config);
    PrintWriter out = spec.commandLine().getOut();
    List<RouteFolders.Source> sources = sources(config);
    if (output.isJson()) {
      out.println(json(config, sources, problems));
    } else {
      problems.forEach(out::println);
      sources.stream()
          .filter(RouteFolders.Source::extra)
          .map(RouteFolders.Source::described)
          .forEach(out::println);
      out.println(summary(config, problems));
    }
    out.flush();
    return problems.stream().anyMatch(RouteProblem::isError)
        ? CommandLine.ExitCode.SOFTWARE
        : CommandLine.ExitCode.OK;
  }

  /** None when a folder cannot be read, which is a problem that is told. */
  private static List<RouteFolders.Source> sources(DaemonConfig config) {
    try {
      return RouteFilesCheck.folders(config).sources();
    } catch (IOException e) {
      return List.of();
    }
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

  private static String json(
      DaemonConfig config, List<RouteFolders.Source> sources, List<RouteProblem> problems) {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("routes_dir", config.routes().dir().toString());
    root.put("extra_routes_dir", config.routes().extraDir().toString());
    ArrayNode files = root.putArray("files");
    for (RouteFolders.Source source : sources) {
      ObjectNode node = files.addObject();
      node.put("file", source.path().toString());
      source.replaced().ifPresent(file -> node.put("in_place_of", file.toString()));
      ArrayNode routes = node.putArray("routes");
      source.routes().forEach(routes::add);
    }
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
}
