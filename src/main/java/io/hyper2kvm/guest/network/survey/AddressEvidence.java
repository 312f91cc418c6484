package io.hyper2kvm.guest.network.survey;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which names the guest's files bind to which hardware addresses, and by which kind of file. */
public final class AddressEvidence {

  private final Map<String, Set<String>> namesByMac = new TreeMap<>();
  private final Map<String, Set<String>> conditions = new LinkedHashMap<>();
  private final Map<String, Set<String>> pins = new LinkedHashMap<>();
  private final Map<String, Set<String>> leases = new LinkedHashMap<>();
  private final Set<String> matched = new TreeSet<>();
  private final Set<String> unbound = new HashSet<>();
  private final NamelessCards byAddress = new NamelessCards();

  /** The configuration under this name is for the card with this address only. */
  void condition(String name, String mac) {
    namesByMac.computeIfAbsent(mac, any -> new LinkedHashSet<>()).add(name);
    conditions.computeIfAbsent(name, any -> new LinkedHashSet<>()).add(mac);
  }

  /** A pin gives this name to the card with this address. */
  void pin(String name, String mac) {
    namesByMac.computeIfAbsent(mac, any -> new LinkedHashSet<>()).add(name);
    pins.computeIfAbsent(name, any -> new LinkedHashSet<>()).add(mac);
  }

  /** A DHCP client once had an address for the card with this address under this name. */
  public void lease(String name, String mac) {
    leases.computeIfAbsent(name, any -> new LinkedHashSet<>()).add(mac);
  }

  /** A file configures this name, whatever address its card has, and comes up at boot. */
  public void unbound(String name) {
    unbound.add(name);
  }

  /** The cards that files know by their addresses alone. */
  public NamelessCards byAddress() {
    return byAddress;
  }

  boolean isUnbound(String name) {
    return unbound.contains(name);
  }

  /** The addresses to which files that use this name are bound, but nothing that gives it. */
  Set<String> conditions(String name) {
    Set<String> macs = new LinkedHashSet<>(of(conditions, name));
    macs.removeAll(of(pins, name));
    return macs;
  }

  boolean leased(String name, String mac) {
    return of(leases, name).contains(mac);
  }

  /** Something is bound to the card with this address. */
  void matched(String mac) {
    matched.add(mac);
  }

  /** The names that files have for the card with this address, in the order of the files. */
  Set<String> namesOf(String mac) {
    return of(namesByMac, mac);
  }

  Set<String> matched() {
    return matched;
  }

  /** Every address that the name is bound to. */
  Set<String> macs(String name) {
    Set<String> macs = new LinkedHashSet<>(of(conditions, name));
    macs.addAll(of(pins, name));
    return macs;
  }

  boolean conditioned(String name) {
    return !of(conditions, name).isEmpty();
  }

  boolean conditioned(String name, String mac) {
    return of(conditions, name).contains(mac);
  }

  boolean pinned(String name, String mac) {
    return of(pins, name).contains(mac);
  }

  private static Set<String> of(Map<String, Set<String>> all, String name) {
    return all.getOrDefault(name, Collections.emptySet());
  }
}
