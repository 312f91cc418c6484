package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import io.hyper2kvm.config.value.DataSize;
import java.time.Duration;

/**
 * How an output is booted for a test.
 *
 * @param timeout longest time until a guest must have shown that it boots
 * @param memory memory of the guest
 */
public record BootTestConfig(Duration timeout, DataSize memory) {

  public static final ConfigKey<Duration> BOOT_TEST_TIMEOUT =
      ConfigKey.of(
              Group.TIME_LIMITS,
              "boot_test_timeout",
              ValueSyntax.duration("1s", "30d"),
              "Longest time until a guest must have booted")
          .withDefault("300s");
  public static final ConfigKey<DataSize> BOOT_TEST_MEMORY =
      ConfigKey.of(
              Group.TOOLS,
              "boot_test_memory",
              ValueSyntax.size("128MiB", "64GiB"),
              "Memory of the guest in a boot test")
          .withDefault("1GiB");

  public BootTestConfig {
    Require.positive(timeout, "timeout");
    Require.positive(memory, "memory");
  }

  static BootTestConfig of(Values values) {
    return new BootTestConfig(values.get(BOOT_TEST_TIMEOUT), values.get(BOOT_TEST_MEMORY));
  }
}
