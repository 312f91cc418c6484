package io.hyper2kvm.guest.network.survey;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Families of interface names whose members tell the order of their cards. */
public enum NameScheme {
  /** The kernel's own numbers. */
  KERNEL("eth([0-9]{1,4})"),
  /** Hot-plug slots, VMware's {@code ens192}. */
  SLOT("ens([0-9]{1,5})(?:f([0-9]{1,3}))?(?:np[0-9]{1,3})?"),
  /** On-board numbers, VMware's {@code eno16777984}. */
  ONBOARD("eno([0-9]{1,9})"),
  /** Places on the bus. */
  PATH("en(?:P([0-9]{1,5}))?p([0-9]{1,3})s([0-9]{1,3})(?:f([0-9]{1,3}))?"),
  /** The names of biosdevname. */
  BIOSDEVNAME("em([0-9]{1,4})"),
  /** Slots and their ports, as biosdevname counts them. */
  BIOS_SLOT("p([0-9]{1,4})p([0-9]{1,4})(?:_([0-9]{1,4}))?");

  // VMware numbers its PCI Express bridges from slot 160 on, 32 apart; the next round of cards gets
  // the next function of each bridge: 160, 192, 224, 256, 161, 193, ...
  private static final long FIRST_BRIDGE = 160;
  private static final long BRIDGE_STEP = 32;
  private static final Pattern COUNTED = Pattern.compile("([A-Za-z_.-]{1,14})([0-9]{1,9})");

  private final Pattern pattern;

  NameScheme(String pattern) {
    this.pattern = Pattern.compile(pattern);
  }

  public boolean matches(String name) {
    return pattern.matcher(name).matches();
  }

  /** The names in the order of their cards; empty when they do not tell it. */
  static Optional<List<String>> sort(List<String> names) {
    for (NameScheme scheme : values()) {
      Optional<List<String>> sorted = sort(names, scheme);
      if (sorted.isPresent()) {
        return sorted;
      }
    }
    boolean schemed =
        names.stream().anyMatch(n -> Stream.of(values()).anyMatch(scheme -> scheme.matches(n)));
    return schemed ? Optional.empty() : sortCounted(names);
  }

  /** The names in the scheme's order; empty when one of them is of another scheme. */
  static Optional<List<String>> sort(List<String> names, NameScheme scheme) {
    if (!names.stream().allMatch(scheme::matches)) {
      return Optional.empty();
    }
    boolean bridges = names.stream().anyMatch(name -> scheme.number(name, 1) >= FIRST_BRIDGE);
    boolean legacy = names.stream().anyMatch(name -> scheme.number(name, 1) < FIRST_BRIDGE);
    if (scheme == SLOT && bridges && legacy) {
      return Optional.empty(); // two families of slots, whose order among each other is not fixed
    }
    List<String> sorted = new ArrayList<>(names);
    sorted.sort(Comparator.comparing((String name) -> scheme.key(name), NameScheme::compare));
    return Optional.of(sorted);
  }

  /** Names of the operator's own that count: {@code lan0}, {@code lan1}. */
  private static Optional<List<String>> sortCounted(List<String> names) {
    HashSet<String> stems = new HashSet<>();
    HashSet<Long> numbers = new HashSet<>();
    for (String name : names) {
      Matcher matcher = COUNTED.matcher(name);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      stems.add(matcher.group(1));
      numbers.add(Long.parseLong(matcher.group(2)));
    }
    if (stems.size() != 1 || numbers.size() != names.size()) {
      return Optional.empty();
    }
    List<String> sorted = new ArrayList<>(names);
    sorted.sort(Comparator.comparing(NameScheme::lastNumber));
    return Optional.of(sorted);
  }

  /** The number at the end of a name, 0 when there is none. */
  public static long lastNumber(String name) {
    int start = name.length();
    while (start > 0 && name.charAt(start - 1) >= '0' && name.charAt(start - 1) <= '9') {
      start--;
    }
    return start == name.length() ? 0 : Long.parseLong(name.substring(start));
  }

  private List<Long> key(String name) {
    List<Long> key = new ArrayList<>();
    int groups = pattern.matcher(name).groupCount();
    for (int group = 1; group <= groups; group++) {
      key.add(number(name, group));
    }
    if (this == SLOT && key.get(0) >= FIRST_BRIDGE) {
      key.add(0, (key.get(0) - FIRST_BRIDGE) % BRIDGE_STEP);
    } else {
      key.add(0, 0L);
    }
    return key;
  }

  private long number(String name, int group) {
    Matcher matcher = pattern.matcher(name);
    String digits = matcher.matches() ? matcher.group(group) : null;
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static int compare(List<Long> left, List<Long> right) {
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      int order = left.get(i).compareTo(right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.size(), right.size());
  }
}
