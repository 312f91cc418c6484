package io.hyper2kvm.doctor;

import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.workflow.WorkflowDirectories;
import io.hyper2kvm.workflow.WorkflowLock;
import java.io.IOException;
import java.util.List;

/** Whether a daemon is at work on the workflow directory. */
final class OwnerCheck implements Check {

  private final WorkflowConfig workflow;

  OwnerCheck(WorkflowConfig workflow) {
    this.workflow = workflow;
  }

  @Override
  public List<Finding> run(Host host) {
    if (!host.configured()) {
      return List.of(Finding.ok("Daemon", "not looked for without a configuration"));
    }
    try {
      return List.of(
          WorkflowLock.owner(new WorkflowDirectories(workflow.dir()))
              .map(pid -> Finding.ok("Daemon", "runs, as process " + pid))
              .orElse(Finding.ok("Daemon", "none runs on this workflow directory")));
    } catch (IOException e) {
      return List.of(
          Finding.warn("Daemon", "cannot be told: " + e, "ask as the daemon's user, or as root"));
    }
  }
}
