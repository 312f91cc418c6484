package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import java.util.List;
import java.util.Optional;

/** All keys, in the order in which documents and messages name them. */
public final class ConfigKeys {

  public static final ConfigKey<String> COMMAND =
      ConfigKey.of(Group.MODE, "command", ValueSyntax.literal("daemon"), "What the file is for")
          .withDefault("daemon");
  public static final ConfigKey<String> MANIFEST_WORKFLOW_MODE =
      ConfigKey.of(
              Group.MODE,
              "manifest_workflow_mode",
              ValueSyntax.literal("true"),
              "Work on manifests; the only mode there is")
          .withDefault("true");

  private static final List<ConfigKey<?>> ALL =
      List.of(
          COMMAND,
          MANIFEST_WORKFLOW_MODE,
          WorkflowConfig.MANIFEST_WORKFLOW_DIR,
          OutputConfig.OUTPUT_DIR,
          SourcesConfig.SOURCE_DIR,
          SourcesConfig.ALLOWED_SOURCE_ROOTS,
          SourcesConfig.ALLOWED_DEVICES,
          OutputConfig.ALLOWED_OUTPUT_ROOTS,
          WorkflowConfig.WORK_DIR,
          RoutesConfig.ROUTES_DIR,
          RoutesConfig.EXTRA_ROUTES_DIR,
          RetentionConfig.RETAIN_PROCESSED,
          RetentionConfig.RETAIN_FAILED,
          WorkflowConfig.MAX_CONCURRENT_JOBS,
          IntakeConfig.MAX_MANIFESTS_IN_FLIGHT,
          IntakeConfig.MAX_MANIFEST_SIZE,
          IntakeConfig.POLL_INTERVAL,
          IntakeConfig.MANIFEST_MIN_AGE,
          IntakeConfig.DRY_RUN,
          StagesConfig.LOAD_TIMEOUT,
          StagesConfig.INSPECT_TIMEOUT,
          StagesConfig.FIX_TIMEOUT,
          StagesConfig.CONVERT_TIMEOUT,
          StagesConfig.VALIDATE_TIMEOUT,
          BootTestConfig.BOOT_TEST_TIMEOUT,
          WorkflowConfig.SHUTDOWN_TIMEOUT,
          ToolsConfig.APPLIANCE_MEMORY,
          BootTestConfig.BOOT_TEST_MEMORY,
          ToolsConfig.CONVERT_THREADS,
          ToolsConfig.KVM,
          ToolsConfig.TOOL_USER,
          ToolsConfig.LUKS_KEYS,
          ToolsConfig.VIRTIO_WIN,
          DomainConfig.DOMAIN_DISK_BUS,
          DomainConfig.DOMAIN_NETWORK_MODEL,
          DomainConfig.DOMAIN_NETWORKS,
          DomainConfig.DOMAIN_CPU,
          OutputConfig.SIGNING_KEY,
          OutputConfig.SIGNING_BUILDER_ID,
          OutputConfig.VERIFY_KEYS,
          HttpConfig.HTTP_PORT,
          HttpConfig.HTTP_HOST,
          HttpConfig.MIN_FREE_SPACE,
          HttpConfig.TRACES_ENDPOINT,
          HttpConfig.WEB_PORT,
          HttpConfig.WEB_HOST,
          HttpConfig.WEB_TOKEN_FILE,
          HttpConfig.WEB_HOSTS,
          LogConfig.LOG_LEVEL,
          LogConfig.VERBOSE,
          LogConfig.LOG_FORMAT,
          LogConfig.LOG_DIR,
          LogConfig.LOG_FILE,
          LogConfig.JOB_LOG_SIZE);

  private ConfigKeys() {}

  /** Every key. */
  public static List<ConfigKey<?>> all() {
    return ALL;
  }

  /** The key of this name in the file. */
  public static Optional<ConfigKey<?>> named(String name) {
    for (ConfigKey<?> key : ALL) {
      if (key.name().equals(name)) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }
}
