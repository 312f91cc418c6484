package io.hyper2kvm.guest.lvm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A filter of LVM: patterns that accept or refuse a device by any of its names. Of each name the
 * first pattern that is found in it counts. A device passes if one of its names is accepted, or
 * none is refused.
 */
final class LvmFilter {

  /** A name that no pattern can be about: what refuses it refuses everything. */
  private static final String ANY = "/dev/\u0001";

  private record Rule(boolean accepts, LvmPattern pattern) {}

  private final List<Rule> rules;

  private LvmFilter(List<Rule> rules) {
    this.rules = rules;
  }

  /**
   * A filter; empty when one of its patterns is not understood.
   *
   * @param patterns as they stand in the array: {@code a|^/dev/sda2$|}
   */
  static Optional<LvmFilter> of(Collection<String> patterns) {
    List<Rule> rules = new ArrayList<>();
    for (String written : patterns) {
      String text = written.strip();
      boolean known = text.length() >= 3 && (text.charAt(0) == 'a' || text.charAt(0) == 'r');
      if (!known || text.charAt(text.length() - 1) != closing(text.charAt(1))) {
        return Optional.empty();
      }
      Optional<LvmPattern> pattern = LvmPattern.of(text.substring(2, text.length() - 1));
      if (pattern.isEmpty()) {
        return Optional.empty();
      }
      rules.add(new Rule(text.charAt(0) == 'a', pattern.get()));
    }
    return Optional.of(new LvmFilter(rules));
  }

  private static char closing(char opening) {
    return switch (opening) {
      case '(' -> ')';
      case '[' -> ']';
      case '{' -> '}';
      default -> opening;
    };
  }

  /** Whether a device with these names, and no others, passes. */
  boolean passes(Collection<String> names) {
    boolean refused = false;
    for (String name : names) {
      Optional<Rule> rule = first(name);
      if (rule.isPresent() && rule.get().accepts()) {
        return true;
      }
      refused |= rule.isPresent();
    }
    return !refused;
  }

  /** Whether a pattern that is about this name, and not about all names, accepts it. */
  boolean accepts(String name) {
    return first(name).filter(rule -> rule.accepts() && !rule.pattern().isFoundIn(ANY)).isPresent();
  }

  /** Whether a pattern that is about this name, and not about all names, refuses it. */
  boolean refusesOnPurpose(String name) {
    return first(name)
        .filter(rule -> !rule.accepts() && !rule.pattern().isFoundIn(ANY))
        .isPresent();
  }

  private Optional<Rule> first(String name) {
    return rules.stream().filter(rule -> rule.pattern().isFoundIn(name)).findFirst();
  }
}
