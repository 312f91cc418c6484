package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import io.hyper2kvm.config.value.DataSize;
import java.time.Duration;

/**
 * Which manifests are taken, and when.
 *
 * @param pollInterval pause between two looks into {@code to_be_processed/}
 * @param minAge how long a manifest must have been left unwritten before it is taken
 * @param maxManifestSize largest manifest that is read
 * @param maxInFlight how many manifests may be in {@code processing/} at once; at least 1
 * @param dryRun whether every manifest is taken for a dry run
 */
public record IntakeConfig(
    Duration pollInterval,
    Duration minAge,
    DataSize maxManifestSize,
    int maxInFlight,
    boolean dryRun) {

  public static final ConfigKey<Integer> MAX_MANIFESTS_IN_FLIGHT =
      ConfigKey.of(
              Group.WORK,
              "max_manifests_in_flight",
              ValueSyntax.number(1, 1000),
              "Manifests in processing/ at once; the others wait in to_be_processed/")
          .withDefault("16");
  public static final ConfigKey<DataSize> MAX_MANIFEST_SIZE =
      ConfigKey.of(
              Group.WORK,
              "max_manifest_size",
              ValueSyntax.size("1KiB", "64MiB"),
              "Largest manifest that is read")
          .withDefault("16MiB");
  public static final ConfigKey<Duration> POLL_INTERVAL =
      ConfigKey.of(
              Group.WORK,
              "poll_interval",
              ValueSyntax.duration("50ms", "1h"),
              "Pause between two looks into to_be_processed/")
          .withDefault("500ms");
  public static final ConfigKey<Duration> MANIFEST_MIN_AGE =
      ConfigKey.of(
              Group.WORK,
              "manifest_min_age",
              ValueSyntax.duration("0s", "1h"),
              "How long a manifest must lie unchanged before it is taken")
          .withDefault("1s");
  public static final ConfigKey<Boolean> DRY_RUN =
      ConfigKey.of(
              Group.WORK,
              "dry_run",
              ValueSyntax.yesOrNo(),
              "Find out and report what every manifest would do; convert nothing")
          .withDefault("false");

  public IntakeConfig {
    Require.positive(pollInterval, "pollInterval");
    if (minAge.isNegative()) {
      throw new IllegalArgumentException("minAge is negative: " + minAge);
    }
    Require.positive(maxManifestSize, "maxManifestSize");
    Require.within(maxInFlight, 1, Integer.MAX_VALUE, "maxInFlight");
  }

  static IntakeConfig of(Values values) {
    return new IntakeConfig(
        values.get(POLL_INTERVAL),
        values.get(MANIFEST_MIN_AGE),
        values.get(MAX_MANIFEST_SIZE),
        values.get(MAX_MANIFESTS_IN_FLIGHT),
        values.get(DRY_RUN));
  }

  /** The same for one manifest alone, which lies in its drop zone before the work begins. */
  IntakeConfig oneShot(boolean dry) {
    return new IntakeConfig(Duration.ofMillis(50), Duration.ZERO, maxManifestSize, 1, dry);
  }
}
