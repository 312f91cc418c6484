package io.hyper2kvm.cli;

import io.hyper2kvm.cli.display.Displays;
import io.hyper2kvm.cli.display.Watch;
import io.hyper2kvm.cli.display.Watched;
import io.hyper2kvm.cli.job.JobJson;
import io.hyper2kvm.cli.job.JobLines;
import io.hyper2kvm.cli.output.OutputFormat;
import io.hyper2kvm.config.value.DurationText;
import io.hyper2kvm.view.JsonText;
import io.hyper2kvm.workflow.Job;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of a command that puts manifests into the drop zone, and what it does after that. */
final class WaitOptions {

  @Option(
      names = "--wait",
      description = "Follow the manifests until all have ended, and print how")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "With --wait: no longer than this, like 90s, 30m or 4h")
  private String timeout;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES} [${DEFAULT-VALUE}]")
  private OutputFormat output;

  private final Clock clock = Clock.systemDefaultZone();

  void requireUse(CommandLine command) {
    if (timeout != null && !wait) {
      throw new ParameterException(command, "--timeout needs --wait");
    }
    limit(command);
  }

  private Optional<Duration> limit(CommandLine command) {
    try {
      return Optional.ofNullable(timeout).map(DurationText::parse);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command,
          "--timeout: %s: a time is written like 90s, 30m or 4h".formatted(e.getMessage()));
    }
  }

  /** Tells what was done with one manifest; nothing where a script reads. */
  void tell(CommandLine command, String line) {
    if (output == OutputFormat.text) {
      command.getOut().println(line);
      command.getOut().flush();
    }
  }

  /**
   * Follows the manifests if it was asked for, and prints what became of them.
   *
   * @return the exit code
   */
  int finish(CommandLine command, List<Watched> watched) throws IOException, InterruptedException {
    int exit = 0;
    PrintWriter out = command.getOut();
    if (wait) {
      Watch.Display display =
          output == OutputFormat.json ? jobs -> {} : Displays.of(command, clock);
      exit = Watch.follow(watched, display, limit(command));
    }
    if (output == OutputFormat.json) {
      List<Map<String, Object>> manifests = new ArrayList<>();
      watched.forEach(job -> manifests.add(JobJson.of(job.job())));
      out.println(JsonText.of(Map.of("manifests", manifests)));
    } else if (wait) {
      watched.forEach(job -> lines(job).forEach(out::println));
    }
    out.flush();
    return exit;
  }

  private List<String> lines(Watched watched) {
    Job job = watched.job();
    if (watched.isGone()) {
      return List.of(JobLines.name(job) + ": in no folder any more: somebody took it away");
    }
    return new JobLines(clock).of(job);
  }
}
