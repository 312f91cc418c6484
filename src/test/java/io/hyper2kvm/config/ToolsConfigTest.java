package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.config.value.DataSize;
import io.hyper2kvm.config.value.KvmMode;
import io.hyper2kvm.tool.luks.LuksKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolsConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().tools())
        .isEqualTo(
            new ToolsConfig(
                new DataSize(1280L << 20),
                8,
                KvmMode.AUTO,
                Optional.empty(),
                List.of(),
                Optional.empty()));
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
            "tool_user: " + Site.someUser(),
            "luks_keys: [{vm: db-*, key_file: keys/db.key}, vm=*; device=disk2; credential=luks]",
            "virtio_win: /srv/virtio-win.iso")
        .isEqualTo(
            new ToolsConfig(
                new DataSize(2L << 30),
                16,
                KvmMode.OFF,
                Optional.of(Site.someUser()),
                List.of(
                    LuksKey.parse("vm=db-*; device=*; key_file=keys/db.key", root),
                    LuksKey.parse("vm=*; device=disk2; credential=luks", root)),
                Optional.of(Path.of("/srv/virtio-win.iso"))));
  }
}
