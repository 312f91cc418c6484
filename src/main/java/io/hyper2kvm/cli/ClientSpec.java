package io.hyper2kvm.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands that talk to a daemon have in common. */
final class ClientSpec {

  private ClientSpec() {}

  static CommandSpec of(Object command, String synopsis, WorkflowOptions options) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(command);
    spec.versionProvider(new ProgramVersion()).mixinStandardHelpOptions(true);
    spec.usageMessage()
        .sortOptions(false)
        .customSynopsis(synopsis)
        .descriptionHeading("%n")
        .parameterListHeading("Arguments:%n")
        .optionListHeading("%nOptions:%n");
    options.addTo(spec);
    List<String> description = new ArrayList<>(List.of(spec.usageMessage().description()));
    description.add(
        "Without --config and --manifest-workflow-dir, /etc/hyper2kvm/manifest-daemon.yaml says where"
            + " the workflow directory is.");
    description.add("");
    spec.usageMessage().description(description.toArray(String[]::new));
    return spec;
  }
}
