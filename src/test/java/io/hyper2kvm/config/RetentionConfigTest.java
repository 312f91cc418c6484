package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().retention())
        .isEqualTo(new RetentionConfig(Optional.empty(), Optional.empty()));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    FullMapping.of(
            site,
            RetentionConfig.class,
            DaemonConfig::retention,
            "retain_processed: 400d",
            "retain_failed: 30d")
        .isEqualTo(
            new RetentionConfig(
                Optional.of(Duration.ofDays(400)), Optional.of(Duration.ofDays(30))));
  }
}
