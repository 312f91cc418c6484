package io.hyper2kvm.cli;

import io.hyper2kvm.config.LogConfig;
import io.hyper2kvm.config.value.LogLevel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.ConfigurationFactory;

/**
 * Hands the configured level, format and file to log4j2, whose file reads these system properties
 * when the first logger is made. So this must come before anything that logs.
 */
final class LogSettings {

  static final String LEVEL = "h2k.log.level";
  static final String LIBRARY_LEVEL = "h2k.log.level.libraries";
  static final String FORMAT = "h2k.log.format";
  static final String FILE = "h2k.log.file";
  static final String CONSOLE = "h2k.log.console";
  static final String CONSOLE_LEVEL = "h2k.log.console.level";
  static final String CONSOLE_OUTCOMES = "h2k.log.console.outcomes";

  private LogSettings() {}

  /**
   * Loads log4j, which takes a sixth of a daemon's start; for a thread beside the one that reads
   * the configuration. Nothing is configured, and no logger made, before {@link #apply}.
   */
  static void load() {
    LogManager.getFactory();
    ConfigurationFactory.getInstance();
  }

  /** For a command whose output is an answer: no line of the log stands in between. */
  static void quiet() {
    System.setProperty(LEVEL, "OFF");
    System.setProperty(LIBRARY_LEVEL, "OFF");
  }

  static void apply(LogConfig log) {
    System.setProperty(FORMAT, log.format().name().toLowerCase(Locale.ROOT));
    apply(log.level(), log.file());
  }

  /**
   * For a command that itself says what came out: standard error gets what else is wrong, and
   * everything only when asked.
   *
   * @param file gets everything; empty for none
   */
  static void applyOneShot(boolean verbose, Optional<Path> file) {
    System.setProperty(CONSOLE, "SYSTEM_ERR");
    if (!verbose) {
      System.setProperty(CONSOLE_LEVEL, LogLevel.WARN.name());
      System.setProperty(CONSOLE_OUTCOMES, "DENY");
    }
    apply(verbose || file.isPresent() ? LogLevel.INFO : LogLevel.WARN, file);
  }

  private static void apply(LogLevel level, Optional<Path> logFile) {
    System.setProperty(LEVEL, level.name());
    // The libraries' own DEBUG would bury ours; who needs it sets this property.
    if (System.getProperty(LIBRARY_LEVEL) == null) {
      LogLevel libraries = level.compareTo(LogLevel.INFO) > 0 ? LogLevel.INFO : level;
      System.setProperty(LIBRARY_LEVEL, libraries.name());
    }
    logFile.ifPresent(file -> System.setProperty(FILE, file.toString()));
  }
}
