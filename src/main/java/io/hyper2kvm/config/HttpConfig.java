package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import io.hyper2kvm.config.value.DataSize;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the daemon answers over HTTP.
 *
 * @param port the port of the health endpoint; empty: none is open
 * @param host the address of that port
 * @param minFreeSpace the daemon counts as not ready when a folder has less free space
 */
public record HttpConfig(Optional<Integer> port, String host, DataSize minFreeSpace) {

  public static final ConfigKey<Integer> HTTP_PORT =
      ConfigKey.of(
          Group.HEALTH,
          "http_port",
          ValueSyntax.number(1, 65535),
          "Port of the health checks and metrics; without it, none is open");
  public static final ConfigKey<String> HTTP_HOST =
      ConfigKey.of(
              Group.HEALTH,
              "http_host",
              ValueSyntax.address(),
              "Address of that port; it has no access control of its own")
          .withDefault("127.0.0.1");

  public static final ConfigKey<DataSize> MIN_FREE_SPACE =
      ConfigKey.of(
              Group.HEALTH,
              "min_free_space",
              ValueSyntax.size("0B", "1024TiB"),
              "Not ready while a folder of the daemon has less free space")
          .withDefault("1GiB");

  public HttpConfig {
    Objects.requireNonNull(port, "port");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(minFreeSpace, "minFreeSpace");
  }

  static HttpConfig of(Values values) {
    return new HttpConfig(
        values.find(HTTP_PORT), values.get(HTTP_HOST), values.get(MIN_FREE_SPACE));
  }

  /** The same with no port open. */
  HttpConfig closed() {
    return new HttpConfig(Optional.empty(), host, minFreeSpace);
  }
}
