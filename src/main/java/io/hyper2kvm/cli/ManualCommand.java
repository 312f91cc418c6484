package io.hyper2kvm.cli;

import io.hyper2kvm.cli.manual.ManPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hyper2kvm manual DIR}: man pages of all commands. */
@Command(
    name = "manual",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    synopsisHeading = "Usage: ",
    customSynopsis = "hyper2kvm manual DIR [--date DATE]",
    descriptionHeading = "%n",
    description = {
      "Writes a man page for each command into a folder, over those of an earlier version.",
      "",
      "The packages bring these pages. Where the program was installed by hand:",
      "  hyper2kvm manual /usr/local/share/man/man1",
      ""
    },
    parameterListHeading = "Arguments:%n",
    optionListHeading = "%nOptions:%n")
final class ManualCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "The folder; made if it is missing")
  private Path folder;

  @Option(
      names = "--date",
      paramLabel = "DATE",
      description = "The day that the pages show, such as 2026-11-24 [today]")
  private LocalDate date;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    CommandLine program = spec.root().commandLine();
    Files.createDirectories(folder);
    for (ManPage page : ManPage.all(program)) {
      Files.writeString(
          folder.resolve(page.fileName()),
          page.text(date == null ? LocalDate.now() : date, ProgramVersion.number()));
    }
    return CommandLine.ExitCode.OK;
  }
}
