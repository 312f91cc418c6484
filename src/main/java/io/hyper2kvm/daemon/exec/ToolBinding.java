package io.hyper2kvm.daemon.exec;

import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.QemuImg;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolCommand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecBinding;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecEndpoint;
import org.apache.camel.component.exec.ExecResult;

/**
 * Makes a tool's command from the {@link ToolCall} in the body of an exec step; afterwards the body
 * is the {@link io.hyper2kvm.tool.ToolResult}. Executable and time limit come from the endpoint; no
 * header is read.
 */
final class ToolBinding implements ExecBinding {

  private final StageSettings settings;
  private final StageLimits limits;

  /** A binding that gives every tool the environment of the settings. */
  ToolBinding(StageSettings settings, StageLimits limits) {
    this.settings = settings;
    this.limits = limits;
  }

  @Override
  public ExecCommand readInput(Exchange exchange, ExecEndpoint endpoint) {
    VmJob hooked = exchange.getProperty(ToolComponent.HOOKED_JOB, VmJob.class);
    VmJob job = hooked != null ? hooked : exchange.getVariable("vmJob", VmJob.class);
    if (job == null) {
      throw new IllegalStateException("the exec step runs outside of a VM: no variable vmJob");
    }
    if (hooked != null && !Files.isDirectory(job.directory())) {
      throw new IllegalStateException(
          "the folder of %s is not there: tools run in the hooks from after-load to on-vm-completed and on-vm-failed"
              .formatted(job.name()));
    }
    Object body = exchange.getMessage().getBody();
    if (!(body instanceof ToolCall call)) {
      throw new IllegalStateException(
          "the body of the step exec:%s is no ToolCall, but %s: %s"
              .formatted(
                  endpoint.getExecutable(),
                  body == null ? "empty" : body.getClass().getSimpleName(),
                  ToolComponent.INSTEAD));
    }
    exchange.getMessage().removeHeaders("CamelExec*");
    ToolCommand tool =
        new ToolCommand(
            endpoint.getExecutable(),
            call.arguments(),
            job.directory(),
            environment(job, call),
            call.input().getBytes(StandardCharsets.UTF_8),
            hooked != null ? whole(job, endpoint) : limit(job, call, endpoint),
            ToolCommand.DEFAULT_MAX_STDOUT_BYTES,
            line -> QemuImg.parseProgress(line).ifPresent(job::progress),
            call.stderrFile());
    return new ToolExecCommand(job, call, tool);
  }

  private Map<String, String> environment(VmJob job, ToolCall call) {
    Map<String, String> environment = new HashMap<>(settings.toolEnvironment());
    environment.putAll(call.environment());
    // libguestfs puts its temporary files into the job's own directory, which is removed.
    // QEMU keeps the writes of a boot test's guest there, too.
    String scratch = job.toolFiles().scratch().toString();
    environment.put("TMPDIR", scratch);
    environment.put("LIBGUESTFS_TMPDIR", scratch);
    if (job.toolFiles().user().isOther()) {
      environment.put("HOME", scratch);
    }
    return environment;
  }

  /** What is left of the stage's time; a watched tool's limit is its own. */
  private Duration limit(VmJob job, ToolCall call, ExecEndpoint endpoint) {
    if (call.watch().isPresent()) {
      return isStated(endpoint) ? whole(job, endpoint) : call.watch().get().limit();
    }
    return job.leftOfStage(whole(job, endpoint));
  }

  /** All the time of a stage's tools; a hook's tools are not counted into it. */
  private Duration whole(VmJob job, ExecEndpoint endpoint) {
    return isStated(endpoint) ? Duration.ofMillis(endpoint.getTimeout()) : limits.of(job.stage());
  }

  private static boolean isStated(ExecEndpoint endpoint) {
    return endpoint.getTimeout() != ExecEndpoint.NO_TIMEOUT;
  }

  @Override
  public void writeOutput(Exchange exchange, ExecResult result) {
    exchange.getMessage().setBody(((ToolExecResult) result).tool());
  }
}
