package io.hyper2kvm.config.value;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the daemon shows its web page and answers to its HTTP API.
 *
 * @param port the port; empty: none is open
 * @param host the address of that port
 * @param tokenFile the file with the token that allows changes; empty: nothing can be changed
 * @param hosts further names under which browsers may ask for the page
 */
public record WebConfig(
    Optional<Integer> port, String host, Optional<Path> tokenFile, List<String> hosts) {

  /** The port without a setting; the only one that may be taken by another program. */
  public static final int DEFAULT_PORT = 8480;

  public WebConfig {
    Objects.requireNonNull(port, "port");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(tokenFile, "tokenFile");
    hosts = List.copyOf(hosts);
  }

  /** No page and no API. */
  public static WebConfig closed() {
    return new WebConfig(Optional.empty(), "127.0.0.1", Optional.empty(), List.of());
  }

  /** Whether a daemon without this port would miss what was asked for. */
  public boolean isPortRequired() {
    return port.filter(number -> number != DEFAULT_PORT).isPresent();
  }
}
