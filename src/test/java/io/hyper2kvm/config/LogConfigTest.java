package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.config.value.DataSize;
import io.hyper2kvm.config.value.LogFormat;
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
        .isEqualTo(
            new LogConfig(
                LogLevel.INFO, LogFormat.TEXT, Optional.empty(), DataSize.parse("10MiB")));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    FullMapping.of(
            site,
            LogConfig.class,
            DaemonConfig::log,
            "log_level: debug",
            "log_format: json",
            "log_file: daemon.log",
            "job_log_size: 0B")
        .isEqualTo(
            new LogConfig(
                LogLevel.DEBUG,
                LogFormat.JSON,
                Optional.of(site.root.resolve("daemon.log")),
                DataSize.parse("0B")));
  }

  @Test
  void otherWordsSayTheSame() throws Exception {
    var site = new Site(root).fileWith("verbose: 2", "log_dir: logs");
    assertThat(site.load().config().log())
        .isEqualTo(
            new LogConfig(
                LogLevel.DEBUG,
                LogFormat.TEXT,
                Optional.of(site.root.resolve("logs/manifest-daemon.log")),
                DataSize.parse("10MiB")));
  }
}
