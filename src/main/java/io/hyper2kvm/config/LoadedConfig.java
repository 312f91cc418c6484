package io.hyper2kvm.config;

import static io.hyper2kvm.config.ConfigKey.*;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration together with where each of its values was written.
 *
 * @param config the values
 * @param origins the place of every value that is no default
 */
public record LoadedConfig(DaemonConfig config, Map<ConfigKey<?>, Origin> origins) {

  public LoadedConfig {
    origins = Map.copyOf(origins);
  }

  /**
   * The effective configuration as a configuration file, with the place of each value as a comment.
   * Loading it gives the same configuration.
   */
  public String print() {
    var out = new StringBuilder();
    texts().forEach((key, texts) -> append(out, key, texts));
    return out.toString();
  }

  private void append(StringBuilder out, ConfigKey<?> key, List<String> texts) {
    String place = "  # " + place(key) + "\n";
    if (texts.isEmpty()) {
      out.append("# ").append(key).append(": not set\n");
    } else if (key.isList()) {
      out.append(key).append(':').append(place);
      texts.forEach(text -> out.append("  - ").append(quoted(text)).append('\n'));
    } else {
      out.append(key).append(": ").append(quoted(texts.get(0))).append(place);
    }
  }

  private String place(ConfigKey<?> key) {
    // Two keys may have been written in another key's words.
    Origin origin = origins.get(key);
    if (key == LOG_LEVEL && origins.containsKey(VERBOSE)) {
      origin = origins.get(VERBOSE);
    } else if (key == LOG_FILE && origins.containsKey(LOG_DIR)) {
      origin = origins.get(LOG_DIR);
    }
    return origin == null ? "default" : origin.where().replaceAll("\\p{Cntrl}", "?");
  }

  private Map<ConfigKey<?>, List<String>> texts() {
    var texts = new LinkedHashMap<ConfigKey<?>, List<String>>();
    texts.put(COMMAND, List.of("daemon"));
    texts.put(MANIFEST_WORKFLOW_MODE, List.of("true"));
    texts.put(MANIFEST_WORKFLOW_DIR, one(config.manifestWorkflowDir()));
    texts.put(OUTPUT_DIR, one(config.outputDir()));
    texts.put(SOURCE_DIR, config.sourceDir().map(LoadedConfig::one).orElse(List.of()));
    texts.put(ALLOWED_SOURCE_ROOTS, paths(config.allowedSourceRoots()));
    texts.put(ALLOWED_DEVICES, paths(config.allowedDevices()));
    texts.put(ALLOWED_OUTPUT_ROOTS, paths(config.allowedOutputRoots()));
    texts.put(WORK_DIR, one(config.workDir()));
    texts.put(ROUTES_DIR, one(config.routesDir()));
    texts.put(RETAIN_PROCESSED, time(config.retainProcessed()));
    texts.put(RETAIN_FAILED, time(config.retainFailed()));
    texts.put(MAX_CONCURRENT_JOBS, one(config.maxConcurrentJobs()));
    texts.put(MAX_MANIFESTS_IN_FLIGHT, one(config.maxManifestsInFlight()));
    texts.put(MAX_MANIFEST_SIZE, one(config.maxManifestSize()));
    texts.put(POLL_INTERVAL, one(DurationText.format(config.pollInterval())));
    texts.put(MANIFEST_MIN_AGE, one(DurationText.format(config.manifestMinAge())));
    texts.put(DRY_RUN, one(config.dryRun()));
    texts.put(LOAD_TIMEOUT, one(DurationText.format(config.loadTimeout())));
    texts.put(INSPECT_TIMEOUT, one(DurationText.format(config.inspectTimeout())));
    texts.put(FIX_TIMEOUT, one(DurationText.format(config.fixTimeout())));
    texts.put(CONVERT_TIMEOUT, one(DurationText.format(config.convertTimeout())));
    texts.put(VALIDATE_TIMEOUT, one(DurationText.format(config.validateTimeout())));
    texts.put(BOOT_TEST_TIMEOUT, one(DurationText.format(config.bootTestTimeout())));
    texts.put(SHUTDOWN_TIMEOUT, one(DurationText.format(config.shutdownTimeout())));
    texts.put(APPLIANCE_MEMORY, one(config.applianceMemory()));
    texts.put(BOOT_TEST_MEMORY, one(config.bootTestMemory()));
    texts.put(CONVERT_THREADS, one(config.convertThreads()));
    texts.put(KVM, one(ValueSyntax.word(config.kvm())));
    texts.put(TOOL_USER, config.toolUser().map(List::of).orElse(List.of()));
    texts.put(HTTP_PORT, config.httpPort().map(LoadedConfig::one).orElse(List.of()));
    texts.put(HTTP_HOST, one(config.httpHost()));
    texts.put(LOG_LEVEL, one(ValueSyntax.word(config.logLevel())));
    texts.put(LOG_FILE, config.logFile().map(LoadedConfig::one).orElse(List.of()));
    return texts;
  }

  private static List<String> one(Object value) {
    return List.of(value.toString());
  }

  private static List<String> time(Optional<Duration> time) {
    return time.map(DurationText::format).map(List::of).orElse(List.of());
  }

  private static List<String> paths(List<Path> paths) {
    return paths.stream().map(Path::toString).toList();
  }

  /** Plain where YAML reads it back as it is, else in double quotes with escapes. */
  private static String quoted(String text) {
    if (text.matches("[A-Za-z0-9/][A-Za-z0-9/._-]*")) {
      return text;
    }
    var out = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
              } else if (c < 0x20 || c >= 0x7f) {
                out.append("\\u%04x".formatted(c));
              } else {
                out.append((char) c);
              }
            });
    return out.append('"').toString();
  }
}
