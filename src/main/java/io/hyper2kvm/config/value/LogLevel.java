package io.hyper2kvm.config.value;

/** How much the daemon writes to its log, from least to most. */
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG,
  TRACE
}
