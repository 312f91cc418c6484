package io.hyper2kvm.doctor;

import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.ToolsConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who the tools run as: they read what strangers made. */
final class UserCheck implements Check {

  private final WorkflowConfig workflow;
  private final OutputConfig output;
  private final ToolsConfig tools;

  UserCheck(WorkflowConfig workflow, OutputConfig output, ToolsConfig tools) {
    this.workflow = workflow;
    this.output = output;
    this.tools = tools;
  }

  @Override
  public List<Finding> run(Host host) {
    String name = System.getProperty("user.name", "?");
    Optional<String> wanted = tools.user();
    if (wanted.isPresent() && !wanted.get().equals(name)) {
      return List.of(toolUser(host, wanted.get(), name));
    }
    if (host.user() == 0) {
      return List.of(
          Finding.warn(
              "User",
              "root, and so would be QEMU and the appliance, which read disks from outside",
              "write tool_user: hyper2kvm in the configuration; or run it by the service unit, whose"
                  + " user is hyper2kvm, or by runuser -u hyper2kvm"));
    }
    return List.of(
        Finding.ok("User", "%s (%d), without root's rights".formatted(name, host.user())));
  }

  private Finding toolUser(Host host, String wanted, String own) {
    if (host.user() != 0) {
      return Finding.warn(
          "User",
          "%s; tool_user is %s, which a start as root alone can make of the tools"
              .formatted(own, wanted),
          "start as root, or leave tool_user out");
    }
    try {
      ToolUser user = ToolUser.named(wanted);
      Path work = workflow.workDir();
      if (host.configured() && Files.isDirectory(work) && !user.mayEnter(work)) {
        return Finding.fail(
            "User",
            "tool_user %s cannot reach work_dir %s".formatted(wanted, work),
            "give others the right x on it and on each folder above it");
      }
      for (Path folder : List.of(work, output.dir())) {
        Optional<Path> replaceable =
            host.configured() && Files.isDirectory(folder)
                ? user.replaceable(folder.toRealPath())
                : Optional.empty();
        if (replaceable.isPresent()) {
          return new Finding(
              "User",
              folder.equals(work) ? Finding.Level.FAIL : Finding.Level.WARN,
              "tool_user %s may write to %s, and could replace the daemon's files below it"
                  .formatted(wanted, replaceable.get()),
              "make it root's, and writable for nobody else");
        }
      }
      return Finding.ok(
          "User", "root; the tools run as %s, without root's rights".formatted(wanted));
    } catch (IOException e) {
      return Finding.fail(
          "User", "tool_user: " + e.getMessage(), "name a user of this machine other than root");
    }
  }
}
