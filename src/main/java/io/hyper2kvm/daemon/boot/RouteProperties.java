package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The properties that the routes read; listed in docs/routes.md. */
public final class RouteProperties {

  private RouteProperties() {}

  /** The properties of a configuration; times in milliseconds. */
  public static Map<String, String> of(DaemonConfig config) {
    Map<String, String> properties = new TreeMap<>();
    WorkflowDirectories directories = new WorkflowDirectories(config.manifestWorkflowDir());
    properties.put("h2k.intake.directory", directories.toBeProcessed().toString());
    properties.put("h2k.intake.poll-interval", millis(config.pollInterval()));
    properties.put("h2k.vm.endpoint", "direct:vm-pipeline");
    properties.put("h2k.stage.load.timeout", millis(config.loadTimeout()));
    properties.put("h2k.stage.inspect.timeout", millis(config.inspectTimeout()));
    properties.put("h2k.stage.fix.timeout", millis(config.fixTimeout()));
    properties.put("h2k.stage.convert.timeout", millis(config.convertTimeout()));
    properties.put("h2k.stage.validate.timeout", millis(config.validateTimeout()));
    // The boot test decides by itself when its time is up; the tool's limit only guards it.
    properties.put(
        "h2k.stage.validate.boot-timeout",
        millis(config.bootTestTimeout().plus(Duration.ofMinutes(1))));
    return properties;
  }

  private static String millis(Duration duration) {
    return String.valueOf(duration.toMillis());
  }
}
