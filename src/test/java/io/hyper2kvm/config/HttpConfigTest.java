package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.config.value.DataSize;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().http())
        .isEqualTo(new HttpConfig(Optional.empty(), "127.0.0.1", DataSize.parse("1GiB")));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    FullMapping.of(
            site,
            HttpConfig.class,
            DaemonConfig::http,
            "http_port: 9000",
            "http_host: \"::1\"",
            "min_free_space: 50GiB")
        .isEqualTo(new HttpConfig(Optional.of(9000), "::1", DataSize.parse("50GiB")));
  }
}
