package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().sources())
        .isEqualTo(new SourcesConfig(Optional.empty(), List.of(), List.of()));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    site.folder("source").folder("one").folder("two");
    FullMapping.of(
            site,
            SourcesConfig.class,
            DaemonConfig::sources,
            "source_dir: source",
            "allowed_source_roots: [one, \"one/../two\"]",
            "allowed_devices: [\"/dev/vg0/snap-*\"]")
        .isEqualTo(
            new SourcesConfig(
                Optional.of(site.root.resolve("source")),
                List.of(site.root.resolve("one"), site.root.resolve("two")),
                List.of(Path.of("/dev/vg0/snap-*"))));
  }

  @Test
  void sourceDirAloneRestrictsNothing() {
    var sources = new SourcesConfig(Optional.of(Path.of("/in")), List.of(), List.of());
    assertThat(sources.roots()).isEmpty();
  }

  @Test
  void sourceDirIsOneOfTheRootsIfThereAreAny() {
    var sources =
        new SourcesConfig(Optional.of(Path.of("/in")), List.of(Path.of("/srv")), List.of());
    assertThat(sources.roots()).containsExactly(Path.of("/in"), Path.of("/srv"));
  }
}
