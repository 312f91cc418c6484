package io.hyper2kvm.daemon.web;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names under which the page may be asked for. A page of another site that lets its own name
 * lead to this machine's address is refused by its name.
 */
final class HostNames {

  private static final Pattern HEADER =
      Pattern.compile("(\\[[0-9a-f:.]{2,45}]|[a-z0-9.-]{1,253})(:\\d{1,5})?");

  private final Set<String> names = new HashSet<>(List.of("localhost", "127.0.0.1", "[::1]"));

  /**
   * The given names, and those of this machine's own loopback.
   *
   * @param address the address that is listened on
   * @param more further names
   */
  HostNames(String address, List<String> more) {
    names.add(literal(address));
    more.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
  }

  /**
   * Whether a Host header names this daemon, with any port: a tunnel may have its own.
   *
   * @param header the header; null when there is none
   * @param reached the address of this machine that the connection came to
   */
  boolean accepts(String header, String reached) {
    if (header == null) {
      return false;
    }
    Matcher matcher = HEADER.matcher(header.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return false;
    }
    String name = matcher.group(1);
    // No name server can make another site's name an address in digits.
    return names.contains(name) || name.equals(literal(reached));
  }

  private static String literal(String address) {
    return address.contains(":") ? "[" + address.toLowerCase(Locale.ROOT) + "]" : address;
  }
}
