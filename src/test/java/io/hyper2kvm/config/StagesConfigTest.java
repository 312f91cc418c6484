package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagesConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().stages())
        .isEqualTo(
            new StagesConfig(
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Duration.ofMinutes(30),
                Duration.ofHours(12),
                Duration.ofHours(2)));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    FullMapping.of(
            site,
            StagesConfig.class,
            DaemonConfig::stages,
            "load_timeout: 1m",
            "inspect_timeout: 2m",
            "fix_timeout: 3m",
            "convert_timeout: 4h",
            "validate_timeout: 5h")
        .isEqualTo(
            new StagesConfig(
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                Duration.ofMinutes(3),
                Duration.ofHours(4),
                Duration.ofHours(5)));
  }
}
