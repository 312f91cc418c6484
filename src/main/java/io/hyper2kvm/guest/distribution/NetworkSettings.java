package io.hyper2kvm.guest.distribution;

import java.util.List;
import java.util.Set;

/** Network settings of one form: where they lie, and what reads them. */
public enum NetworkSettings {
  INTERFACES(
      "ifupdown",
      List.of("/etc/network/interfaces", "/etc/network/interfaces.d/"),
      List.of("/sbin/ifup", "/usr/sbin/ifup"),
      true,
      Set.of()),
  NETPLAN(
      "netplan",
      List.of("/etc/netplan/"),
      List.of(
          "/usr/sbin/netplan",
          "/usr/bin/netplan",
          "/usr/lib/systemd/system-generators/netplan",
          "/lib/systemd/system-generators/netplan"),
      true,
      Set.of()),
  KEYFILES(
      "NetworkManager",
      List.of("/etc/NetworkManager/system-connections/"),
      List.of("/usr/sbin/NetworkManager", "/usr/bin/NetworkManager"),
      true,
      Set.of()),
  NETWORKD(
      "systemd-networkd",
      List.of("/etc/systemd/network/*.network", "/etc/systemd/network/*.netdev"),
      List.of("/usr/lib/systemd/systemd-networkd", "/lib/systemd/systemd-networkd"),
      true,
      Set.of()),
  /** Of Red Hat. Which package has the plug-in differs, so that its absence alone tells nothing. */
  IFCFG(
      "network-scripts, or NetworkManager with its plug-in ifcfg-rh",
      List.of("/etc/sysconfig/network-scripts/ifcfg-"),
      List.of("/etc/sysconfig/network-scripts/ifup-eth", NetworkSettings.IFCFG_PLUGIN),
      false,
      Set.of(Family.RED_HAT)),
  /** Of SUSE. */
  SUSE_IFCFG(
      "wicked",
      List.of("/etc/sysconfig/network/ifcfg-"),
      List.of("/usr/sbin/wicked", "/sbin/ifup", "/usr/sbin/ifup"),
      true,
      Set.of(Family.SUSE));

  /** Where NetworkManager's plug-ins lie, each release's in a folder of its own. */
  public static final String PLUGINS = "/usr/lib64/NetworkManager";

  /** What stands for NetworkManager's plug-in for ifcfg files, in whatever folder it lies. */
  public static final String IFCFG_PLUGIN = PLUGINS + "/libnm-settings-plugin-ifcfg-rh.so";

  private final String system;
  private final List<String> places;
  private final List<String> readers;
  private final boolean readersAreKnown;
  private final Set<Family> families;

  NetworkSettings(
      String system,
      List<String> places,
      List<String> readers,
      boolean readersAreKnown,
      Set<Family> families) {
    this.system = system;
    this.places = places;
    this.readers = readers;
    this.readersAreKnown = readersAreKnown;
    this.families = families;
  }

  /** What reads them, in words. */
  public String system() {
    return system;
  }

  /** Whether a file holds settings of this form. */
  public boolean has(String path) {
    return places.stream().anyMatch(place -> matches(path, place));
  }

  /** A place is a file, the beginning of several, or a folder with what their names end in. */
  private static boolean matches(String path, String place) {
    int star = place.indexOf('*');
    if (star >= 0) {
      return path.startsWith(place.substring(0, star)) && path.endsWith(place.substring(star + 1));
    }
    return place.endsWith("/") || place.endsWith("-") ? path.startsWith(place) : path.equals(place);
  }

  /** Files of what reads them; one of these is enough. */
  public List<String> readers() {
    return readers;
  }

  /** Whether nothing reads them where none of {@link #readers} is there. */
  boolean readersAreKnown() {
    return readersAreKnown;
  }

  /** The families that they are of; empty for those that any distribution may have. */
  Set<Family> families() {
    return families;
  }
}
