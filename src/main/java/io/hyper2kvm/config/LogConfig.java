package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import io.hyper2kvm.config.value.DataSize;
import io.hyper2kvm.config.value.LogFormat;
import io.hyper2kvm.config.value.LogLevel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What is logged, and where.
 *
 * @param level how much is logged
 * @param format how each event is written
 * @param file the log's file; absolute; empty: the console alone
 * @param jobLogSize how large the log of one manifest may become; zero: there is none
 */
public record LogConfig(
    LogLevel level, LogFormat format, Optional<Path> file, DataSize jobLogSize) {

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
  public static final ConfigKey<LogFormat> LOG_FORMAT =
      ConfigKey.of(
              Group.LOGGING,
              "log_format",
              ValueSyntax.choice("FORMAT", LogFormat.class),
              "Lines of text, or one JSON object a line")
          .withDefault("text");
  public static final ConfigKey<DataSize> JOB_LOG_SIZE =
      ConfigKey.of(
              Group.LOGGING,
              "job_log_size",
              ValueSyntax.size("0B", "1GiB"),
              "Largest log of one manifest, beside its report; 0B: none is written")
          .withDefault("10MiB");
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
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(jobLogSize, "jobLogSize");
    file.ifPresent(path -> Require.absolute(path, "file"));
  }

  static LogConfig of(Values values) {
    return new LogConfig(
        values.get(LOG_LEVEL),
        values.get(LOG_FORMAT),
        values.find(LOG_FILE),
        values.get(JOB_LOG_SIZE));
  }
}
