package io.hyper2kvm.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hyper2kvm completion}: a script for the shell. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    synopsisHeading = "Usage: ",
    customSynopsis = "hyper2kvm completion",
    descriptionHeading = "%n",
    description = {
      "Prints a script by which bash and zsh complete commands, options and files.",
      "",
      "bash, for all users:  hyper2kvm completion > /etc/bash_completion.d/hyper2kvm",
      "bash, in ~/.bashrc:   source <(hyper2kvm completion)",
      "zsh, in ~/.zshrc:     autoload -U +X bashcompinit && bashcompinit",
      "                      source <(hyper2kvm completion)",
      ""
    },
    optionListHeading = "Options:%n")
final class CompletionCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    // Without that line the shell itself completes files where the script knows no word: manifests,
    // folders.
    out.print(
        AutoComplete.bash("hyper2kvm", spec.root().commandLine())
            .replace("  type compopt &>/dev/null && compopt +o default\n", ""));
    out.flush();
    return 0;
  }
}
