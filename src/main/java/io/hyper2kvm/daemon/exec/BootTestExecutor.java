package io.hyper2kvm.daemon.exec;

import io.hyper2kvm.stage.validate.BootTestStage;
import io.hyper2kvm.tool.ToolFailedException;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolRunner;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecCommandExecutor;
import org.apache.camel.component.exec.ExecException;
import org.apache.camel.component.exec.ExecResult;

/**
 * Runs the exec step of the boot test: QEMU goes on while the stage watches its guest, and is ended
 * when the stage has seen enough.
 */
public final class BootTestExecutor implements ExecCommandExecutor {

  private final ToolRunner runner;
  private final BootTestStage stage;

  /** An executor that starts QEMU by the runner and lets the stage watch. */
  public BootTestExecutor(ToolRunner runner, BootTestStage stage) {
    this.runner = runner;
    this.stage = stage;
  }

  @Override
  public ExecResult execute(ExecCommand command) {
    ToolExecCommand exec = (ToolExecCommand) command;
    AtomicReference<ToolResult> ended = new AtomicReference<>();
    AtomicReference<ToolFailedException> failed = new AtomicReference<>();
    Thread qemu =
        new Thread(
            () -> {
              try {
                ended.set(runner.run(exec.tool()));
              } catch (ToolFailedException e) {
                failed.set(e);
              }
            },
            Thread.currentThread().getName() + "-boot");
    qemu.start();
    try {
      stage.observe(exec.job(), qemu::isAlive);
      stop(qemu);
    } catch (InterruptedException e) {
      qemu.interrupt();
      Thread.currentThread().interrupt();
      throw new ExecException("the boot test was stopped", null, null, -1, e);
    }
    ToolFailedException failure = failed.get();
    if (failure != null && failure.reason() == ToolFailedException.Reason.NOT_STARTED) {
      throw new ExecException(failure.getMessage(), null, null, -1, failure);
    }
    ToolResult result = ended.get();
    return new ToolExecResult(
        exec, result != null ? result : new ToolResult(0, new byte[0], "", Duration.ZERO));
  }

  private static void stop(Thread qemu) throws InterruptedException {
    // Interrupting the runner ends QEMU; when QEMU has ended by itself this does nothing.
    qemu.interrupt();
    qemu.join();
  }
}
