package io.hyper2kvm.cli.display;

import io.hyper2kvm.cli.job.JobLines;
import java.time.Clock;
import picocli.CommandLine;

/** How progress is shown where the command was started. */
public final class Displays {

  private Displays() {}

  /** Drawn anew on a terminal that can; else one line for each change. */
  public static Watch.Display of(CommandLine command, Clock clock) {
    boolean terminal = command.getColorScheme().ansi().enabled();
    return terminal
        ? new LiveDisplay(command.getOut(), new JobLines(clock))
        : new LineDisplay(command.getOut(), clock);
  }
}
