package io.hyper2kvm.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Help and version, and how the help text of a command is laid out. */
@Command(versionProvider = ProgramVersion.class, sortOptions = false, descriptionHeading = "%n")
final class StandardOptions {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print version information and exit.")
  private boolean version;
}
