package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().output())
        .isEqualTo(new OutputConfig(site.root.resolve("out"), List.of()));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    site.folder("extra");
    FullMapping.of(
            site,
            OutputConfig.class,
            DaemonConfig::output,
            "output_dir: disks",
            "allowed_output_roots: [extra]")
        .isEqualTo(
            new OutputConfig(site.root.resolve("disks"), List.of(site.root.resolve("extra"))));
  }

  @Test
  void outputDirIsTheFirstRoot() {
    var output = new OutputConfig(Path.of("/out"), List.of(Path.of("/srv")));
    assertThat(output.roots()).containsExactly(Path.of("/out"), Path.of("/srv"));
  }
}
