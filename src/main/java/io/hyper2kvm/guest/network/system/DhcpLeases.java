package io.hyper2kvm.guest.network.system;

import io.hyper2kvm.guest.network.survey.ConfigurationSystem;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.Hardware;
import io.hyper2kvm.guest.network.survey.InterfaceName;
import io.hyper2kvm.guest.network.survey.Repair;
import io.hyper2kvm.guest.network.survey.Survey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What DHCP clients remember: the name of an interface in the name of a file, often with the
 * connection that it belongs to, and sometimes the hardware address in the client identifier.
 */
public final class DhcpLeases implements ConfigurationSystem {

  /** Where the clients keep them. */
  public static final List<String> FOLDERS =
      List.of(
          "/var/lib/NetworkManager",
          "/var/lib/dhcp",
          "/var/lib/dhclient",
          "/var/lib/wicked",
          "/var/lib/dhcpcd",
          "/var/lib/dhcpcd5");

  private static final Pattern NAME =
      Pattern.compile(
          "(?:internal|dhclient)(?:-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))?[.-]{1,2}"
              + "([A-Za-z0-9_][A-Za-z0-9_-]{0,14})\\.leases?");

  /** Those of wicked, and of dhcpcd before and since its version 7. */
  private static final Pattern OTHER_NAME =
      Pattern.compile(
          "lease-([A-Za-z0-9_][A-Za-z0-9_-]{0,14})-dhcp-ipv4\\.xml"
              + "|(?:dhcpcd-)?([A-Za-z0-9_][A-Za-z0-9_-]{0,14})\\.(?:lease|info)");

  /** wicked's client identifier, dhcpcd 3's, both as bytes; an Ethernet address behind a 1. */
  private static final Pattern IDENTIFIER =
      Pattern.compile(
          "\\s{0,40}(?:<client-id>|CLIENTID=')01((?::[0-9A-Fa-f]{2}){6})(?:</client-id>|')\\s{0,9}");

  /** A message of BOOTP begins with a reply, Ethernet, and six bytes of address. */
  private static final String BOOTP = "\u0002\u0001\u0006";

  private static final int BOOTP_ADDRESS = 28;

  /** Type 1, Ethernet, and the address: NetworkManager writes digits, dhclient bytes. */
  private static final Pattern DIGITS = Pattern.compile("CLIENTID=01([0-9A-Fa-f]{12})");

  private static final Pattern BYTES =
      Pattern.compile(
          "\\s{0,9}option dhcp-client-identifier 0?1((?::[0-9A-Fa-f]{1,2}){6});\\s{0,9}");

  /** A lease's file, by its name. */
  private record Lease(String path, Optional<String> connection, String name) {}

  /** Whether a file is a lease that tells the name of its interface. */
  public static boolean isLease(String path) {
    return lease(path).isPresent();
  }

  private static Optional<Lease> lease(String path) {
    String file = path.substring(path.lastIndexOf('/') + 1);
    if (!FOLDERS.contains(path.substring(0, Math.max(0, path.lastIndexOf('/'))))) {
      return Optional.empty();
    }
    Matcher matcher = NAME.matcher(file);
    if (matcher.matches()) {
      return lease(path, Optional.ofNullable(matcher.group(1)), matcher.group(2));
    }
    Matcher other = OTHER_NAME.matcher(file);
    return other.matches()
        ? lease(path, Optional.empty(), other.group(1) == null ? other.group(2) : other.group(1))
        : Optional.empty();
  }

  private static Optional<Lease> lease(String path, Optional<String> connection, String name) {
    return InterfaceName.safe(name)
        ? Optional.of(new Lease(path, connection, name))
        : Optional.empty();
  }

  private static List<Lease> leases(GuestFiles files) {
    List<Lease> leases = new ArrayList<>();
    for (String folder : FOLDERS) {
      files.in(folder + "/", "").keySet().forEach(path -> lease(path).ifPresent(leases::add));
    }
    return leases;
  }

  /** The only name of interfaces to which a connection gave a lease. */
  static Optional<String> nameFor(String connection, GuestFiles files) {
    Set<String> names = new TreeSet<>();
    leases(files).stream()
        .filter(lease -> lease.connection().equals(Optional.of(connection)))
        .forEach(lease -> names.add(lease.name()));
    return names.size() == 1 ? names.stream().findFirst() : Optional.empty();
  }

  @Override
  public void read(GuestFiles files, Survey survey) {
    for (Lease lease : leases(files)) {
      String text = files.text().get(lease.path());
      bootp(text).ifPresent(mac -> survey.addresses().lease(lease.name(), mac));
      text.lines()
          .forEach(line -> mac(line).ifPresent(mac -> survey.addresses().lease(lease.name(), mac)));
    }
  }

  /** The client's address in the message that dhcpcd keeps as it came. */
  private static Optional<String> bootp(String text) {
    if (!text.startsWith(BOOTP) || text.length() < BOOTP_ADDRESS + 6) {
      return Optional.empty();
    }
    StringBuilder mac = new StringBuilder();
    for (int i = BOOTP_ADDRESS; i < BOOTP_ADDRESS + 6; i++) {
      mac.append(":%02x".formatted((int) text.charAt(i) & 0xff));
    }
    return Hardware.mac(mac.substring(1));
  }

  private static Optional<String> mac(String line) {
    Matcher identifier = IDENTIFIER.matcher(line);
    if (identifier.matches()) {
      return Hardware.mac(identifier.group(1).substring(1));
    }
    Matcher digits = DIGITS.matcher(line);
    Matcher bytes = BYTES.matcher(line);
    StringBuilder mac = new StringBuilder();
    if (digits.matches()) {
      for (int i = 0; i < 12; i += 2) {
        mac.append(':').append(digits.group(1), i, i + 2);
      }
    } else if (bytes.matches()) {
      for (String one : bytes.group(1).substring(1).split(":")) {
        mac.append(one.length() == 1 ? ":0" : ":").append(one);
      }
    }
    return mac.length() == 0 ? Optional.empty() : Hardware.mac(mac.substring(1));
  }

  @Override
  public void edit(GuestFiles files, Repair repair) {
    // A client asks anew on a new card; what it remembers binds nothing.
  }
}
