package io.hyper2kvm.cli;

import io.hyper2kvm.daemon.config.DaemonConfig;
import io.hyper2kvm.daemon.config.LogLevel;

/**
 * Hands the configured level and file to log4j2, whose file reads these system properties when the
 * first logger is made. So this must come before anything that logs.
 */
final class LogSettings {

  static final String LEVEL = "h2k.log.level";
  static final String LIBRARY_LEVEL = "h2k.log.level.libraries";
  static final String FILE = "h2k.log.file";

  private LogSettings() {}

  /** For a command whose output is an answer: no line of the log stands in between. */
  static void quiet() {
    System.setProperty(LEVEL, "OFF");
    System.setProperty(LIBRARY_LEVEL, "OFF");
  }

  static void apply(DaemonConfig config) {
    LogLevel level = config.logLevel();
    System.setProperty(LEVEL, level.name());
    // The libraries' own DEBUG would bury ours; who needs it sets this property.
    if (System.getProperty(LIBRARY_LEVEL) == null) {
      LogLevel libraries = level.compareTo(LogLevel.INFO) > 0 ? LogLevel.INFO : level;
      System.setProperty(LIBRARY_LEVEL, libraries.name());
    }
    config.logFile().ifPresent(file -> System.setProperty(FILE, file.toString()));
  }
}
