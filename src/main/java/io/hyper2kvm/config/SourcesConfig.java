package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What may be read.
 *
 * @param dir where a relative {@code source_path} begins; absolute
 * @param allowedRoots folders sources may be read from, besides {@code dir}; empty: no restriction
 * @param allowedDevices patterns of the block devices that may be sources, below {@code /dev}
 */
public record SourcesConfig(
    Optional<Path> dir, List<Path> allowedRoots, List<Path> allowedDevices) {

  public static final ConfigKey<Path> SOURCE_DIR =
      ConfigKey.of(
          Group.FOLDERS,
          "source_dir",
          ValueSyntax.path("DIR"),
          "Where a relative source_path of a manifest starts");
  public static final ConfigKey<Path> ALLOWED_SOURCE_ROOTS =
      ConfigKey.of(
              Group.FOLDERS,
              "allowed_source_roots",
              ValueSyntax.path("DIR"),
              "Read sources only below these folders and source_dir; without it, from anywhere")
          .asList();
  public static final ConfigKey<Path> ALLOWED_DEVICES =
      ConfigKey.of(
              Group.FOLDERS,
              "allowed_devices",
              ValueSyntax.path("DIR"),
              "Block devices below /dev that may be sources, with * and ? within a name; without"
                  + " it, none")
          .asList();

  public SourcesConfig {
    dir.ifPresent(path -> Require.absolute(path, "dir"));
    allowedRoots = List.copyOf(allowedRoots);
    allowedRoots.forEach(path -> Require.absolute(path, "allowedRoots"));
    allowedDevices = List.copyOf(allowedDevices);
    allowedDevices.forEach(path -> Require.absolute(path, "allowedDevices"));
  }

  static SourcesConfig of(Values values) {
    return new SourcesConfig(
        values.find(SOURCE_DIR), values.list(ALLOWED_SOURCE_ROOTS), values.list(ALLOWED_DEVICES));
  }

  /** All folders that are named for sources; what runs in guests may lie below these only. */
  public List<Path> named() {
    return Stream.concat(dir.stream(), allowedRoots.stream()).toList();
  }

  /** Below which sources must lie; empty means anywhere: {@code dir} alone restricts nothing. */
  public List<Path> roots() {
    return allowedRoots.isEmpty()
        ? List.of()
        : Stream.concat(dir.stream(), allowedRoots.stream()).toList();
  }
}
