package io.hyper2kvm.daemon.exec;

import io.hyper2kvm.tool.ToolCall;
import java.util.Arrays;

/** Bean {@code toolCalls}: the calls of an operator's own tools, written in a route. */
public final class ToolCalls {

  /**
   * A call with these arguments and no standard input, for which only exit code 0 is a success.
   *
   * @param arguments one for each argument of the tool, as text; there is no shell
   * @throws IllegalArgumentException when an argument is missing
   */
  public ToolCall of(Object... arguments) {
    return ToolCall.of(Arrays.stream(arguments).map(ToolCalls::text).toList());
  }

  private static String text(Object argument) {
    if (argument == null) {
      throw new IllegalArgumentException("an argument of the tool is not there");
    }
    return argument.toString();
  }
}
