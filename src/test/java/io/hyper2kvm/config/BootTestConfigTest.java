package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.config.value.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootTestConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().bootTest())
        .isEqualTo(new BootTestConfig(Duration.ofSeconds(300), new DataSize(1L << 30)));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    FullMapping.of(
            site,
            BootTestConfig.class,
            DaemonConfig::bootTest,
            "boot_test_timeout: 6m",
            "boot_test_memory: 512MiB")
        .isEqualTo(new BootTestConfig(Duration.ofMinutes(6), new DataSize(512L << 20)));
  }
}
