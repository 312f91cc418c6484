package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import java.time.Duration;

/**
 * How long the stages of a VM may take.
 *
 * @param loadTimeout longest time for stage LOAD of one VM
 * @param inspectTimeout longest time for stage INSPECT of one VM
 * @param fixTimeout longest time for stage FIX of one VM
 * @param convertTimeout longest time for stage CONVERT of one VM
 * @param validateTimeout longest time for stage VALIDATE of one VM, without its boot test
 */
public record StagesConfig(
    Duration loadTimeout,
    Duration inspectTimeout,
    Duration fixTimeout,
    Duration convertTimeout,
    Duration validateTimeout) {

  public static final ConfigKey<Duration> LOAD_TIMEOUT =
      timeout("load_timeout", "Longest time for stage LOAD of a VM").withDefault("10m");
  public static final ConfigKey<Duration> INSPECT_TIMEOUT =
      timeout("inspect_timeout", "Longest time for stage INSPECT of a VM").withDefault("10m");
  public static final ConfigKey<Duration> FIX_TIMEOUT =
      timeout("fix_timeout", "Longest time for stage FIX of a VM").withDefault("30m");
  public static final ConfigKey<Duration> CONVERT_TIMEOUT =
      timeout("convert_timeout", "Longest time for stage CONVERT of a VM").withDefault("12h");
  public static final ConfigKey<Duration> VALIDATE_TIMEOUT =
      timeout("validate_timeout", "Longest time for stage VALIDATE without its boot test")
          .withDefault("2h");

  public StagesConfig {
    Require.positive(loadTimeout, "loadTimeout");
    Require.positive(inspectTimeout, "inspectTimeout");
    Require.positive(fixTimeout, "fixTimeout");
    Require.positive(convertTimeout, "convertTimeout");
    Require.positive(validateTimeout, "validateTimeout");
  }

  static StagesConfig of(Values values) {
    return new StagesConfig(
        values.get(LOAD_TIMEOUT),
        values.get(INSPECT_TIMEOUT),
        values.get(FIX_TIMEOUT),
        values.get(CONVERT_TIMEOUT),
        values.get(VALIDATE_TIMEOUT));
  }

  private static ConfigKey<Duration> timeout(String name, String description) {
    return ConfigKey.of(Group.TIME_LIMITS, name, ValueSyntax.duration("1s", "30d"), description);
  }
}
