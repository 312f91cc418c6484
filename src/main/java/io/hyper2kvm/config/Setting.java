package io.hyper2kvm.config;

import java.util.Collections;
import java.util.List;

/**
 * A key with the text written for it, not yet understood.
 *
 * @param texts one element, or any number for a list
 * @param places where each of the texts stands
 */
record Setting(ConfigKey<?> key, List<String> texts, Origin origin, List<String> places) {
  Setting {
    texts = List.copyOf(texts);
    places = List.copyOf(places);
    if (texts.size() != places.size()) {
      throw new IllegalArgumentException(
          "%d texts have %d places".formatted(texts.size(), places.size()));
    }
  }

  Setting(ConfigKey<?> key, List<String> texts, Origin origin) {
    this(key, texts, origin, Collections.nCopies(texts.size(), origin.where()));
  }
}
