package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import io.hyper2kvm.config.value.DataSize;
import io.hyper2kvm.config.value.WebConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the daemon answers over HTTP, and where it sends its traces.
 *
 * @param port the port of the health endpoint; empty: none is open
 * @param host the address of that port
 * @param minFreeSpace the daemon counts as not ready when a folder has less free space
 * @param traces the OpenTelemetry collector that gets the traces; empty: none are made
 * @param web where the web page and the HTTP API are
 */
public record HttpConfig(
    Optional<Integer> port,
    String host,
    DataSize minFreeSpace,
    Optional<URI> traces,
    WebConfig web) {

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
  public static final ConfigKey<Integer> WEB_PORT =
      ConfigKey.of(
              Group.WEB,
              "web_port",
              ValueSyntax.number(0, 65535),
              "Port of the web page and the HTTP API; 0: none is open")
          .withDefault(String.valueOf(WebConfig.DEFAULT_PORT));
  public static final ConfigKey<String> WEB_HOST =
      ConfigKey.of(
              Group.WEB,
              "web_host",
              ValueSyntax.address(),
              "Address of that port; who reaches it can read everything on the page")
          .withDefault("127.0.0.1");
  public static final ConfigKey<Path> WEB_TOKEN_FILE =
      ConfigKey.of(
          Group.WEB,
          "web_token_file",
          ValueSyntax.path("FILE"),
          "File with the token that allows changes over HTTP; without it, the page is read-only");
  public static final ConfigKey<String> WEB_HOSTS =
      ConfigKey.of(
              Group.WEB,
              "web_hosts",
              ValueSyntax.hostName(),
              "Further host names under which the page may be asked for")
          .asList();

  public static final ConfigKey<DataSize> MIN_FREE_SPACE =
      ConfigKey.of(
              Group.HEALTH,
              "min_free_space",
              ValueSyntax.size("0B", "1024TiB"),
              "Not ready while a folder of the daemon has less free space")
          .withDefault("1GiB");
  public static final ConfigKey<URI> TRACES_ENDPOINT =
      ConfigKey.of(
          Group.HEALTH,
          "traces_endpoint",
          ValueSyntax.collector(),
          "OpenTelemetry collector that gets a trace of each manifest (OTLP over HTTP); without it,"
              + " none are made");

  public HttpConfig {
    Objects.requireNonNull(port, "port");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(minFreeSpace, "minFreeSpace");
    Objects.requireNonNull(traces, "traces");
    Objects.requireNonNull(web, "web");
  }

  static HttpConfig of(Values values) {
    return new HttpConfig(
        values.find(HTTP_PORT),
        values.get(HTTP_HOST),
        values.get(MIN_FREE_SPACE),
        values.find(TRACES_ENDPOINT),
        new WebConfig(
            values.find(WEB_PORT).filter(port -> port > 0),
            values.get(WEB_HOST),
            values.find(WEB_TOKEN_FILE),
            values.list(WEB_HOSTS)));
  }

  /** The same with no port open and without traces. */
  HttpConfig closed() {
    return new HttpConfig(
        Optional.empty(), host, minFreeSpace, Optional.empty(), WebConfig.closed());
  }
}
