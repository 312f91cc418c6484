package io.hyper2kvm.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A key of the configuration: the one place that knows its spellings, its default and its rule. The
 * file reader, the environment, the command line, the help text and the tests of the documents all
 * read this list.
 *
 * @param <T> the type of its value, or of one element if it is a list
 */
public final class ConfigKey<T> {

  /** Under which heading a key stands in the help text. */
  public enum Group {
    MODE,
    FOLDERS,
    WORK,
    TIME_LIMITS,
    TOOLS,
    HEALTH,
    LOGGING
  }

  public static final ConfigKey<String> COMMAND =
      new ConfigKey<>(
          Group.MODE, "command", "daemon", ValueSyntax.literal("daemon"), "What the file is for");
  public static final ConfigKey<String> MANIFEST_WORKFLOW_MODE =
      new ConfigKey<>(
          Group.MODE,
          "manifest_workflow_mode",
          "true",
          ValueSyntax.literal("true"),
          "Work on manifests; the only mode there is");

  public static final ConfigKey<Path> MANIFEST_WORKFLOW_DIR =
      folder("manifest_workflow_dir", null, "Holds to_be_processed/ and the other manifest folders")
          .asRequired();
  public static final ConfigKey<Path> OUTPUT_DIR =
      folder("output_dir", null, "Where converted disks are written").asRequired();
  public static final ConfigKey<Path> SOURCE_DIR =
      folder("source_dir", null, "Where a relative source_path of a manifest starts");
  public static final ConfigKey<Path> ALLOWED_SOURCE_ROOTS =
      folder(
              "allowed_source_roots",
              null,
              "Read sources only below these folders and source_dir; without it, from anywhere")
          .asList();
  public static final ConfigKey<Path> ALLOWED_DEVICES =
      folder(
              "allowed_devices",
              null,
              "Block devices below /dev that may be sources, with * and ? within a name; without it, none")
          .asList();
  public static final ConfigKey<Path> ALLOWED_OUTPUT_ROOTS =
      folder("allowed_output_roots", null, "A manifest may also write below these folders")
          .asList();
  public static final ConfigKey<Path> WORK_DIR =
      folder(
          "work_dir",
          "<manifest_workflow_dir>/.work",
          "Holds the overlays of the VMs being worked on");
  public static final ConfigKey<Path> ROUTES_DIR =
      folder("routes_dir", "<program>/routes", "Holds the route files, *.camel.yaml");

  public static final ConfigKey<Duration> RETAIN_PROCESSED =
      retention("retain_processed", "Days of processed/ older than this are removed");
  public static final ConfigKey<Duration> RETAIN_FAILED =
      retention("retain_failed", "Days of failed/ older than this are removed");

  public static final ConfigKey<Integer> MAX_CONCURRENT_JOBS =
      new ConfigKey<>(
          Group.WORK,
          "max_concurrent_jobs",
          "2",
          ValueSyntax.number(1, 64),
          "VMs worked on at once, over all manifests; each may need 2 GiB of memory");
  public static final ConfigKey<Integer> MAX_MANIFESTS_IN_FLIGHT =
      new ConfigKey<>(
          Group.WORK,
          "max_manifests_in_flight",
          "16",
          ValueSyntax.number(1, 1000),
          "Manifests in processing/ at once; the others wait in to_be_processed/");
  public static final ConfigKey<DataSize> MAX_MANIFEST_SIZE =
      new ConfigKey<>(
          Group.WORK,
          "max_manifest_size",
          "16MiB",
          ValueSyntax.size("1KiB", "64MiB"),
          "Largest manifest that is read");
  public static final ConfigKey<Duration> POLL_INTERVAL =
      new ConfigKey<>(
          Group.WORK,
          "poll_interval",
          "500ms",
          ValueSyntax.duration("50ms", "1h"),
          "Pause between two looks into to_be_processed/");
  public static final ConfigKey<Duration> MANIFEST_MIN_AGE =
      new ConfigKey<>(
          Group.WORK,
          "manifest_min_age",
          "1s",
          ValueSyntax.duration("0s", "1h"),
          "How long a manifest must lie unchanged before it is taken");

  public static final ConfigKey<Boolean> DRY_RUN =
      new ConfigKey<>(
          Group.WORK,
          "dry_run",
          "false",
          ValueSyntax.yesOrNo(),
          "Find out and report what every manifest would do; convert nothing");

