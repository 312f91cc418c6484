package io.hyper2kvm.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.daemon.config.Site;
import io.hyper2kvm.tool.ToolUser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonConfigLoaderTest {

  @TempDir Path root;

  @Test
  void defaults() throws Exception {
    var site = Site.with(root);

    assertThat(site.load().config())
        .isEqualTo(
            new DaemonConfig(
                site.root.resolve("work"),
                site.root.resolve("out"),
                2,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                site.root.resolve("work/.work"),
                site.root.resolve("program/routes"),
                Optional.empty(),
                Optional.empty(),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                new DataSize(16L << 20),
                16,
                false,
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Duration.ofMinutes(30),
                Duration.ofHours(12),
                Duration.ofHours(2),
                Duration.ofSeconds(300),
                Duration.ofMinutes(5),
                new DataSize(1280L << 20),
                new DataSize(1L << 30),
                8,
                KvmMode.AUTO,
                Optional.empty(),
                Optional.empty(),
                "127.0.0.1",
                LogLevel.INFO,
                Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/srv/disk-*", "/dev", "/dev/**", "/dev/{sda,sdb}", "/dev/../srv/x"})
  void aPatternOfDevicesIsOfNamesBelowDev(String pattern) throws Exception {
    var site = Site.with(root);
    site.environment.put("HYPER2KVM_ALLOWED_DEVICES", pattern);

    assertThatThrownBy(site::load)
        .isInstanceOf(ConfigInvalidException.class)
        .hasMessageContaining("allowed_devices");
  }

  @Test
  void everyKeyOfTheFileArrives() throws Exception {
    var site =
        new Site(root)
            .folder("routes")
            .folder("source")
            .folder("roots/one")
            .folder("roots/two")
            .folder("extra")
            .file(
                """
                command: daemon
                manifest_workflow_mode: true
                manifest_workflow_dir: flow
                output_dir: /%s/disks
                source_dir: source
                allowed_source_roots: [roots/one, "roots/../roots/two"]
                allowed_devices: ["/dev/vg0/snap-*"]
                allowed_output_roots:
                  - extra
                work_dir: overlays
                routes_dir: program/routes
                retain_processed: 400d
                retain_failed: 30d
                max_concurrent_jobs: 7
                max_manifests_in_flight: 99
                dry_run: true
                max_manifest_size: 2M
                poll_interval: 2s
                manifest_min_age: 0s
                load_timeout: 1m
                inspect_timeout: 2m
                fix_timeout: 3m
                convert_timeout: 4h
                validate_timeout: 5h
                boot_test_timeout: 6m
                shutdown_timeout: 7m
                appliance_memory: 2GiB
                boot_test_memory: 512MiB
                convert_threads: 16
                kvm: off
                http_port: 9000
                http_host: "::1"
                log_level: debug
                log_dir: logs
                """
                    .formatted(root.toRealPath().toString().substring(1)));

    assertThat(site.load().config())
        .isEqualTo(
            new DaemonConfig(
                site.root.resolve("flow"),
                site.root.resolve("disks"),
                7,
                Optional.of(site.root.resolve("source")),
                List.of(site.root.resolve("roots/one"), site.root.resolve("roots/two")),
                List.of(Path.of("/dev/vg0/snap-*")),
                List.of(site.root.resolve("extra")),
                site.root.resolve("overlays"),
                site.root.resolve("program/routes"),
                Optional.of(Duration.ofDays(400)),
                Optional.of(Duration.ofDays(30)),
                Duration.ofSeconds(2),
                Duration.ZERO,
                new DataSize(2L << 20),
                99,
                true,
                Duration.ofMinutes(1),
                Duration.ofMinutes(2),
                Duration.ofMinutes(3),
                Duration.ofHours(4),
                Duration.ofHours(5),
                Duration.ofMinutes(6),
                Duration.ofMinutes(7),
                new DataSize(2L << 30),
                new DataSize(512L << 20),
                16,
                KvmMode.OFF,
                Optional.empty(),
                Optional.of(9000),
                "::1",
                LogLevel.DEBUG,
                Optional.of(site.root.resolve("logs/manifest-daemon.log"))));
  }

  static Stream<ConfigKey<?>> keys() {
    return ConfigKey.all().stream();
  }

  /** Every key, written in every combination of the three sources. */
  @ParameterizedTest
  @MethodSource("keys")
  void strongestSourceWins(ConfigKey<?> key) throws Exception {
    for (int combination = 0; combination < 8; combination++) {
      var site = new Site(root.resolve(key + "-" + combination)).folder("there");
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

  /** One that whoever runs the tests may give to the tools. */
  private static String someUser() {
    return ToolUser.isRoot() ? "nobody" : System.getProperty("user.name");
  }

  @Test
  void toolUserIsRead() throws Exception {
    var site = new Site(root).file("manifest_workflow_dir: flow\noutput_dir: out\n");
    site.environment.put("HYPER2KVM_TOOL_USER", someUser());
    assertThat(site.load().config().toolUser()).contains(someUser());
  }

  @ParameterizedTest
  @ValueSource(strings = {"root", "no-such-user-here", "-u", "'nobody\nroot'", "0"})
  void toolUserThatCannotBeIsRefused(String name) throws Exception {
    var site =
        new Site(root)
            .file("manifest_workflow_dir: flow\noutput_dir: out\ntool_user: " + name + "\n");
    assertThat(site.problems()).singleElement().asString().contains("tool_user: found");
  }

  private static String sample(ConfigKey<?> key) {
    if (key == ConfigKey.ALLOWED_DEVICES) {
      return "/dev/vg0/snap-*";
    }
    if (key.name().equals("routes_dir")) {
      return "program/routes";
    }
    if (key.name().equals("log_file")) {
      return "daemon.log";
    }
    if (key == ConfigKey.HTTP_PORT) {
      return "9000";
    }
    if (key == ConfigKey.TOOL_USER) {
      return someUser();
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
    assertThat(site.load().config().maxConcurrentJobs()).isEqualTo(4);
    assertThat(site.load().config().allowedSourceRoots()).containsExactly(site.root.resolve("c"));

    site.flags.put(ConfigKey.MAX_CONCURRENT_JOBS, List.of("5"));
    assertThat(site.load().config().maxConcurrentJobs()).isEqualTo(5);
  }

  @Test
  void environmentListIsSeparatedByColons() throws Exception {
    var site = Site.with(root).folder("a").folder("b");
    site.environment.put("HYPER2KVM_ALLOWED_OUTPUT_ROOTS", "a:b");
    assertThat(site.load().config().allowedOutputRoots())
        .containsExactly(site.root.resolve("a"), site.root.resolve("b"));
  }

  @Test
  void flagForTheLogFileWinsOverTheFilesLogFolder() throws Exception {
    var site = Site.with(root, "log_dir: logs", "log_level: ERROR");
    site.flags.put(ConfigKey.LOG_FILE, List.of("mine.log"));
    site.flags.put(ConfigKey.VERBOSE, List.of("2"));
    assertThat(site.load().config().logFile()).contains(site.root.resolve("mine.log"));
    assertThat(site.load().config().logLevel()).isEqualTo(LogLevel.DEBUG);
  }

  @Test
  void relativePathOfTheFileStartsFromItsFolder() throws Exception {
    var site = Site.with(root).folder("elsewhere");
    var sources =
        new ConfigSources(
            site.file, Map.of(), Map.of(), Map.of(), site.root.resolve("elsewhere"), site.home);
    assertThat(DaemonConfigLoader.load(sources).config().outputDir())
        .isEqualTo(site.root.resolve("out"));
  }

  @Test
  void relativePathOfAFlagStartsFromTheCurrentDirectory() throws Exception {
    var site = Site.with(root).folder("elsewhere");
    var sources =
        new ConfigSources(
            site.file,
            Map.of(),
            Map.of(ConfigKey.OUTPUT_DIR, List.of("disks")),
            Map.of(),
            site.root.resolve("elsewhere"),
            site.home);
    assertThat(DaemonConfigLoader.load(sources).config().outputDir())
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
                ConfigKey.OUTPUT_DIR, List.of("elsewhere"), ConfigKey.FIX_TIMEOUT, List.of("7m")),
            root,
            site.home);
    var loaded = DaemonConfigLoader.load(sources);
    assertThat(loaded.config().outputDir()).isEqualTo(site.root.resolve("out"));
    assertThat(loaded.config().fixTimeout()).isEqualTo(Duration.ofMinutes(7));
    assertThat(loaded.origins()).doesNotContainKey(ConfigKey.FIX_TIMEOUT);
  }

  @Test
  void readingAloneLooksAtNoFolder() throws Exception {
    var site = new Site(root).file("manifest_workflow_dir: /proc/1/x\noutput_dir: /proc/1/y\n");
    var sources = new ConfigSources(site.file, Map.of(), Map.of(), Map.of(), site.root, site.home);
    assertThatThrownBy(() -> DaemonConfigLoader.load(sources))
        .isInstanceOf(ConfigInvalidException.class);
    assertThat(DaemonConfigLoader.read(sources).config().outputDir())
        .isEqualTo(Path.of("/proc/1/y"));
  }

  @Test
  void emptyFileIsFineIfTheFlagsSayEnough() throws Exception {
    var site = new Site(root).file("# nothing yet\n");
    site.flags.put(ConfigKey.OUTPUT_DIR, List.of("out"));
    site.flags.put(ConfigKey.MANIFEST_WORKFLOW_DIR, List.of("work"));
    assertThat(site.problems()).isEmpty();
  }

  @Test
  void loadingCreatesNothing() throws Exception {
    var site = Site.with(root, "log_dir: logs");
    site.load();
    assertThat(site.root.toFile().list()).containsExactlyInAnyOrder("daemon.yaml", "program");
  }

  @Test
  void everyRecordComponentHasItsKey() {
    var components =
        Stream.of(DaemonConfig.class.getRecordComponents())
            .map(component -> component.getName().replaceAll("([A-Z])", "_$1").toLowerCase())
            .toList();
    var keys = ConfigKey.all().stream().map(ConfigKey::name).toList();

    assertThat(keys).containsAll(components).doesNotHaveDuplicates();
    assertThat(keys.stream().filter(key -> !components.contains(key)))
        .containsExactly("command", "manifest_workflow_mode", "verbose", "log_dir");
  }
}
