package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().routes())
        .isEqualTo(
            new RoutesConfig(
                site.root.resolve("program/routes"), Path.of("/etc/hyper2kvm/routes.d")));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    site.folder("own");
    Files.createFile(site.root.resolve("own/vm-pipeline.camel.yaml"));
    FullMapping.of(
            site,
            RoutesConfig.class,
            DaemonConfig::routes,
            "routes_dir: own",
            "extra_routes_dir: own.d")
        .isEqualTo(new RoutesConfig(site.root.resolve("own"), site.root.resolve("own.d")));
  }
}