  public static final ConfigKey<Duration> LOAD_TIMEOUT =
      limit("load_timeout", "10m", "Longest time for stage LOAD of a VM");
  public static final ConfigKey<Duration> INSPECT_TIMEOUT =
      limit("inspect_timeout", "10m", "Longest time for stage INSPECT of a VM");
  public static final ConfigKey<Duration> FIX_TIMEOUT =
      limit("fix_timeout", "30m", "Longest time for stage FIX of a VM");
  public static final ConfigKey<Duration> CONVERT_TIMEOUT =
      limit("convert_timeout", "12h", "Longest time for stage CONVERT of a VM");
  public static final ConfigKey<Duration> VALIDATE_TIMEOUT =
      limit("validate_timeout", "2h", "Longest time for stage VALIDATE without its boot test");
  public static final ConfigKey<Duration> BOOT_TEST_TIMEOUT =
      limit("boot_test_timeout", "300s", "Longest time until a guest must have booted");
  public static final ConfigKey<Duration> SHUTDOWN_TIMEOUT =
      limit("shutdown_timeout", "5m", "How long a stop waits for running work");

  public static final ConfigKey<DataSize> APPLIANCE_MEMORY =
      new ConfigKey<>(
          Group.TOOLS,
          "appliance_memory",
          "1280MiB",
          ValueSyntax.size("512MiB", "64GiB"),
          "Memory of the libguestfs appliance");
  public static final ConfigKey<DataSize> BOOT_TEST_MEMORY =
      new ConfigKey<>(
          Group.TOOLS,
          "boot_test_memory",
          "1GiB",
          ValueSyntax.size("128MiB", "64GiB"),
          "Memory of the guest in a boot test");
  public static final ConfigKey<Integer> CONVERT_THREADS =
      new ConfigKey<>(
          Group.TOOLS,
          "convert_threads",
          "8",
          ValueSyntax.number(1, 16),
          "Parallel requests of one qemu-img convert");
  public static final ConfigKey<KvmMode> KVM =
      new ConfigKey<>(
          Group.TOOLS,
          "kvm",
          "auto",
          ValueSyntax.choice("MODE", KvmMode.class),
          "Hardware acceleration: auto (where a probe finds it working), on or off");
  public static final ConfigKey<String> TOOL_USER =
      new ConfigKey<>(
          Group.TOOLS,
          "tool_user",
          null,
          ValueSyntax.userName(),
          "User that the tools run as when the program is started as root");

  public static final ConfigKey<Integer> HTTP_PORT =
      new ConfigKey<>(
          Group.HEALTH,
          "http_port",
          null,
          ValueSyntax.number(1, 65535),
          "Port that tells whether the daemon is healthy; without it, none is open");
  public static final ConfigKey<String> HTTP_HOST =
      new ConfigKey<>(
          Group.HEALTH,
          "http_host",
          "127.0.0.1",
          ValueSyntax.address(),
          "Address of that port; it has no access control of its own");

  public static final ConfigKey<LogLevel> LOG_LEVEL =
      new ConfigKey<>(
          Group.LOGGING,
          "log_level",
          "INFO",
          ValueSyntax.choice("LEVEL", LogLevel.class),
          "ERROR, WARN, INFO, DEBUG or TRACE");
  public static final ConfigKey<LogLevel> VERBOSE =
      new ConfigKey<>(
          Group.LOGGING,
          "verbose",
          null,
          ValueSyntax.verbosity(),
          "The level as a number: 0 WARN, 1 INFO, 2 DEBUG; instead of log_level");
  public static final ConfigKey<Path> LOG_DIR =
      new ConfigKey<>(
          Group.LOGGING,
          "log_dir",
          null,
          ValueSyntax.path("DIR"),
          "Folder for manifest-daemon.log; without it, the console alone");
  public static final ConfigKey<Path> LOG_FILE =
      new ConfigKey<>(
          Group.LOGGING,
          "log_file",
          null,
          ValueSyntax.path("FILE"),
          "The log's file by its full name; instead of log_dir");

