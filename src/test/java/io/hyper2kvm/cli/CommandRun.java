package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.Surroundings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/** A command in this JVM, with its outputs kept; no daemon can be started by it. */
final class CommandRun {

  final Map<String, String> environment = new HashMap<>();
  private final Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  CommandRun(Path folder) {
    this.folder = folder;
  }

  int execute(String... arguments) {
    var surroundings =
        new Surroundings(environment, folder, Optional.of(folder), folder.resolve("none.yaml"));
    try {
      return Hyper2Kvm.commandLine(
              surroundings,
              config -> {
                throw new AssertionError("a daemon was started");
              })
          .setOut(new PrintWriter(out))
          .setErr(new PrintWriter(err))
          .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
          .execute(arguments);
    } finally {
      List.of(LogSettings.LEVEL, LogSettings.LIBRARY_LEVEL, LogSettings.FILE)
          .forEach(System::clearProperty);
    }
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
