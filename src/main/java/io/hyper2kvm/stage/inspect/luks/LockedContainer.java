package io.hyper2kvm.stage.inspect.luks;

import java.util.List;

/**
 * A container that stays closed.
 *
 * @param container which one
 * @param tried how many keys were tried
 * @param reasons what kept keys from being tried, or from opening it, apart from being wrong
 */
record LockedContainer(Container container, int tried, List<String> reasons) {

  LockedContainer {
    reasons = List.copyOf(reasons);
  }

  /** Which one it is and why it is closed. */
  String words() {
    String keys =
        switch (tried) {
          case 0 ->
              reasons.isEmpty()
                  ? "luks_keys of the configuration names no key for it"
                  : "no key was tried";
          case 1 -> "1 key was tried and does not open it";
          default -> tried + " keys were tried and none opens it";
        };
    String why = reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")";
    return "%s is encrypted: %s%s".formatted(container.words(), keys, why);
  }
}
