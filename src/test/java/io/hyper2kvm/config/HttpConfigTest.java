package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.config.value.DataSize;
import io.hyper2kvm.config.value.WebConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
            "web_port: 9001",
            "web_host: \"::1\"",
            "web_token_file: /etc/hyper2kvm/web-token",
            "web_hosts: [kvm01.example.org, kvm01]")
        .isEqualTo(
            new HttpConfig(
                Optional.of(9000),
                "::1",
                DataSize.parse("50GiB"),
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
}
