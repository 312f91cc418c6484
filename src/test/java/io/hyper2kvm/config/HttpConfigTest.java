package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.config.value.DataSize;
import io.hyper2kvm.config.value.WebConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConfigTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith().load().config().http())
        .isEqualTo(
            new HttpConfig(
                Optional.empty(),
                "127.0.0.1",
                DataSize.parse("1GiB"),
                Optional.empty(),
                new WebConfig(Optional.of(8480), "127.0.0.1", Optional.empty(), List.of())));
  }

  @Test
  void everyKeyIsMapped() throws Exception {
    var site = new Site(root);
    FullMapping.of(
            site,
            HttpConfig.class,
            DaemonConfig::http,
            "http_port: 9000",
            "http_host: \"::1\"",
            "min_free_space: 50GiB",
            "traces_endpoint: \"http://[::1]:4318\"",
            "web_port: 9001",
            "web_host: \"::1\"",
            "web_token_file: /etc/hyper2kvm/web-token",
            "web_hosts: [kvm01.example.org, kvm01]")
        .isEqualTo(
            new HttpConfig(
                Optional.of(9000),
                "::1",
                DataSize.parse("50GiB"),
                Optional.of(URI.create("http://[::1]:4318")),
                new WebConfig(
                    Optional.of(9001),
                    "::1",
                    Optional.of(Path.of("/etc/hyper2kvm/web-token")),
                    List.of("kvm01.example.org", "kvm01"))));
  }

  @Test
  void portZeroOpensNone() throws Exception {
    assertThat(new Site(root).fileWith("web_port: 0").load().config().http().web().port())
        .isEmpty();
  }

  @Test
  void onlyTheDefaultPortMayBeTaken() throws Exception {
    var site = new Site(root);
    assertThat(site.fileWith("web_port: 8480").load().config().http().web())
        .matches(web -> !web.isPortRequired());
    assertThat(site.fileWith("web_port: 8481").load().config().http().web())
        .matches(WebConfig::isPortRequired);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:4318",
        "http://127.0.0.1:4318/",
        "https://collector.example.org",
        "https://collector.example.org/team/v1/traces",
        "http://[::1]:4318",
        "http://localhost:65535"
      })
  void anEndpointOfTracesIsAnHttpUrl(String url) throws Exception {
    assertThat(new Site(root).fileWith("traces_endpoint: \"" + url + "\"").load().config().http())
        .extracting(HttpConfig::traces)
        .isEqualTo(Optional.of(URI.create(url)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:4318",
        "localhost",
        "//localhost:4318",
        "grpc://localhost:4317",
        "file:///tmp/traces",
        "http://",
        "http://:4318",
        "http:///v1/traces",
        "http://localhost:0",
        "http://localhost:99999",
        "http://localhost:port",
        "http://user:s3cr3t@localhost:4318",
        "http://localhost:4318/?token=s3cr3t",
        "http://localhost:4318/#traces",
        "http://local host:4318",
        "http://localhost:4318/%zz"
      })
  void anotherEndpointOfTracesIsRefusedWithItsLine(String url) throws Exception {
    assertThat(Site.with(root, "traces_endpoint: \"" + url + "\"").problems())
        .singleElement()
        .asString()
        .contains("daemon.yaml:3:", "traces_endpoint: found", "an http or https URL");
  }
}
