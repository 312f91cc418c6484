package io.hyper2kvm.daemon.exec;

import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolCommand;
import io.hyper2kvm.tool.ToolFailedException;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolRunner;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** A tool that runs until its observer returns, and is then ended; such as the boot test's QEMU. */
final class WatchedTool {

  private final ToolRunner runner;
  private final ToolCommand command;
  private final AtomicReference<ToolResult> ended = new AtomicReference<>();
  private final AtomicReference<ToolFailedException> failed = new AtomicReference<>();

  WatchedTool(ToolRunner runner, ToolCommand command) {
    this.runner = runner;
    this.command = command;
  }

  /**
   * Runs it until the observer returns.
   *
   * @return how it ended; exit code 0 for one that was ended
   * @throws ToolFailedException when it could not be started
   */
  ToolResult run(ToolCall.Watch watch) throws InterruptedException, ToolFailedException {
    Thread tool = new Thread(this::run, Thread.currentThread().getName() + "-boot");
    tool.start();
    try {
      watch.observer().observe(tool::isAlive);
    } finally {
      // Interrupting the runner ends the tool; when it has ended by itself this does nothing.
      tool.interrupt();
    }
    tool.join();
    ToolFailedException failure = failed.get();
    if (failure != null && failure.reason() == ToolFailedException.Reason.NOT_STARTED) {
      throw failure;
    }
    ToolResult result = ended.get();
    return result != null ? result : new ToolResult(0, new byte[0], "", Duration.ZERO);
  }

  private void run() {
    try {
      ended.set(runner.run(command));
    } catch (ToolFailedException e) {
      failed.set(e);
    }
  }
}
