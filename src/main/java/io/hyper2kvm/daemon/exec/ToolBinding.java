package io.hyper2kvm.daemon.exec;

import io.hyper2kvm.guestfish.Guestfish;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.InspectStage;
import io.hyper2kvm.tool.QemuImg;
import io.hyper2kvm.tool.ToolCommand;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecBinding;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecEndpoint;
import org.apache.camel.component.exec.ExecResult;

/**
 * Makes a tool's command from an exec step. The header {@code CamelExecCommandArgs} is the only one
 * that is read; executable, exit values and time-out are what the route says. The body, a string,
 * becomes standard input; afterwards it is the {@link io.hyper2kvm.tool.ToolResult}.
 */
public final class ToolBinding implements ExecBinding {

  private final StageSettings settings;

  /** A binding that gives every tool the environment of the settings. */
  public ToolBinding(StageSettings settings) {
    this.settings = settings;
  }

  @Override
  public ExecCommand readInput(Exchange exchange, ExecEndpoint endpoint) {
    VmJob job = exchange.getVariable("vmJob", VmJob.class);
    if (job == null) {
      throw new IllegalStateException("the exec step runs outside of a VM: no variable vmJob");
    }
    List<String> arguments = arguments(exchange);
    Map<String, String> environment = new HashMap<>(settings.toolEnvironment());
    // libguestfs puts its temporary files into the job's own directory, which is removed.
    // QEMU keeps what a boot test's guest writes there, too.
    String scratch = job.toolFiles().scratch().toString();
    environment.put("TMPDIR", scratch);
    environment.put("LIBGUESTFS_TMPDIR", scratch);
    if (job.toolFiles().user().isOther()) {
      environment.put("HOME", scratch);
    }
    boolean listens = arguments.equals(Guestfish.listen());
    Optional<Path> stderrFile =
        listens ? Optional.of(InspectStage.applianceLog(job)) : Optional.empty();
    ToolCommand tool =
        new ToolCommand(
            endpoint.getExecutable(),
            arguments,
            job.directory(),
            environment,
            exchange.getMessage().getBody() instanceof String script
                ? script.getBytes(StandardCharsets.UTF_8)
                : new byte[0],
            timeout(job, endpoint),
            ToolCommand.DEFAULT_MAX_STDOUT_BYTES,
            line -> QemuImg.parseProgress(line).ifPresent(job::progress),
            stderrFile);
    return new ToolExecCommand(job, tool, exitValues(endpoint));
  }

  /** The route's time-out is that of the whole stage; the boot test's is its own. */
  private static Duration timeout(VmJob job, ExecEndpoint endpoint) {
    Duration stated = Duration.ofMillis(endpoint.getTimeout());
    return endpoint.getCommandExecutor() instanceof BootTestExecutor
        ? stated
        : job.leftOfStage(stated);
  }

  private static List<String> arguments(Exchange exchange) {
    Object arguments = exchange.getMessage().removeHeader(EXEC_COMMAND_ARGS);
    if (!(arguments instanceof List<?> list) || !list.stream().allMatch(String.class::isInstance)) {
      throw new IllegalStateException(
          "the exec step needs a list of strings in the header " + EXEC_COMMAND_ARGS);
    }
    return list.stream().map(String.class::cast).toList();
  }

  private static Set<Integer> exitValues(ExecEndpoint endpoint) {
    if (endpoint.getExitValues() == null || endpoint.getExitValues().isBlank()) {
      throw new IllegalStateException(
          "the exec step of %s states no exitValues: a failure would pass for a success"
              .formatted(endpoint.getExecutable()));
    }
    return Stream.of(endpoint.getExitValues().split(","))
        .map(String::strip)
        .map(Integer::valueOf)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void writeOutput(Exchange exchange, ExecResult result) {
    exchange.getMessage().setBody(((ToolExecResult) result).tool());
  }
}
