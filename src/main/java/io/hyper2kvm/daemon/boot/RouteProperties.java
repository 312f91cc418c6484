package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.config.BootTestConfig;
import io.hyper2kvm.config.IntakeConfig;
import io.hyper2kvm.config.StagesConfig;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The properties that the routes read; listed in docs/routes.md. */
public final class RouteProperties {

  private RouteProperties() {}

  /** The properties; times in milliseconds. */
  public static Map<String, String> of(
      WorkflowDirectories directories,
      IntakeConfig intake,
      StagesConfig stages,
      BootTestConfig bootTest) {
    Map<String, String> properties = new TreeMap<>();
    properties.put("h2k.intake.directory", directories.toBeProcessed().toString());
    properties.put("h2k.intake.poll-interval", millis(intake.pollInterval()));
    properties.put("h2k.vm.endpoint", "direct:vm-pipeline");
    properties.put("h2k.stage.load.timeout", millis(stages.loadTimeout()));
    properties.put("h2k.stage.inspect.timeout", millis(stages.inspectTimeout()));
    properties.put("h2k.stage.fix.timeout", millis(stages.fixTimeout()));
    properties.put("h2k.stage.convert.timeout", millis(stages.convertTimeout()));
    properties.put("h2k.stage.validate.timeout", millis(stages.validateTimeout()));
    // The boot test ends itself at its own limit. The tool's limit, which is later, only guards it.
    properties.put(
        "h2k.stage.validate.boot-timeout", millis(bootTest.timeout().plus(Duration.ofMinutes(1))));
    return properties;
  }

  private static String millis(Duration duration) {
    return String.valueOf(duration.toMillis());
  }
}
