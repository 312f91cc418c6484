package io.hyper2kvm.daemon.exec;

import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.ToolCommand;
import java.io.InputStream;
import java.util.Set;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.exec.ExecCommand;

/** What {@link ToolBinding} hands to {@link ToolExecutor} through camel-exec. */
final class ToolExecCommand extends ExecCommand {

  private final transient ToolCommand tool;
  private final transient VmJob job;

  ToolExecCommand(VmJob job, ToolCommand tool, Set<Integer> exitValues) {
    super(
        tool.executable(),
        tool.arguments(),
        tool.directory().toString(),
        tool.timeout().toMillis(),
        exitValues,
        InputStream.nullInputStream(),
        null,
        false,
        LoggingLevel.DEBUG);
    this.job = job;
    this.tool = tool;
  }

  VmJob job() {
    return job;
  }

  ToolCommand tool() {
    return tool;
  }
}
