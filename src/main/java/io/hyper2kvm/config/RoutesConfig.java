package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import java.nio.file.Path;

/**
 * Where the routes are.
 *
 * @param dir holds the {@code *.camel.yaml} route files; absolute
 * @param extraDir holds further ones; absolute, need not be there
 */
public record RoutesConfig(Path dir, Path extraDir) {

  public static final ConfigKey<Path> ROUTES_DIR =
      ConfigKey.of(
              Group.FOLDERS,
              "routes_dir",
              ValueSyntax.path("DIR"),
              "Holds the route files, *.camel.yaml")
          .withDefault("<program>/routes");
  public static final ConfigKey<Path> EXTRA_ROUTES_DIR =
      ConfigKey.of(
              Group.FOLDERS,
              "extra_routes_dir",
              ValueSyntax.path("DIR"),
              "Holds further route files, *.camel.yaml; see docs/routes.md")
          .withDefault("/etc/hyper2kvm/routes.d");

  public RoutesConfig {
    Require.absolute(dir, "dir");
    Require.absolute(extraDir, "extraDir");
  }

  static RoutesConfig of(Values values) {
    return new RoutesConfig(values.get(ROUTES_DIR), values.get(EXTRA_ROUTES_DIR));
  }
}
