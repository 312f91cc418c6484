package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the daemon works, on how much at once, and how long it takes to stop.
 *
 * @param dir holds the four folders that manifests move through; absolute
 * @param workDir holds overlays while a VM is worked on; absolute
 * @param maxConcurrentJobs how many VMs are worked on at once, over all manifests; at least 1
 * @param shutdownTimeout how long a stop waits for running work
 */
public record WorkflowConfig(
    Path dir, Path workDir, int maxConcurrentJobs, Duration shutdownTimeout) {

  public static final ConfigKey<Path> MANIFEST_WORKFLOW_DIR =
      ConfigKey.of(
              Group.FOLDERS,
              "manifest_workflow_dir",
              ValueSyntax.path("DIR"),
              "Holds to_be_processed/ and the other manifest folders")
          .asRequired();
  public static final ConfigKey<Path> WORK_DIR =
      ConfigKey.of(
              Group.FOLDERS,
              "work_dir",
              ValueSyntax.path("DIR"),
              "Holds the overlays of the VMs being worked on")
          .withDefault("<manifest_workflow_dir>/.work");
  public static final ConfigKey<Integer> MAX_CONCURRENT_JOBS =
      ConfigKey.of(
              Group.WORK,
              "max_concurrent_jobs",
              ValueSyntax.number(1, 64),
              "VMs worked on at once, over all manifests; each may need 2 GiB of memory")
          .withDefault("2");
  public static final ConfigKey<Duration> SHUTDOWN_TIMEOUT =
      ConfigKey.of(
              Group.TIME_LIMITS,
              "shutdown_timeout",
              ValueSyntax.duration("1s", "30d"),
              "How long a stop waits for running work")
          .withDefault("5m");

  public WorkflowConfig {
    Require.absolute(dir, "dir");
    Require.absolute(workDir, "workDir");
    Require.within(maxConcurrentJobs, 1, Integer.MAX_VALUE, "maxConcurrentJobs");
    Require.positive(shutdownTimeout, "shutdownTimeout");
  }

  static WorkflowConfig of(Values values) {
    return new WorkflowConfig(
        values.get(MANIFEST_WORKFLOW_DIR),
        values.get(WORK_DIR),
        values.get(MAX_CONCURRENT_JOBS),
        values.get(SHUTDOWN_TIMEOUT));
  }

  /** The same for one manifest alone, with folders of its own. */
  WorkflowConfig oneShot(Path ownDir, Path ownWorkDir) {
    // A stop ends the work at once: whoever waits for this one manifest wants no more of it.
    return new WorkflowConfig(ownDir, ownWorkDir, maxConcurrentJobs, Duration.ofMillis(1));
  }
}
