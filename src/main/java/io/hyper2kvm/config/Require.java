package io.hyper2kvm.config;

import io.hyper2kvm.config.value.DataSize;
import java.nio.file.Path;
import java.time.Duration;

/** What the records of the configuration require of their values. */
final class Require {

  private Require() {}

  static void absolute(Path path, String name) {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(name + " is not absolute: " + path);
    }
  }

  static void within(int value, int least, int most, String name) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is not within %d and %d: %d".formatted(name, least, most, value));
    }
  }

  static void positive(Duration duration, String name) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " is not positive: " + duration);
    }
  }

  static void positive(DataSize size, String name) {
    if (size.bytes() == 0) {
      throw new IllegalArgumentException(name + " is zero bytes");
    }
  }
}
