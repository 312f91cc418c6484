package io.hyper2kvm.manifest.rules;

import java.util.Optional;
import java.util.function.Function;

/** Finds the constant that a manifest's word stands for. */
public final class Words {

  private Words() {}

  /** The constant whose word it is, exactly. */
  public static <T> Optional<T> find(T[] constants, Function<T, String> wordOf, String word) {
    for (T constant : constants) {
      if (wordOf.apply(constant).equals(word)) {
        return Optional.of(constant);
      }
    }
    return Optional.empty();
  }
}
