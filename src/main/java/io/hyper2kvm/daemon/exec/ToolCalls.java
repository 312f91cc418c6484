package io.hyper2kvm.daemon.exec;

import io.hyper2kvm.tool.ToolCall;
import java.util.List;

/** Bean {@code toolCalls}: the calls of an operator's own tools, written in a route. */
public final class ToolCalls {

  /**
   * A call with these arguments and no standard input, for which only exit code 0 is a success.
   *
   * @param arguments one for each argument of the tool; there is no shell
   */
  public ToolCall of(String... arguments) {
    return ToolCall.of(List.of(arguments));
  }
}
