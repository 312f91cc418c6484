package io.hyper2kvm.cli.output;

import picocli.CommandLine.Option;

/** {@code --output json}: the same answer, for a program to read. */
public final class OutputOption {

  @Option(
      names = "--output",
      paramLabel = "FORM",
      description = "text, or json for a program to read [text]")
  private OutputFormat format = OutputFormat.text;

  /** Whether it was asked for. */
  public boolean isJson() {
    return format == OutputFormat.json;
  }
}
