package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.config.value.LogLevel;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().log())
        .isEqualTo(new LogConfig(LogLevel.INFO, Optional.empty()));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    FullMapping.of(
            site, LogConfig.class, DaemonConfig::log, "log_level: debug", "log_file: daemon.log")
        .isEqualTo(new LogConfig(LogLevel.DEBUG, Optional.of(site.root.resolve("daemon.log"))));
  }

  @Test
  void otherWordsSayTheSame() throws Exception {
    var site = new Site(root).fileWith("verbose: 2", "log_dir: logs");
    assertThat(site.load().config().log())
        .isEqualTo(
            new LogConfig(
                LogLevel.DEBUG, Optional.of(site.root.resolve("logs/manifest-daemon.log"))));
  }
}
