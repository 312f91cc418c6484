package io.hyper2kvm.guest.network.survey;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a network card was in the old machine, as a pin or the card's own name tells it.
 *
 * @param bus what the numbers count
 * @param numbers from the widest to the narrowest; what a pattern leaves open at the end is left
 *     out. For {@link Bus#PCI}: domain, bus, device, function, and the port of a card that has
 *     several
 */
public record BusPlace(Bus bus, List<Integer> numbers) {

  /** The kinds of places; those of different kinds cannot be compared. */
  public enum Bus {
    /** A PCI address. */
    PCI,
    /** A hot-plug slot, by its number. */
    SLOT,
    /** A card of the board itself, by its number. */
    ONBOARD,
    /** A slot and its port, as biosdevname counts them. */
    BIOS_SLOT,
    /** A network device of Xen, {@code vif-0}. */
    XEN
  }

  // VMware's bridges to PCI Express: slots 160, 192, 224 and 256 with eight functions each. The
  // firmware gives them the buses from 3 on, eight for each bridge. Slots below are on bus 2.
  private static final int FIRST_BRIDGE_SLOT = 160;
  private static final int BRIDGE_SLOTS = 32;
  private static final int BRIDGES = 4;
  private static final int FUNCTIONS = 8;
  private static final int FIRST_BRIDGE_BUS = 3;
  private static final int FIRST_OLD_SLOT = 32;
  private static final int OLD_BUS = 2;

  private static final int MAX_TEXT = 200;
  private static final Pattern PCI =
      Pattern.compile(
          "(?<![0-9A-Fa-f:])(?:([0-9A-Fa-f]{4}|\\*|\\?{4})[:_])?\\*?([0-9A-Fa-f]{2})[:_]"
              + "(?:([0-9A-Fa-f]{2})(?:[._]([0-7]))?)?");
  private static final Pattern XEN = Pattern.compile("(?:xen-)?vif-([0-9]{1,4})");
  private static final Pattern SLOT_NAME =
      Pattern.compile("ens([0-9]{1,5})(?:f([0-9]{1,3}))?(?:np[0-9]{1,3})?");
  private static final Pattern PATH_NAME =
      Pattern.compile(
          "en(?:P([0-9]{1,5}))?p([0-9]{1,3})s([0-9]{1,3})(?:f([0-9]{1,3}))?(?:np[0-9]{1,3})?");
  private static final Pattern ONBOARD_NAME = Pattern.compile("(?:eno|em)([0-9]{1,9})");
  private static final Pattern BIOS_NAME =
      Pattern.compile("p([0-9]{1,4})p([0-9]{1,4})(?:_[0-9]{1,4})?");

  /** Copies the numbers. */
  public BusPlace {
    Objects.requireNonNull(bus, "bus");
    numbers = List.copyOf(numbers);
    if (numbers.isEmpty()) {
      throw new IllegalArgumentException("a place without a number");
    }
  }

  /**
   * The place that a comparison asks for: a PCI address with or without its domain, {@code
   * pci-0000:0b:00.0}, a device path, {@code vif-0}, or a name that udev makes of a place. Empty
   * when the text names none, or several.
   */
  public static Optional<BusPlace> of(String text) {
    if (text.length() > MAX_TEXT || text.startsWith("!")) {
      return Optional.empty();
    }
    Optional<BusPlace> place = Optional.empty();
    for (String choice : text.split("\\|")) {
      if (choice.isBlank()) {
        continue;
      }
      Optional<BusPlace> one = single(choice.strip());
      if (one.isEmpty() || place.isPresent() && !place.equals(one)) {
        return Optional.empty();
      }
      place = one;
    }
    return place;
  }

  private static Optional<BusPlace> single(String text) {
    Matcher xen = XEN.matcher(text);
    if (xen.matches()) {
      return Optional.of(new BusPlace(Bus.XEN, List.of(Integer.parseInt(xen.group(1)))));
    }
    Optional<BusPlace> named = ofName(text);
    return named.isPresent() ? named : pci(text);
  }

  /** The last PCI address of a path: the device itself, behind all bridges. */
  private static Optional<BusPlace> pci(String text) {
    Matcher matcher = PCI.matcher(text);
    Optional<BusPlace> last = Optional.empty();
    while (matcher.find()) {
      List<Integer> numbers = new ArrayList<>();
      String domain = matcher.group(1);
      boolean open = domain == null || domain.charAt(0) == '*' || domain.charAt(0) == '?';
      numbers.add(open ? 0 : Integer.parseInt(domain, 16));
      for (int group = 2; group <= 4 && matcher.group(group) != null; group++) {
        numbers.add(Integer.parseInt(matcher.group(group), 16));
      }
      // The host bridge at the head of a path, pci0000:00, is no place of a card.
      if (!text.startsWith("pci" + matcher.group(), Math.max(0, matcher.start() - 3))) {
        last = Optional.of(new BusPlace(Bus.PCI, numbers));
      }
    }
    return last;
  }

  /** The place that a name made by udev or biosdevname stands for. */
  public static Optional<BusPlace> ofName(String name) {
    if (name.length() > MAX_TEXT) {
      return Optional.empty();
    }
    Matcher path = PATH_NAME.matcher(name);
    if (path.matches()) {
      return Optional.of(
          new BusPlace(
              Bus.PCI,
              List.of(number(path, 1), number(path, 2), number(path, 3), number(path, 4))));
    }
    Matcher slot = SLOT_NAME.matcher(name);
    if (slot.matches()) {
      return Optional.of(slot(number(slot, 1), number(slot, 2)));
    }
    Matcher onboard = ONBOARD_NAME.matcher(name);
    if (onboard.matches()) {
      return Optional.of(new BusPlace(Bus.ONBOARD, List.of(number(onboard, 1))));
    }
    Matcher bios = BIOS_NAME.matcher(name);
    return bios.matches()
        ? Optional.of(new BusPlace(Bus.BIOS_SLOT, List.of(number(bios, 1), number(bios, 2))))
        : Optional.empty();
  }

  /**
   * The place of a card in VMware's slot: the number modulo 32 is the device, the next five bits
   * are the bridge, the rest is the bridge's function. Empty for a bridge whose bus is not known.
   *
   * @param number {@code pciSlotNumber} of the machine's description
   */
  public static Optional<BusPlace> ofVmwareSlot(int number) {
    int device = number & 31;
    int bridge = number >> 5 & 31;
    int function = number >> 10;
    int behind = bridge - FIRST_BRIDGE_SLOT / BRIDGE_SLOTS;
    if (behind >= 0 && behind < BRIDGES && function < FUNCTIONS) {
      int bus = FIRST_BRIDGE_BUS + behind * FUNCTIONS + function;
      return Optional.of(new BusPlace(Bus.PCI, List.of(0, bus, device, 0)));
    }
    boolean plain = function == 0 && (bridge == 0 || bridge == 1);
    return plain
        ? Optional.of(new BusPlace(Bus.PCI, List.of(0, bridge * OLD_BUS, device, 0)))
        : Optional.empty();
  }

  private static BusPlace slot(int slot, int function) {
    int behind = slot - FIRST_BRIDGE_SLOT;
    if (behind >= 0 && behind < BRIDGES * BRIDGE_SLOTS && behind % BRIDGE_SLOTS < FUNCTIONS) {
      int bus = FIRST_BRIDGE_BUS + behind / BRIDGE_SLOTS * FUNCTIONS + behind % BRIDGE_SLOTS;
      return new BusPlace(Bus.PCI, List.of(0, bus, 0, function));
    }
    if (slot >= FIRST_OLD_SLOT && slot < FIRST_OLD_SLOT + BRIDGE_SLOTS) {
      return new BusPlace(Bus.PCI, List.of(0, OLD_BUS, slot - FIRST_OLD_SLOT, function));
    }
    return new BusPlace(Bus.SLOT, List.of(slot, function));
  }

  /** The name that udev gives to a card in a slot of VMware's; empty for another place. */
  Optional<String> slotName() {
    if (numbers.size() != 4 || numbers.get(3) != 0) {
      return Optional.empty();
    }
    if (behindBridge() && numbers.get(2) == 0) {
      int behind = numbers.get(1) - FIRST_BRIDGE_BUS;
      int slot = FIRST_BRIDGE_SLOT + behind / FUNCTIONS * BRIDGE_SLOTS + behind % FUNCTIONS;
      return Optional.of("ens" + slot);
    }
    return onOldBus() ? Optional.of("ens" + (FIRST_OLD_SLOT + numbers.get(2))) : Optional.empty();
  }

  private static int number(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** The place of one port of this card, from 0. */
  public BusPlace port(int port) {
    List<Integer> more = new ArrayList<>(numbers);
    more.add(port);
    return port == 0 ? this : new BusPlace(bus, more);
  }

  /**
   * Whether this place comes before (negative) or behind (positive) another one on the bus; 0 for
   * the same place. Empty when that cannot be told.
   */
  OptionalInt compare(BusPlace other) {
    if (bus != other.bus) {
      return OptionalInt.empty();
    }
    int shared = Math.min(numbers.size(), other.numbers.size());
    for (int i = 0; i < shared; i++) {
      int order = numbers.get(i).compareTo(other.numbers.get(i));
      if (order != 0) {
        return OptionalInt.of(order);
      }
    }
    boolean ports = bus == Bus.PCI && shared == 4;
    return numbers.size() == other.numbers.size() || ports
        ? OptionalInt.of(Integer.compare(numbers.size(), other.numbers.size()))
        : OptionalInt.empty();
  }

  /** Whether both are known to be one place. */
  boolean isSame(BusPlace other) {
    return compare(other).equals(OptionalInt.of(0));
  }

  /** Whether a port of VMware's bridges to PCI Express holds the card. */
  boolean behindBridge() {
    return onBus(FIRST_BRIDGE_BUS, FIRST_BRIDGE_BUS + BRIDGES * FUNCTIONS - 1);
  }

  /** Whether it is VMware's bus of older kinds of cards. */
  boolean onOldBus() {
    return onBus(OLD_BUS, OLD_BUS);
  }

  private boolean onBus(int first, int last) {
    return bus == Bus.PCI
        && numbers.size() > 1
        && numbers.get(0) == 0
        && numbers.get(1) >= first
        && numbers.get(1) <= last;
  }

  /**
   * In which round VMware gave the place out: it fills the first function of each bridge, then the
   * second one of each. Only for a place {@link #behindBridge}.
   */
  int round() {
    return (numbers.get(1) - FIRST_BRIDGE_BUS) % FUNCTIONS;
  }

  /** As {@code lspci} writes it, for a PCI address. */
  @Override
  public String toString() {
    if (bus != Bus.PCI) {
      return bus.name().toLowerCase(java.util.Locale.ROOT) + " " + numbers;
    }
    StringBuilder text = new StringBuilder("%04x:%02x".formatted(numbers.get(0), second()));
    if (numbers.size() > 2) {
      text.append(":%02x".formatted(numbers.get(2)));
    }
    if (numbers.size() > 3) {
      text.append(".").append(numbers.get(3));
    }
    return numbers.size() > 4 ? text + " port " + numbers.get(4) : text.toString();
  }

  private int second() {
    return numbers.size() > 1 ? numbers.get(1) : 0;
  }
}
