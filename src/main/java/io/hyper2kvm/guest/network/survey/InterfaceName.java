package io.hyper2kvm.guest.network.survey;

import java.util.List;
import java.util.regex.Pattern;

/** What can be told from an interface's name alone. */
public final class InterfaceName {
  // The kernel allows more; these are the ones that may become part of a file's name unquoted.
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}");
  private static final Pattern CARD =
      Pattern.compile(
          "(?:eth|en[opsx]|enP|em|net|lan|wan)[A-Za-z0-9]{0,13}|p[0-9]{1,4}p[0-9]{1,4}");
  private static final Pattern VIRTUAL =
      Pattern.compile(
          "lo|(?:br|vmbr|vlan|bond|team|tun|tap|wg|dummy|ifb|sit|gre|ppp|vnet|vxlan|ovs|ib|ipvlan"
              + "|macvlan|macvtap|teql|ip6tnl|tunl|can|wlan|wwan)[0-9]{0,6}"
              + "|(?:br-|docker|veth|virbr|cni|flannel|cali|lxc|lxd|podman|kube|tailscale|zt|ovs|vmk"
              + "|wl|ww|nm-)[-A-Za-z0-9_]*");

  private static final List<String> CARDS =
      List.of("eth0", "eth1", "ens3", "ens160", "ens192", "enp1s0", "enp11s0", "eno1", "em1");

  private InterfaceName() {}

  public static boolean safe(String name) {
    return SAFE.matcher(name).matches();
  }

  public static boolean pattern(String name) {
    for (int i = 0; i < name.length(); i++) {
      if ("*?[]!".indexOf(name.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether the name is one that tools give to what is no card; a declaration says more. */
  public static boolean looksVirtual(String name) {
    return name.length() <= 15 && VIRTUAL.matcher(name).matches();
  }

  /** Whether the name is one that the kernel, udev or a careful operator gives to a card. */
  public static boolean looksLikeCard(String name) {
    return name.length() <= 15 && CARD.matcher(name).matches();
  }

  /** Whether a pattern matches names that virtio cards may have by default. */
  static boolean matchesCards(String pattern) {
    return CARDS.stream().anyMatch(name -> matches(pattern, name));
  }

  /** Shell-like matching of {@code *} and {@code ?}; linear in both lengths for each star. */
  public static boolean matches(String pattern, String name) {
    if (pattern.length() > 64 || name.length() > 64) {
      return false;
    }
    int p = 0;
    int n = 0;
    int star = -1;
    int mark = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = n;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
