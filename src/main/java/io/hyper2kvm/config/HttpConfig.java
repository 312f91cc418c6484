package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the daemon answers over HTTP.
 *
 * @param port the port of the health endpoint; empty: none is open
 * @param host the address of that port
 */
public record HttpConfig(Optional<Integer> port, String host) {

  public static final ConfigKey<Integer> HTTP_PORT =
      ConfigKey.of(
          Group.HEALTH,
          "http_port",
          ValueSyntax.number(1, 65535),
          "Port that tells whether the daemon is healthy; without it, none is open");
  public static final ConfigKey<String> HTTP_HOST =
      ConfigKey.of(
              Group.HEALTH,
              "http_host",
              ValueSyntax.address(),
              "Address of that port; it has no access control of its own")
          .withDefault("127.0.0.1");

  public HttpConfig {
    Objects.requireNonNull(port, "port");
    Objects.requireNonNull(host, "host");
  }

  static HttpConfig of(Values values) {
    return new HttpConfig(values.find(HTTP_PORT), values.get(HTTP_HOST));
  }

  /** The same with no port open. */
  HttpConfig closed() {
    return new HttpConfig(Optional.empty(), host);
  }
}
