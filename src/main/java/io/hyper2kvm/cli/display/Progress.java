package io.hyper2kvm.cli.display;

import io.hyper2kvm.cli.output.Surroundings;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;

/**
 * The progress as this terminal, pipe or file can show it, with standard error held back while bars
 * are drawn.
 */
public record Progress(VmProgress shown, Optional<HeldBackErrors> errors) implements AutoCloseable {

  public static Progress of(boolean silent, Surroundings surroundings, PrintWriter err) {
    if (silent) {
      return new Progress(VmProgress.NONE, Optional.empty());
    }
    if (surroundings.hasTerminal()) {
      return new Progress(new ProgressBars(), Optional.of(new HeldBackErrors()));
    }
    return new Progress(new ProgressLines(err, Clock.systemDefaultZone()), Optional.empty());
  }

  @Override
  public void close() {
    shown.close();
    errors.ifPresent(HeldBackErrors::close);
  }
}
