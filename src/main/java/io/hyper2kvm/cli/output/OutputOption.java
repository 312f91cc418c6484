package io.hyper2kvm.cli.output;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --output json}: the same answer, for a program to read. */
public final class OutputOption {

  private static final String OUTPUT = "--output";

  private OutputOption() {}

  public static void addTo(CommandSpec command) {
    command.addOption(
        OptionSpec.builder(OUTPUT)
            .type(OutputFormat.class)
            .paramLabel("FORM")
            .arity("1")
            .description("text, or json for a program to read [text]")
            .build());
  }

  public static boolean isJson(CommandSpec command) {
    return command.commandLine().getParseResult().matchedOptionValue(OUTPUT, OutputFormat.text)
        == OutputFormat.json;
  }
}
