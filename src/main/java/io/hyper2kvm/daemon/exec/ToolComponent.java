package io.hyper2kvm.daemon.exec;

import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.tool.ToolRunner;
import java.util.Map;
import java.util.TreeSet;
import org.apache.camel.Endpoint;
import org.apache.camel.component.exec.ExecComponent;
import org.apache.camel.component.exec.ExecEndpoint;

/**
 * The component {@code exec} of the routes: Camel's component, with this program's binding and
 * executor in every endpoint. A step names only the tool. Its arguments are in the {@link
 * io.hyper2kvm.tool.ToolCall} in the body. So no step can run a tool without its limits, or treat a
 * failure as a success.
 */
public final class ToolComponent extends ExecComponent {

  /** What a step says in place of its tool's arguments, for those who wrote them into the route. */
  public static final String INSTEAD =
      "arguments, standard input and further exit codes are the ToolCall that the bean before it makes";

  /** The exchange property with the job of the VM, where variable {@code vmJob} is a view of it. */
  public static final String HOOKED_JOB = "h2kHookedJob";

  private static final String TIMEOUT = "timeout";

  private final ToolBinding binding;
  private final ToolExecutor executor;

  /** A component whose tools have the environment of the settings and the limits of the stages. */
  public ToolComponent(ToolRunner runner, StageSettings settings, StageLimits limits) {
    binding = new ToolBinding(settings, limits);
    executor = new ToolExecutor(runner);
  }

  /**
   * An endpoint of a tool.
   *
   * @throws IllegalArgumentException when it has a parameter but {@code timeout}
   */
  @Override
  protected Endpoint createEndpoint(String uri, String tool, Map<String, Object> parameters)
      throws Exception {
    Object timeout = parameters.remove(TIMEOUT);
    if (!parameters.isEmpty()) {
      throw new IllegalArgumentException(
          "exec:%s takes no %s: %s"
              .formatted(tool, String.join(", ", new TreeSet<>(parameters.keySet())), INSTEAD));
    }
    ExecEndpoint endpoint = (ExecEndpoint) super.createEndpoint(uri, tool, parameters);
    endpoint.setBinding(binding);
    endpoint.setCommandExecutor(executor);
    endpoint.setExitValues("0");
    if (timeout != null) {
      endpoint.setTimeout(millis(tool, timeout.toString()));
    }
    return endpoint;
  }

  private static long millis(String tool, String timeout) {
    if (!timeout.matches("[1-9]\\d{0,17}")) {
      throw new IllegalArgumentException(
          "exec:%s: timeout is a number of milliseconds, not %s".formatted(tool, timeout));
    }
    return Long.parseLong(timeout);
  }
}
