package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.config.value.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().intake())
        .isEqualTo(
            new IntakeConfig(
                Duration.ofMillis(500), Duration.ofSeconds(1), new DataSize(16L << 20), 16, false));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    FullMapping.of(
            site,
            IntakeConfig.class,
            DaemonConfig::intake,
            "poll_interval: 2s",
            "manifest_min_age: 0s",
            "max_manifest_size: 2M",
            "max_manifests_in_flight: 99",
            "dry_run: true")
        .isEqualTo(
            new IntakeConfig(
                Duration.ofSeconds(2), Duration.ZERO, new DataSize(2L << 20), 99, true));
  }
}
