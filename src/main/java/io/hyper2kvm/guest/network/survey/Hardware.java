package io.hyper2kvm.guest.network.survey;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What ties a configuration to the old machine's hardware: addresses, drivers, bus places. */
public final class Hardware {
  public static final String VIRTIO_NET = "virtio_net";

  /** Drivers of the cards that VMware, Hyper-V, Xen and VirtualBox show to a guest. */
  private static final Set<String> OLD_DRIVERS =
      Set.of(
          "vmxnet3",
          "vmxnet",
          "e1000",
          "e1000e",
          "pcnet32",
          "vlance",
          "hv_netvsc",
          "netvsc",
          "xennet",
          "xen-netfront",
          "xen_netfront",
          "xen-vnif",
          "8139too",
          "8139cp",
          "ne2k-pci",
          "tulip");

  private static final Pattern MAC =
      Pattern.compile("[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\\1[0-9A-Fa-f]{2}){4}");

  private Hardware() {}

  /** A hardware address in lower case with colons; empty when the text is none. */
  public static Optional<String> mac(String text) {
    return text.length() == 17 && MAC.matcher(text).matches()
        ? Optional.of(text.replace('-', ':').toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  /** The address in a name such as {@code enx0050569a0001}. */
  public static Optional<String> macOfName(String name) {
    return name.length() == 15 && name.startsWith("enx")
        ? mac(name.substring(3).replaceAll("(..)(?=.)", "$1:"))
        : Optional.empty();
  }

  /** Whether VMware gives out such addresses. */
  public static boolean vmware(String mac) {
    return mac.startsWith("00:50:56:")
        || mac.startsWith("00:0c:29:")
        || mac.startsWith("00:05:69:");
  }

  public static boolean oldDriver(String driver) {
    return OLD_DRIVERS.contains(driver);
  }

  /** Whether one machine may have cards of both drivers. */
  static boolean oneMachine(String driver, String other) {
    String family = family(driver);
    return family.isEmpty() || family(other).isEmpty() || family.equals(family(other));
  }

  /** The hypervisor that alone shows such a card; empty when several do. */
  private static String family(String driver) {
    return List.of("vmxnet", "netvsc", "xen").stream()
        .filter(driver::contains)
        .findFirst()
        .orElse("");
  }

  /** A list of driver names or patterns, or empty when none of them is an old card's. */
  public static Optional<List<String>> withoutOldDrivers(List<String> drivers) {
    if (drivers.stream().noneMatch(Hardware::oldDriver)) {
      return Optional.empty();
    }
    Set<String> now = new LinkedHashSet<>();
    drivers.forEach(driver -> now.add(oldDriver(driver) ? VIRTIO_NET : driver));
    return Optional.of(new ArrayList<>(now));
  }

  /** Whether a text names a place on a bus, as {@code ID_PATH} or the kernel writes it. */
  public static boolean busPlace(String text) {
    return text.startsWith("pci-")
        || PLACE.matcher(text).matches()
        || BusPlace.of(text).isPresent();
  }

  /** Whether a comparison of the card's maker leaves out the virtio cards. */
  public static boolean otherVendor(String vendor) {
    return vendor.startsWith("0x") && !vendor.equals(VIRTIO_VENDOR);
  }

  private static final String VIRTIO_VENDOR = "0x1af4";

  // Patterns too, of a PCI address, a vmbus device's identifier, a network device of Xen.
  private static final Pattern PLACE =
      Pattern.compile(
          "[0-9A-Fa-f*?\\[\\]]{1,16}:[0-9A-Fa-f:.*?\\[\\]|-]{0,40}"
              + "|(?:vmbus|vif|xen)[-_:][0-9A-Za-z_:*?-]{0,40}"
              + "|[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f-]{0,40}");
}
