package io.hyper2kvm.image.ova.ovf;

import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** The network cards of the hardware. */
final class OvfCards {

  private static final int DIGITS = 12;

  private final XmlElement system;
  private final List<XmlElement> items;
  private final List<String> warnings;
  private final String where;

  OvfCards(XmlElement system, List<XmlElement> items, List<String> warnings, String where) {
    this.system = system;
    this.items = items;
    this.warnings = warnings;
    this.where = where;
  }

  List<OvfCard> read() {
    List<XmlElement> cards =
        items.stream().filter(item -> OvfItems.type(item) == OvfItems.ETHERNET).toList();
    List<String> virtualBox = virtualBoxAddresses();
    List<OvfCard> found = new ArrayList<>();
    for (int i = 0; i < cards.size(); i++) {
      XmlElement card = cards.get(i);
      Optional<String> mac = mac(card);
      // VirtualBox has them only in its own section, where the cards stand in the same order.
      if (mac.isEmpty() && virtualBox.size() == cards.size()) {
        mac = normal(virtualBox.get(i));
      }
      found.add(
          new OvfCard(
              mac,
              Printable.of(card.textOf("ResourceSubType").orElse("")),
              Printable.of(card.textOf("Connection").orElse("")),
              place(card),
              card.textOf("AutomaticAllocation").map(OvfItems::isTrue).orElse(true),
              OvfPlaces.slot(card)));
    }
    return inOrder(found);
  }

  /** The machine's order is that of the places; the lines may stand in another one. */
  private List<OvfCard> inOrder(List<OvfCard> found) {
    boolean everyPlace = found.stream().allMatch(card -> card.address().isPresent());
    if (!everyPlace) {
      if (found.stream().anyMatch(card -> card.address().isPresent())) {
        warnings.add(
            "%s: not every network card has a number as its AddressOnParent; they are taken in the order of their lines"
                .formatted(where));
      }
      return found;
    }
    List<OvfCard> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparingInt(card -> card.address().getAsInt()));
    long places = found.stream().mapToInt(card -> card.address().getAsInt()).distinct().count();
    if (places < found.size()) {
      warnings.add(
          "%s: two network cards have the same AddressOnParent; they are taken in the order of their lines"
              .formatted(where));
    }
    return sorted;
  }

  private Optional<String> mac(XmlElement card) {
    Optional<String> written = card.textOf("MACAddress").or(() -> card.textOf("Address"));
    Optional<String> mac = written.flatMap(OvfCards::normal);
    if (written.isPresent() && mac.isEmpty()) {
      warnings.add(
          "%s, line %d: \"%s\" is no MAC address"
              .formatted(where, card.line(), Printable.of(written.get())));
    }
    return mac;
  }

  /** Six bytes with colons; empty for what is no address of one card. */
  private static Optional<String> normal(String mac) {
    String digits = mac.replaceAll("[:.-]", "").toLowerCase(Locale.ROOT);
    boolean one =
        digits.matches("[0-9a-f]{12}")
            && !digits.equals("000000000000")
            && (Character.digit(digits.charAt(1), 16) & 1) == 0;
    if (!one) {
      return Optional.empty();
    }
    List<String> bytes = new ArrayList<>();
    for (int i = 0; i < DIGITS; i += 2) {
      bytes.add(digits.substring(i, i + 2));
    }
    return Optional.of(String.join(":", bytes));
  }

  private List<String> virtualBoxAddresses() {
    return system.child("Machine").stream()
        .flatMap(machine -> machine.children("Hardware"))
        .flatMap(hardware -> hardware.children("Network"))
        .flatMap(network -> network.children("Adapter"))
        .filter(adapter -> adapter.attribute("enabled").filter(OvfItems::isTrue).isPresent())
        .map(adapter -> adapter.attribute("MACAddress").orElse(""))
        .toList();
  }

  private static OptionalInt place(XmlElement card) {
    return card.textOf("AddressOnParent")
        .filter(text -> text.matches("\\d{1,6}"))
        .map(text -> OptionalInt.of(Integer.parseInt(text)))
        .orElse(OptionalInt.empty());
  }
}
