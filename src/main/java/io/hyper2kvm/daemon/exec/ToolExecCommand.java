package io.hyper2kvm.daemon.exec;

import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolCommand;
import java.io.InputStream;
import java.util.Set;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.exec.ExecCommand;

/** What {@link ToolBinding} hands to {@link ToolExecutor} through camel-exec. */
final class ToolExecCommand extends ExecCommand {

  private final transient VmJob job;
  private final transient ToolCall call;
  private final transient ToolCommand tool;

  ToolExecCommand(VmJob job, ToolCall call, ToolCommand tool) {
    super(
        tool.executable(),
        tool.arguments(),
        tool.directory().toString(),
        tool.timeout().toMillis(),
        Set.of(0),
        InputStream.nullInputStream(),
        null,
        false,
        LoggingLevel.DEBUG);
    this.job = job;
    this.call = call;
    this.tool = tool;
  }

  VmJob job() {
    return job;
  }

  ToolCall call() {
    return call;
  }

  ToolCommand tool() {
    return tool;
  }
}
