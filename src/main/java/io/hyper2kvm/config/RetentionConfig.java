package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How long ended manifests are kept.
 *
 * @param processed how long they stay in {@code processed/}; empty: for ever
 * @param failed how long they stay in {@code failed/}; empty: for ever
 */
public record RetentionConfig(Optional<Duration> processed, Optional<Duration> failed) {

  public static final ConfigKey<Duration> RETAIN_PROCESSED =
      ConfigKey.of(
          Group.FOLDERS,
          "retain_processed",
          ValueSyntax.duration("1d", "3650d"),
          "Days of processed/ older than this are removed");
  public static final ConfigKey<Duration> RETAIN_FAILED =
      ConfigKey.of(
          Group.FOLDERS,
          "retain_failed",
          ValueSyntax.duration("1d", "3650d"),
          "Days of failed/ older than this are removed");

  /** Keeps everything. */
  static final RetentionConfig FOR_EVER = new RetentionConfig(Optional.empty(), Optional.empty());

  public RetentionConfig {
    Objects.requireNonNull(processed, "processed");
    Objects.requireNonNull(failed, "failed");
  }

  static RetentionConfig of(Values values) {
    return new RetentionConfig(values.find(RETAIN_PROCESSED), values.find(RETAIN_FAILED));
  }
}
