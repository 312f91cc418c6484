package io.hyper2kvm.image.vmx;

import java.util.Locale;
import java.util.Objects;

/**
 * One line {@code key = "value"} of a description.
 *
 * @param line its number, from 1
 * @param key as it is written; VMware does not tell upper case from lower
 * @param value with its escapes resolved; may be empty
 */
record VmxEntry(int line, String key, String value) {

  VmxEntry {
    Objects.requireNonNull(value, "value");
    if (line < 1 || key.isEmpty()) {
      throw new IllegalArgumentException("no entry: line %d, key \"%s\"".formatted(line, key));
    }
  }

  /** The key by which it is found. */
  String id() {
    return id(key);
  }

  static String id(String key) {
    return key.toLowerCase(Locale.ROOT);
  }
}
