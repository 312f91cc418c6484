package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.Surroundings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code hyper2kvm routes}: holds the commands that work on the route files. */
@Command(
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = "Works on the route files: routes check.",
    synopsisSubcommandLabel = "check")
final class RoutesCommand implements Callable<Integer> {

  private final CommandSpec spec;

  RoutesCommand(Surroundings surroundings) {
    this.spec =
        CommandSpec.forAnnotatedObject(this)
            .addSubcommand("check", new RoutesCheckCommand(surroundings).spec());
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "a command is needed: routes check");
  }
}
