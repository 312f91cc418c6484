package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.config.value.LogLevel;
import io.hyper2kvm.signature.TestKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonConfigLoaderTest {

  @TempDir Path root;

  @ParameterizedTest
  @ValueSource(strings = {"/srv/disk-*", "/dev", "/dev/**", "/dev/{sda,sdb}", "/dev/../srv/x"})
  void aPatternOfDevicesIsOfNamesBelowDev(String pattern) throws Exception {
    var site = Site.with(root);
    site.environment.put("HYPER2KVM_ALLOWED_DEVICES", pattern);

    assertThatThrownBy(site::load)
        .isInstanceOf(ConfigInvalidException.class)
        .hasMessageContaining("allowed_devices");
  }

  static Stream<ConfigKey<?>> keys() {
    return ConfigKeys.all().stream();
  }

  /** Every key, written in every combination of the three sources. */
  @ParameterizedTest
  @MethodSource("keys")
  void strongestSourceWins(ConfigKey<?> key) throws Exception {
    for (int combination = 0; combination < 8; combination++) {
      var site = new Site(root.resolve(key + "-" + combination)).folder("there");
      TestKeys.make(site.root, "own");
      String text = sample(key);
      var expected = Origin.Source.DEFAULT;
      var lines = new StringBuilder();
      for (var required : List.of("manifest_workflow_dir", "output_dir")) {
        if (!key.name().equals(required)) {
          lines.append(required).append(": ").append(required).append('\n');
        }
      }
      if ((combination & 1) != 0) {
        lines.append(key).append(": ").append(key.isList() ? "[" + text + "]" : text).append('\n');
        expected = Origin.Source.FILE;
      }
      if ((combination & 2) != 0) {
        site.environment.put(key.environmentVariable(), text);
        expected = Origin.Source.ENVIRONMENT;
      }
      if ((combination & 4) != 0) {
        site.flags.put(key, List.of(text));
        expected = Origin.Source.COMMAND_LINE;
      }
      site.file(lines.toString());

      if (key.isRequired() && combination == 0) {
        assertThat(site.problems()).hasSize(1);
      } else {
        Origin origin = site.load().origins().get(key);
        assertThat(origin == null ? Origin.Source.DEFAULT : origin.source())
            .as("combination %d", combination)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void toolUserIsRead() throws Exception {
    var site = new Site(root).file("manifest_workflow_dir: flow\noutput_dir: out\n");
    site.environment.put("HYPER2KVM_TOOL_USER", Site.someUser());
    assertThat(site.load().config().tools().user()).contains(Site.someUser());
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", "no-such-user-here", "-u", "'nobody\nroot'", "0"})
  void toolUserThatCannotBeIsRefused(String name) throws Exception {
    var site =
        new Site(root)
            .file("manifest_workflow_dir: flow\noutput_dir: out\ntool_user: " + name + "\n");
    assertThat(site.problems()).singleElement().asString().contains("tool_user: found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"retain_processed: 5", "retain_failed: 1h", "http_port: 0"})
  void wrongValueOfAKeyWithoutADefaultIsTold(String line) throws Exception {
    assertThat(Site.with(root, line).problems()).singleElement().asString().contains(": found \"");
  }

  private static String sample(ConfigKey<?> key) {
    if (key == SourcesConfig.ALLOWED_DEVICES) {
      return "/dev/vg0/snap-*";
    }
    if (key.name().equals("routes_dir")) {
      return "program/routes";
    }
    if (key.name().equals("log_file")) {
      return "daemon.log";
    }
    if (key == OutputConfig.SIGNING_KEY || key == OutputConfig.VERIFY_KEYS) {
      return key == OutputConfig.SIGNING_KEY ? "own.pem" : "own.pub";
    }
    if (key == HttpConfig.TRACES_ENDPOINT) {
      return "http://127.0.0.1:4318";
    }
    if (key == HttpConfig.HTTP_PORT) {
      return "9000";
    }
    if (key == ToolsConfig.TOOL_USER) {
      return Site.someUser();
    }
    if (key == ToolsConfig.LUKS_KEYS) {
      return "vm=db-*; credential=db";
    }
    if (key == DomainConfig.DOMAIN_DISK_BUS) {
      return "scsi";
    }
    if (key == DomainConfig.DOMAIN_NETWORK_MODEL) {
      return "e1000";
    }
    if (key == DomainConfig.DOMAIN_NETWORKS) {
      return "VM Network = bridge br0";
    }
    if (key.name().startsWith("retain_")) {
      return "90d";
    }
    return key.name().equals("verbose")
        ? "2"
        : key.defaultText().filter(text -> !text.startsWith("<")).orElse("there");
  }

  @Test
  void strongerValueReplacesTheWeakerOne() throws Exception {
    var site =
        Site.with(root, "max_concurrent_jobs: 3", "allowed_source_roots: [a, b]").folder("c");
    site.environment.put("HYPER2KVM_MAX_CONCURRENT_JOBS", "4");
    site.environment.put("HYPER2KVM_ALLOWED_SOURCE_ROOTS", "c");
    assertThat(site.load().config().workflow().maxConcurrentJobs()).isEqualTo(4);
    assertThat(site.load().config().sources().allowedRoots())
        .containsExactly(site.root.resolve("c"));

    site.flags.put(WorkflowConfig.MAX_CONCURRENT_JOBS, List.of("5"));
    assertThat(site.load().config().workflow().maxConcurrentJobs()).isEqualTo(5);
  }

  @Test
  void environmentListIsSeparatedByColons() throws Exception {
    var site = Site.with(root).folder("a").folder("b");
    site.environment.put("HYPER2KVM_ALLOWED_OUTPUT_ROOTS", "a:b");
    assertThat(site.load().config().output().allowedRoots())
        .containsExactly(site.root.resolve("a"), site.root.resolve("b"));
  }

  @Test
  void flagForTheLogFileWinsOverTheFilesLogFolder() throws Exception {
    var site = Site.with(root, "log_dir: logs", "log_level: ERROR");
    site.flags.put(LogConfig.LOG_FILE, List.of("mine.log"));
    site.flags.put(LogConfig.VERBOSE, List.of("2"));
    assertThat(site.load().config().log().file()).contains(site.root.resolve("mine.log"));
    assertThat(site.load().config().log().level()).isEqualTo(LogLevel.DEBUG);
  }

  @Test
  void relativePathOfTheFileStartsFromItsFolder() throws Exception {
    var site = Site.with(root).folder("elsewhere");
    var sources =
        new ConfigSources(
            site.file, Map.of(), Map.of(), Map.of(), site.root.resolve("elsewhere"), site.home);
    assertThat(DaemonConfigLoader.load(sources).config().output().dir())
        .isEqualTo(site.root.resolve("out"));
  }

  @Test
  void relativePathOfAFlagStartsFromTheCurrentDirectory() throws Exception {
    var site = Site.with(root).folder("elsewhere");
    var sources =
        new ConfigSources(
            site.file,
            Map.of(),
            Map.of(OutputConfig.OUTPUT_DIR, List.of("disks")),
            Map.of(),
            site.root.resolve("elsewhere"),
            site.home);
    assertThat(DaemonConfigLoader.load(sources).config().output().dir())
        .isEqualTo(site.root.resolve("elsewhere/disks"));
  }

  @Test
  void aCommandsOwnDefaultIsTheWeakestSource() throws Exception {
    var site = Site.with(root);
    var sources =
        new ConfigSources(
            site.file,
            Map.of(),
            Map.of(),
            Map.of(
                OutputConfig.OUTPUT_DIR,
                List.of("elsewhere"),
                StagesConfig.FIX_TIMEOUT,
                List.of("7m")),
            root,
            site.home);
    var loaded = DaemonConfigLoader.load(sources);
    assertThat(loaded.config().output().dir()).isEqualTo(site.root.resolve("out"));
    assertThat(loaded.config().stages().fixTimeout()).isEqualTo(Duration.ofMinutes(7));
    assertThat(loaded.origins()).doesNotContainKey(StagesConfig.FIX_TIMEOUT);
  }

  @Test
  void readingAloneLooksAtNoFolder() throws Exception {
    var site = new Site(root).file("manifest_workflow_dir: /proc/1/x\noutput_dir: /proc/1/y\n");
    var sources = new ConfigSources(site.file, Map.of(), Map.of(), Map.of(), site.root, site.home);
    assertThatThrownBy(() -> DaemonConfigLoader.load(sources))
        .isInstanceOf(ConfigInvalidException.class);
    assertThat(DaemonConfigLoader.read(sources).config().output().dir())
        .isEqualTo(Path.of("/proc/1/y"));
  }

  @Test
  void emptyFileIsFineIfTheFlagsSayEnough() throws Exception {
    var site = new Site(root).file("# nothing yet\n");
    site.flags.put(OutputConfig.OUTPUT_DIR, List.of("out"));
    site.flags.put(WorkflowConfig.MANIFEST_WORKFLOW_DIR, List.of("work"));
    assertThat(site.problems()).isEmpty();
  }

  @Test
  void loadingCreatesNothing() throws Exception {
    var site = Site.with(root, "log_dir: logs");
    site.load();
    assertThat(site.root.toFile().list()).containsExactlyInAnyOrder("daemon.yaml", "program");
  }
}
