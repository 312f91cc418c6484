package io.hyper2kvm.stage.windows;

import io.hyper2kvm.guest.windows.DriverReading;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.StageResult;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the fix of a Windows has read so far.
 *
 * @param before of the guest before the tool ran
 * @param after of the guest now
 * @param log the end of what the tool printed, made printable
 * @param check whether firmware starts the guest; empty for a machine that starts by BIOS
 */
record WindowsReadings(
    Optional<DriverReading> before,
    Optional<DriverReading> after,
    String log,
    Optional<Check> check)
    implements StageResult {

  /** Nothing was read yet. */
  static final WindowsReadings NONE =
      new WindowsReadings(Optional.empty(), Optional.empty(), "", Optional.empty());

  WindowsReadings {
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
    Objects.requireNonNull(log, "log");
    Objects.requireNonNull(check, "check");
  }

  static WindowsReadings before(DriverReading reading) {
    return new WindowsReadings(Optional.of(reading), Optional.empty(), "", Optional.empty());
  }

  WindowsReadings withLog(String text) {
    return new WindowsReadings(before, after, text, check);
  }

  WindowsReadings withAfter(DriverReading reading) {
    return new WindowsReadings(before, Optional.of(reading), log, check);
  }

  WindowsReadings withCheck(Optional<Check> found) {
    return new WindowsReadings(before, after, log, found);
  }

  @Override
  public Map<String, Object> json() {
    return Map.of();
  }
}
