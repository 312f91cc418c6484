package io.hyper2kvm.daemon.exec;

import io.hyper2kvm.tool.ToolResult;
import java.io.ByteArrayInputStream;
import org.apache.camel.component.exec.ExecResult;

/** What {@link ToolExecutor} hands back to {@link ToolBinding} through camel-exec. */
final class ToolExecResult extends ExecResult {

  private final transient ToolResult tool;

  ToolExecResult(ToolExecCommand command, ToolResult tool) {
    super(
        command,
        new ByteArrayInputStream(tool.stdout()),
        new ByteArrayInputStream(new byte[0]),
        tool.exitCode());
    this.tool = tool;
  }

  ToolResult tool() {
    return tool;
  }
}
