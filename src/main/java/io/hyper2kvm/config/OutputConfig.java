package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import io.hyper2kvm.config.value.SigningConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where outputs go, and how they are signed.
 *
 * @param dir where converted disks are written; absolute
 * @param allowedRoots folders besides {@code dir} that a manifest may write below
 * @param signing the keys for outputs and reports
 */
public record OutputConfig(Path dir, List<Path> allowedRoots, SigningConfig signing) {

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
  public static final ConfigKey<Path> SIGNING_KEY =
      ConfigKey.of(
          Group.SIGNING,
          "signing_key",
          ValueSyntax.path("FILE"),
          "File with the private key that signs outputs and reports; without it, nothing is signed");
  public static final ConfigKey<String> SIGNING_BUILDER_ID =
      ConfigKey.of(
              Group.SIGNING,
              "signing_builder_id",
              ValueSyntax.uri(),
              "What signed statements call this installation")
          .withDefault(SigningConfig.ANY_BUILDER);
  public static final ConfigKey<Path> VERIFY_KEYS =
      ConfigKey.of(
              Group.SIGNING,
              "verify_keys",
              ValueSyntax.path("FILE"),
              "Files with the public keys that hyper2kvm verify trusts")
          .asList();

  public OutputConfig {
    Require.absolute(dir, "dir");
    allowedRoots = List.copyOf(allowedRoots);
    allowedRoots.forEach(path -> Require.absolute(path, "allowedRoots"));
    signing.key().ifPresent(path -> Require.absolute(path, "signing.key"));
    signing.verifyKeys().forEach(path -> Require.absolute(path, "signing.verifyKeys"));
  }

  /** Outputs that are not signed. */
  public OutputConfig(Path dir, List<Path> allowedRoots) {
    this(dir, allowedRoots, SigningConfig.NONE);
  }

  static OutputConfig of(Values values) {
    return new OutputConfig(
        values.get(OUTPUT_DIR),
        values.list(ALLOWED_OUTPUT_ROOTS),
        new SigningConfig(
            values.find(SIGNING_KEY), values.get(SIGNING_BUILDER_ID), values.list(VERIFY_KEYS)));
  }

  /** Below which outputs must lie. */
  public List<Path> roots() {
    return Stream.concat(Stream.of(dir), allowedRoots.stream()).toList();
  }
}
