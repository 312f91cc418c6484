package io.hyper2kvm.cli;

import java.time.Clock;
import picocli.CommandLine;

/** How progress is shown where the command was started. */
final class Displays {

  private Displays() {}

  /** Drawn anew on a terminal that can; else one line for each change. */
  static Watch.Display of(CommandLine command, Clock clock) {
    boolean terminal = command.getColorScheme().ansi().enabled();
    return terminal
        ? new LiveDisplay(command.getOut(), new JobLines(clock))
        : new LineDisplay(command.getOut(), clock);
  }
}
