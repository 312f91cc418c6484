package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.config.value.DataSize;
import io.hyper2kvm.config.value.KvmMode;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolsConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().tools())
        .isEqualTo(new ToolsConfig(new DataSize(1280L << 20), 8, KvmMode.AUTO, Optional.empty()));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    FullMapping.of(
            site,
            ToolsConfig.class,
            DaemonConfig::tools,
            "appliance_memory: 2GiB",
            "convert_threads: 16",
            "kvm: off",
            "tool_user: " + Site.someUser())
        .isEqualTo(
            new ToolsConfig(new DataSize(2L << 30), 16, KvmMode.OFF, Optional.of(Site.someUser())));
  }
}
