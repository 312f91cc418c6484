package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import java.nio.file.Path;

/**
 * Where the routes are.
 *
 * @param dir holds the {@code *.camel.yaml} route files; absolute
 */
public record RoutesConfig(Path dir) {

  public static final ConfigKey<Path> ROUTES_DIR =
      ConfigKey.of(
              Group.FOLDERS,
              "routes_dir",
              ValueSyntax.path("DIR"),
              "Holds the route files, *.camel.yaml")
          .withDefault("<program>/routes");

  public RoutesConfig {
    Require.absolute(dir, "dir");
  }

  static RoutesConfig of(Values values) {
    return new RoutesConfig(values.get(ROUTES_DIR));
  }
}
