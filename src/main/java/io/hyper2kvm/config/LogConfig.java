package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import io.hyper2kvm.config.value.LogLevel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What is logged, and where.
 *
 * @param level how much is logged
 * @param file the log's file; absolute; empty: the console alone
 */
public record LogConfig(LogLevel level, Optional<Path> file) {

  /** The log's file in {@code log_dir}. */
  private static final String FILE_NAME = "manifest-daemon.log";

  public static final ConfigKey<LogLevel> LOG_LEVEL =
      ConfigKey.of(
              Group.LOGGING,
              "log_level",
              ValueSyntax.choice("LEVEL", LogLevel.class),
              "ERROR, WARN, INFO, DEBUG or TRACE")
          .withDefault("INFO");
  public static final ConfigKey<LogLevel> VERBOSE =
      ConfigKey.of(
              Group.LOGGING,
              "verbose",
              ValueSyntax.verbosity(),
              "The level as a number: 0 WARN, 1 INFO, 2 DEBUG; instead of log_level")
          .insteadOf(LOG_LEVEL, UnaryOperator.identity());
  public static final ConfigKey<Path> LOG_FILE =
      ConfigKey.of(
          Group.LOGGING,
          "log_file",
          ValueSyntax.path("FILE"),
          "The log's file by its full name; instead of log_dir");
  public static final ConfigKey<Path> LOG_DIR =
      ConfigKey.of(
              Group.LOGGING,
              "log_dir",
              ValueSyntax.path("DIR"),
              "Folder for manifest-daemon.log; without it, the console alone")
          .insteadOf(LOG_FILE, folder -> folder.resolve(FILE_NAME));

  public LogConfig {
    Objects.requireNonNull(level, "level");
    file.ifPresent(path -> Require.absolute(path, "file"));
  }

  static LogConfig of(Values values) {
    return new LogConfig(values.get(LOG_LEVEL), values.find(LOG_FILE));
  }
}
