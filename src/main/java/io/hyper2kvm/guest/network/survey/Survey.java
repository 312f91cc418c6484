package io.hyper2kvm.guest.network.survey;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What all configuration systems together say about the guest's interfaces, before any change. */
public final class Survey {
  // A guest with more is damaged; the bound keeps hostile files from costing memory.
  private static final int MAX_INTERFACES = 4096;

  private final Map<String, FoundInterface> found = new LinkedHashMap<>();
  private final AddressEvidence addresses = new AddressEvidence();
  private final Map<String, Integer> knownPosition = new HashMap<>();
  private final Set<String> pinned = new LinkedHashSet<>();
  private final Set<String> kept = new LinkedHashSet<>();
  private String catchAll;
  private final Map<String, String> patterns = new TreeMap<>();
  private final Set<String> configuredBy = new TreeSet<>();
  private final BusOrder busOrder = new BusOrder();
  private final DriverEvidence drivers = new DriverEvidence();
  private final Findings findings;
  private final boolean namesAreKept;

  public Survey(Findings findings, boolean namesAreKept) {
    this.findings = findings;
    this.namesAreKept = namesAreKept;
  }

  public Findings findings() {
    return findings;
  }

  public void configuredBy(String system) {
    configuredBy.add(system);
  }

  public Set<String> configuredBy() {
    return configuredBy;
  }

  /**
   * The configuration refers to an interface by this name. Aliases ({@code eth0:1}) and VLANs
   * ({@code eth0.10}) stand for the interface below them too.
   */
  public void use(String written, String path) {
    use(written, path, false);
  }

  /** As {@link #use}, and what uses it is for hardware only, so the name may be anything. */
  public void useCard(String name, String path) {
    use(name, path, true);
  }

  private void use(String written, String path, boolean hardware) {
    String name = written;
    int alias = name.indexOf(':');
    if (alias > 0) {
      name = name.substring(0, alias);
    }
    if (name.isEmpty() || name.equals("lo") || name.equals("none")) {
      return;
    }
    if (InterfaceName.pattern(name)) {
      if (name.length() <= 15 && patterns.size() < MAX_INTERFACES) {
        patterns.putIfAbsent(name, path);
      }
      return;
    }
    if (!InterfaceName.safe(name)) {
      findings.note(path, 0, Findings.shortened(name), "not a name that can be pinned to a card");
      return;
    }
    FoundInterface entry = entry(name, path);
    entry.configured = true;
    if (hardware && name.indexOf('.') < 0) {
      entry.hardware = true;
      return;
    }
    int dot = name.lastIndexOf('.');
    if (dot > 0) {
      entry.looksVirtual = true;
      use(name.substring(0, dot), path);
    } else if (InterfaceName.looksVirtual(name)) {
      entry.looksVirtual = true;
    }
  }

  /** The interface is built by software: a bond, a bridge, a VLAN, a tunnel, a radio. */
  public void virtual(String name, String path) {
    if (InterfaceName.safe(name)) {
      FoundInterface entry = entry(name, path);
      entry.configured = true;
      entry.declaredVirtual = true;
    }
  }

  /** The interface comes up at boot. */
  public void active(String name, String path) {
    if (InterfaceName.safe(name)) {
      entry(name, path).comesUp = true;
    }
  }

  public void address(String name, String path, String address) {
    String interfaceName = name.indexOf(':') > 0 ? name.substring(0, name.indexOf(':')) : name;
    if (InterfaceName.safe(interfaceName) && !interfaceName.equals("lo") && !address.isBlank()) {
      entry(interfaceName, path).address(address);
    }
  }

  public void gateway(String name, String path, String gateway) {
    if (InterfaceName.safe(name) && IpAddress.looksLikeOne(gateway)) {
      entry(name, path).gateway(gateway);
    }
  }

  /** The card with this hardware address had this name. */
  public void mac(String name, String path, String mac) {
    if (cardName(name)) {
      addresses.condition(name, mac);
      entry(name, path).oldMac(mac);
    }
  }

  /** As {@link #mac}, by a file that gives the card its name. */
  public void namedMac(String name, String path, String mac) {
    if (cardName(name)) {
      addresses.pin(name, mac);
      entry(name, path).oldMac(mac);
    }
  }

  /** As {@link #namedMac}, by a pin that goes: it tells a name only while names are kept. */
  public void pinnedMac(String name, String path, String mac) {
    if (namesAreKept) {
      namedMac(name, path, mac);
    } else if (InterfaceName.safe(name)) {
      entry(name, path).oldMac(mac);
    }
  }

