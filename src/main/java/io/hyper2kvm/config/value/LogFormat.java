package io.hyper2kvm.config.value;

/**
 * How an event of the log is written; {@code config/log4j2.properties} has a pattern of each name.
 */
public enum LogFormat {
  TEXT,
  JSON
}
