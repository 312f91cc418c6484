package io.hyper2kvm.tool.boot;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The options of QEMU's user network that make a guest reachable at its own address. Without a
 * static address, or with one in a network too small for QEMU's own two hosts, QEMU's defaults are
 * used.
 */
final class SlirpNetwork {

  private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final int SMALLEST_PREFIX = 29;
  private static final int LARGEST_PREFIX = 8;

  private SlirpNetwork() {}

  /** The {@code -netdev user} options, without id; they begin with {@code restrict=on}. */
  static String options(Optional<String> guestAddressCidr, Optional<String> gateway) {
    if (guestAddressCidr.isEmpty() || !fits(guestAddressCidr.get())) {
      return "restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:0-:22";
    }
    String cidr = guestAddressCidr.get();
    int prefix = prefix(cidr);
    long guest = address(cidr.substring(0, cidr.indexOf('/')));
    long network = guest & mask(prefix);
    long host =
        gateway
            .map(SlirpNetwork::address)
            .filter(it -> it != guest && inside(it, network, prefix))
            .orElseGet(() -> free(network, prefix, guest, guest));
    long dns = free(network, prefix, guest, host);
    return "restrict=on,ipv6=off,net=%s/%d,host=%s,dns=%s,dhcpstart=%s,hostfwd=tcp:127.0.0.1:0-%s:22"
        .formatted(text(network), prefix, text(host), text(dns), text(guest), text(guest));
  }

  /** Whether the user network can take this address; its SSH port is out of reach otherwise. */
  static boolean fits(String cidr) {
    int prefix = prefix(cidr);
    long guest = address(cidr.substring(0, cidr.indexOf('/')));
    return prefix >= LARGEST_PREFIX
        && prefix <= SMALLEST_PREFIX
        && inside(guest, guest & mask(prefix), prefix);
  }

  static void requireCidr(String cidr) {
    int slash = cidr.indexOf('/');
    if (slash < 0 || !cidr.substring(slash + 1).matches("\\d{1,2}") || prefix(cidr) > 32) {
      throw new IllegalArgumentException("not an IPv4 address with a prefix: " + cidr);
    }
    requireAddress(cidr.substring(0, slash));
  }

  static void requireAddress(String text) {
    boolean valid = ADDRESS.matcher(text).matches();
    for (String octet : valid ? text.split("\\.") : new String[0]) {
      valid &= Integer.parseInt(octet) <= 255;
    }
    if (!valid) {
      throw new IllegalArgumentException("not an IPv4 address: " + text);
    }
  }

  private static boolean inside(long address, long network, int prefix) {
    long broadcast = network | (~mask(prefix) & 0xffffffffL);
    return address > network && address < broadcast;
  }

  /** An address of the network that neither party has; a /29 has six, so one is always left. */
  private static long free(long network, int prefix, long taken, long alsoTaken) {
    for (long candidate = network + 1; inside(candidate, network, prefix); candidate++) {
      if (candidate != taken && candidate != alsoTaken) {
        return candidate;
      }
    }
    throw new IllegalStateException("no free address in " + text(network) + "/" + prefix);
  }

  private static int prefix(String cidr) {
    return Integer.parseInt(cidr.substring(cidr.indexOf('/') + 1));
  }

  private static long mask(int prefix) {
    return prefix == 0 ? 0 : (0xffffffffL << (32 - prefix)) & 0xffffffffL;
  }

  private static long address(String text) {
    long value = 0;
    for (String octet : text.split("\\.")) {
      value = value << 8 | Integer.parseInt(octet);
    }
    return value;
  }

  private static String text(long address) {
    return "%d.%d.%d.%d"
        .formatted(address >> 24 & 0xff, address >> 16 & 0xff, address >> 8 & 0xff, address & 0xff);
  }
}
