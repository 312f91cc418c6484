package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().workflow())
        .isEqualTo(
            new WorkflowConfig(
                site.root.resolve("work"),
                site.root.resolve("work/.work"),
                2,
                Duration.ofMinutes(5)));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    FullMapping.of(
            site,
            WorkflowConfig.class,
            DaemonConfig::workflow,
            "manifest_workflow_dir: flow",
            "work_dir: overlays",
            "max_concurrent_jobs: 7",
            "shutdown_timeout: 7m")
        .isEqualTo(
            new WorkflowConfig(
                site.root.resolve("flow"),
                site.root.resolve("overlays"),
                7,
                Duration.ofMinutes(7)));
  }
}
