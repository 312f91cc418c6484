package io.hyper2kvm.daemon.exec;

import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolFailedException;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.apache.camel.component.exec.ExecException;
import org.apache.camel.component.exec.ExecResult;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Runs the exec steps of the routes. Camel's own executor keeps all output in memory, leaves
 * grandchildren alive after a time-out, and treats a failing tool as a success.
 */
final class ToolExecutor implements ExecCommandExecutor {

  private static final Logger LOG = LogManager.getLogger(ToolExecutor.class);
  private final ToolRunner runner;
  private final ToolRequirements requirements;

  /** An executor that runs its tools by the given runner. */
  ToolExecutor(ToolRunner runner) {
    this.runner = runner;
    this.requirements = new ToolRequirements(runner);
  }

  @Override
  public ExecResult execute(ExecCommand command) {
    ToolExecCommand exec = (ToolExecCommand) command;
    String display = exec.tool().display();
    LOG.debug("tool-started command={}", display);
    try {
      ToolResult result =
          exec.call().watch().isPresent()
              ? new WatchedTool(runner, exec.tool()).run(exec.call().watch().get())
              : run(exec);
      LOG.debug("tool-ended command={} exit={} took={}", display, result.exitCode(), result.took());
      return new ToolExecResult(exec, result);
    } catch (ToolFailedException e) {
      LOG.debug("tool-failed command={} reason={}", display, e.getMessage());
      throw new ExecException(e.getMessage(), null, null, e.exitCode().orElse(-1), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecException("the boot test was stopped", null, null, -1, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // While a probe wrote its small files.
    }
  }

  private ToolResult run(ToolExecCommand exec) throws IOException {
    requirements.require(
        exec.tool().executable(),
        exec.job().spec().pipeline().convert(),
        exec.job().toolFiles().scratch(),
        exec.tool().environment());
    ToolResult result = runner.run(exec.tool());
    ToolCall call = exec.call();
    if (!call.answersWith(result.exitCode())) {
      throw ToolFailedException.exited(exec.tool(), result);
    }
    return result;
  }
}
