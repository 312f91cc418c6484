package io.hyper2kvm.config;

import java.util.List;

/**
 * A key with the text written for it, not yet understood.
 *
 * @param texts one element, or any number for a list
 */
record Setting(ConfigKey<?> key, List<String> texts, Origin origin) {
  Setting {
    texts = List.copyOf(texts);
  }
}
