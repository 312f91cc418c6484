package io.hyper2kvm.guest.network.survey;

import java.util.Set;

/**
 * What the configuration has for cards that the machine does not have: left behind by a template,
 * an older machine or a second profile. It took no effect before, and must take none now.
 *
 * @param names that no card gets
 * @param macs hardware addresses that no card has, lower case with colons
 */
public record AbsentCards(Set<String> names, Set<String> macs) {

  static final AbsentCards NONE = new AbsentCards(Set.of(), Set.of());

  public AbsentCards {
    names = Set.copyOf(names);
    macs = Set.copyOf(macs);
  }
}
