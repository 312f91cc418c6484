package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.OutputFormat;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands {@code run} and {@code plan} have in common on their command line. */
final class OneShotOptions {

  @Parameters(paramLabel = "FILE", description = "The manifest, .json, .yaml or .yml")
  private Path manifest;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write the report to this file, which must not be there yet (without it, run writes it"
              + " beside the manifest, and plan writes none)")
  private Path report;

  @Option(
      names = "--output",
      paramLabel = "FORM",
      description = "text, or json: the report alone, on standard output [text]")
  private OutputFormat output = OutputFormat.text;

  @Option(
      names = {"-q", "--quiet"},
      arity = "0",
      description = "No progress; run prints nothing but errors")
  private boolean quiet;

  @Option(names = "-v", arity = "0", description = "Show the log instead of the progress")
  private boolean verbose;

  /** The manifest's file. */
  Path manifest() {
    return manifest;
  }

  /** The report's file, if one was named. */
  Optional<Path> report() {
    return Optional.ofNullable(report);
  }

  /** What is printed. */
  OneShotWork.Printing printing() {
    return new OneShotWork.Printing(output == OutputFormat.json, quiet, verbose);
  }
}
