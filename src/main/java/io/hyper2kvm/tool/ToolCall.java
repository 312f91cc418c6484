package io.hyper2kvm.tool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A stage's call of a tool; the route names the program. There is no shell: each argument reaches
 * the program as it is.
 *
 * @param arguments one element per argument
 * @param input what the tool reads from its standard input; empty for none
 * @param judged exit codes beyond 0 that are an answer, which the caller judges; any other code is
 *     a failure
 * @param stderrFile where standard error goes; for a tool that leaves a process behind, which
 *     writes there long after it
 * @param watch who watches the tool while it runs; empty for a tool that ends by itself
 * @param environment variables that this call has beside those of every tool
 */
public record ToolCall(
    List<String> arguments,
    String input,
    Set<Integer> judged,
    Optional<Path> stderrFile,
    Optional<Watch> watch,
    Map<String, String> environment) {

  /** Looks at a tool while it runs. */
  @FunctionalInterface
  public interface Observer {

    /**
     * Returns when it has seen enough; the tool is ended then.
     *
     * @param alive whether the tool still runs
     */
    void observe(BooleanSupplier alive) throws InterruptedException;
  }

  /**
   * A tool that goes on until somebody has seen enough of it. Its exit code says nothing.
   *
   * @param limit a time limit of its own, in place of what is left of the stage's
   */
  public record Watch(Duration limit, Observer observer) {

    public Watch {
      Objects.requireNonNull(observer, "observer");
      if (limit.isNegative() || limit.isZero()) {
        throw new IllegalArgumentException("limit is not positive: " + limit);
      }
    }
  }

  public ToolCall {
    arguments = List.copyOf(arguments);
    Objects.requireNonNull(input, "input");
    judged = Set.copyOf(judged);
    Objects.requireNonNull(stderrFile, "stderrFile");
    Objects.requireNonNull(watch, "watch");
    environment = Map.copyOf(environment);
  }

  /** A call without standard input, for which only exit code 0 is a success. */
  public static ToolCall of(List<String> arguments) {
    return new ToolCall(arguments, "", Set.of(), Optional.empty(), Optional.empty(), Map.of());
  }

  /** The same call with a text for the tool's standard input. */
  public ToolCall withInput(String text) {
    return new ToolCall(arguments, text, judged, stderrFile, watch, environment);
  }

  /** The same call with exit codes, beyond 0, that the caller judges. */
  public ToolCall judging(int... codes) {
    Set<Integer> all = IntStream.of(codes).boxed().collect(Collectors.toSet());
    return new ToolCall(arguments, input, all, stderrFile, watch, environment);
  }

  /** The same call with a file for standard error. */
  public ToolCall withErrorsIn(Path file) {
    return new ToolCall(arguments, input, judged, Optional.of(file), watch, environment);
  }

  /** The same call of a tool that is watched, and ended when enough is seen. */
  public ToolCall watchedBy(Observer observer, Duration limit) {
    return new ToolCall(
        arguments, input, judged, stderrFile, Optional.of(new Watch(limit, observer)), environment);
  }

  /** The same call with one more variable in the tool's environment. */
  public ToolCall withVariable(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new ToolCall(arguments, input, judged, stderrFile, watch, more);
  }

  /** Whether an exit code is an answer, and no failure. */
  public boolean answersWith(int exitCode) {
    return exitCode == 0 || judged.contains(exitCode);
  }
}