  private static final List<ConfigKey<?>> ALL =
      List.of(
          COMMAND,
          MANIFEST_WORKFLOW_MODE,
          MANIFEST_WORKFLOW_DIR,
          OUTPUT_DIR,
          SOURCE_DIR,
          ALLOWED_SOURCE_ROOTS,
          ALLOWED_DEVICES,
          ALLOWED_OUTPUT_ROOTS,
          WORK_DIR,
          ROUTES_DIR,
          RETAIN_PROCESSED,
          RETAIN_FAILED,
          MAX_CONCURRENT_JOBS,
          MAX_MANIFESTS_IN_FLIGHT,
          MAX_MANIFEST_SIZE,
          POLL_INTERVAL,
          MANIFEST_MIN_AGE,
          DRY_RUN,
          LOAD_TIMEOUT,
          INSPECT_TIMEOUT,
          FIX_TIMEOUT,
          CONVERT_TIMEOUT,
          VALIDATE_TIMEOUT,
          BOOT_TEST_TIMEOUT,
          SHUTDOWN_TIMEOUT,
          APPLIANCE_MEMORY,
          BOOT_TEST_MEMORY,
          CONVERT_THREADS,
          KVM,
          TOOL_USER,
          HTTP_PORT,
          HTTP_HOST,
          LOG_LEVEL,
          VERBOSE,
          LOG_DIR,
          LOG_FILE);

  private final Group group;
  private final String name;
  private final String defaultText;
  private final ValueSyntax<T> syntax;
  private final String description;
  private final boolean list;
  private final boolean required;

  private ConfigKey(
      Group group, String name, String defaultText, ValueSyntax<T> syntax, String description) {
    this(group, name, defaultText, syntax, description, false, false);
  }

  private ConfigKey(
      Group group,
      String name,
      String defaultText,
      ValueSyntax<T> syntax,
      String description,
      boolean list,
      boolean required) {
    this.group = group;
    this.name = name;
    this.defaultText = defaultText;
    this.syntax = syntax;
    this.description = description;
    this.list = list;
    this.required = required;
  }

  /** Every key, in the order in which documents and messages name them. */
  public static List<ConfigKey<?>> all() {
    return ALL;
  }

  /** The key of this name in the file. */
  public static Optional<ConfigKey<?>> named(String name) {
    for (ConfigKey<?> key : ALL) {
      if (key.name.equals(name)) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }

  /** The key in the file, {@code output_dir} for instance. */
  public String name() {
    return name;
  }

  /** The flag on the command line, {@code --output-dir} for instance. */
  public String flag() {
    return "--" + name.replace('_', '-');
  }

  /** The environment variable, {@code HYPER2KVM_OUTPUT_DIR} for instance. */
  public String environmentVariable() {
    return "HYPER2KVM_" + name.toUpperCase(Locale.ROOT);
  }

  /** The heading it belongs under. */
  public Group group() {
    return group;
  }

  /** What it means, in half a sentence. */
  public String description() {
    return description;
  }

  /** Its default as it would be written; empty if there is none. */
  public Optional<String> defaultText() {
    return Optional.ofNullable(defaultText);
  }

  /** The word for its value in a help text. */
  public String placeholder() {
    return syntax.placeholder();
  }

  /** Whether it takes any number of values. */
  public boolean isList() {
    return list;
  }

  /** Whether there is no daemon without it. */
  public boolean isRequired() {
    return required;
  }

  /** What may be written for it. */
  public String allowed() {
    return syntax.allowed();
  }

  /** Whether its default depends on other things and {@link #defaultText} only describes it. */
  boolean hasComputedDefault() {
    return defaultText != null && defaultText.startsWith("<");
  }

  /**
   * Reads one value, or one element of a list.
   *
   * @param base the folder that a relative path starts from
   * @throws IllegalArgumentException if the text is not {@link #allowed}
   */
  T parse(String text, Path base) {
    return syntax.parser().parse(text, base);
  }

  @Override
  public String toString() {
    return name;
  }

  private static ConfigKey<Path> folder(String name, String defaultText, String description) {
    return new ConfigKey<>(Group.FOLDERS, name, defaultText, ValueSyntax.path("DIR"), description);
  }

  private static ConfigKey<Duration> limit(String name, String defaultText, String description) {
    return new ConfigKey<>(
        Group.TIME_LIMITS, name, defaultText, ValueSyntax.duration("1s", "30d"), description);
  }

  private static ConfigKey<Duration> retention(String name, String description) {
    return new ConfigKey<>(
        Group.FOLDERS, name, null, ValueSyntax.duration("1d", "3650d"), description);
  }

  private ConfigKey<T> asList() {
    return new ConfigKey<>(group, name, defaultText, syntax, description, true, required);
  }

  private ConfigKey<T> asRequired() {
    return new ConfigKey<>(group, name, defaultText, syntax, description, list, true);
  }
}
