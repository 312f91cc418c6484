package io.hyper2kvm.guest.network.survey;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One interface, from whatever file speaks of it. */
final class FoundInterface {
  final String name;
  private final String configuredIn;
  boolean configured;
  boolean declaredVirtual;
  boolean looksVirtual;
  boolean hardware;
  boolean comesUp;
  private final Set<String> addresses = new LinkedHashSet<>();
  private String gateway;
  private String oldMac;

  FoundInterface(String name, String configuredIn) {
    this.name = name;
    this.configuredIn = configuredIn;
  }

  boolean virtual() {
    return declaredVirtual || looksVirtual && !hardware;
  }

  boolean active() {
    return comesUp || !addresses.isEmpty();
  }

  boolean hasAddress() {
    return !addresses.isEmpty();
  }

  void address(String address) {
    addresses.add(address);
  }

  void gateway(String first) {
    gateway = gateway == null ? first : gateway;
  }

  void oldMac(String first) {
    oldMac = oldMac == null ? first : oldMac;
  }

  Interface toInterface() {
    return new Interface(
        name,
        configuredIn,
        List.copyOf(addresses),
        Optional.ofNullable(gateway),
        Optional.ofNullable(oldMac));
  }
}