  /** The configuration binds something to the card with this hardware address. */
  public void matchedMac(String mac) {
    addresses.matched(mac);
  }

  /** How many cards the configuration knows by their hardware address or place only. */
  int namelessCards() {
    return namelessAddresses().size() + busOrder.nameless(found.keySet());
  }

  public AddressEvidence addresses() {
    return addresses;
  }

  public DriverEvidence drivers() {
    return drivers;
  }

  /** The file configures whatever card no other file is for. */
  public void anyCard(String path) {
    catchAll = catchAll == null ? path : catchAll;
    drivers.anyCard(path);
  }

  /** The first file that is for any card, by a pattern or because it asks for none. */
  Optional<String> catchAll() {
    return Optional.ofNullable(catchAll)
        .or(
            () ->
                patterns.entrySet().stream()
                    .filter(entry -> InterfaceName.matchesCards(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst());
  }

  /** A pin gives a card this name; pins are remembered in their order. */
  public void pinned(String name, String path) {
    if (cardName(name)) {
      FoundInterface entry = entry(name, path);
      if (namesAreKept) {
        entry.hardware = true;
        pinned.add(name);
      }
    }
  }

  /** A file of an earlier run says that this name belongs to the n-th virtio card, from 0. */
  public void knownPosition(String name, int position) {
    if (position >= 0 && position < GuestTraits.MAX_CARDS) {
      knownPosition.putIfAbsent(name, position);
    }
  }

  /** A file of an earlier run gives a card this name. */
  public void keptName(String name) {
    kept.add(name);
  }

  Set<String> keptNames() {
    return kept;
  }

  boolean namesAreKept() {
    return namesAreKept;
  }

  /** The name of the card with this address; a bridge or bond that has it, too, is no card. */
  Optional<String> nameOf(String mac) {
    return addresses.namesOf(mac).stream().filter(name -> !virtual(name)).findFirst();
  }

  private boolean virtual(String name) {
    return found.containsKey(name) && found.get(name).virtual();
  }

  /** The addresses that something is bound to and that no card's name is known for. */
  List<String> namelessAddresses() {
    return addresses.matched().stream().filter(mac -> nameOf(mac).isEmpty()).toList();
  }

  Map<String, Integer> knownPositions() {
    return knownPosition;
  }

  List<String> pinnedNames() {
    return List.copyOf(pinned);
  }

  /** What pins tell of the cards' places on the old machine's bus. */
  public BusOrder busOrder() {
    return busOrder;
  }

  public Map<String, String> patterns() {
    return patterns;
  }

  /**
   * The cards whose names must survive: those the configuration refers to, or, when it refers to
   * none in any way, those that pins name.
   */
  public List<String> cards() {
    List<String> configured = new ArrayList<>();
    Set<String> matched = new HashSet<>();
    addresses.matched().forEach(mac -> nameOf(mac).ifPresent(matched::add));
    found.values().stream()
        .filter(entry -> entry.configured || matched.contains(entry.name))
        .filter(entry -> !entry.virtual())
        .forEach(entry -> configured.add(entry.name));
    boolean pinsDecide = namesAreKept && configured.isEmpty() && namelessCards() == 0;
    return pinsDecide ? pinned.stream().filter(name -> !virtual(name)).toList() : configured;
  }

  public boolean active(String name) {
    return found.containsKey(name) && found.get(name).active();
  }

  /** Whether a file says that it comes up at boot; having an address is not enough. */
  boolean comesUp(String name) {
    return found.containsKey(name) && found.get(name).comesUp;
  }

  /** The interfaces for the report: the cards as ordered, then the others by name. */
  public List<Interface> interfaces(List<String> cards) {
    List<Interface> all = new ArrayList<>();
    cards.stream().map(found::get).filter(e -> e != null).forEach(e -> all.add(e.toInterface()));
    found.values().stream()
        .filter(entry -> entry.configured || entry.hasAddress())
        .filter(entry -> !cards.contains(entry.name))
        .sorted((a, b) -> a.name.compareTo(b.name))
        .forEach(entry -> all.add(entry.toInterface()));
    return all;
  }

  private FoundInterface entry(String name, String path) {
    FoundInterface entry = found.get(name);
    if (entry == null) {
      entry = new FoundInterface(name, path);
      if (found.size() < MAX_INTERFACES) {
        found.put(name, entry);
      }
    }
    return entry;
  }

  /** Whether a pin can mean a card by it; a dot stands in the names of VLANs. */
  private static boolean cardName(String name) {
    return InterfaceName.safe(name) && name.indexOf('.') < 0;
  }
}
