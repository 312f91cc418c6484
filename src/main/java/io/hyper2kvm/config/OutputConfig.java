package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where outputs go.
 *
 * @param dir where converted disks are written; absolute
 * @param allowedRoots folders besides {@code dir} that a manifest may write below
 */
public record OutputConfig(Path dir, List<Path> allowedRoots) {

  public static final ConfigKey<Path> OUTPUT_DIR =
      ConfigKey.of(
              Group.FOLDERS,
              "output_dir",
              ValueSyntax.path("DIR"),
              "Where converted disks are written")
          .asRequired();
  public static final ConfigKey<Path> ALLOWED_OUTPUT_ROOTS =
      ConfigKey.of(
              Group.FOLDERS,
              "allowed_output_roots",
              ValueSyntax.path("DIR"),
              "A manifest may also write below these folders")
          .asList();

  public OutputConfig {
    Require.absolute(dir, "dir");
    allowedRoots = List.copyOf(allowedRoots);
    allowedRoots.forEach(path -> Require.absolute(path, "allowedRoots"));
  }

  static OutputConfig of(Values values) {
    return new OutputConfig(values.get(OUTPUT_DIR), values.list(ALLOWED_OUTPUT_ROOTS));
  }

  /** Below which outputs must lie. */
  public List<Path> roots() {
    return Stream.concat(Stream.of(dir), allowedRoots.stream()).toList();
  }
}
