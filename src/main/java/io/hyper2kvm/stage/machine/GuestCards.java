package io.hyper2kvm.stage.machine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The network cards among the interfaces that a guest configures. */
public final class GuestCards {

  /** Names that only cards bear by default, in every scheme of Linux. */
  private static final Pattern CARD = Pattern.compile("(en|eth)[^.:]*");

  /** What is built on cards may have a card's address. */
  private static final Pattern BUILT =
      Pattern.compile("(br|bond|team|vlan|virbr|docker|veth|lo|tun|tap|wg).*|.*[.:].*");

  /**
   * A configured interface.
   *
   * @param mac the address that its configuration names, as it is written there; may be empty
   */
  public record Interface(String name, String mac) {}

  private GuestCards() {}

  /** Those interfaces that are cards, in their order. */
  public static List<NetworkCard> among(List<Interface> interfaces) {
    List<NetworkCard> cards = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Interface one : interfaces) {
      NetworkCard card = NetworkCard.withMac(one.mac());
      boolean ownAddress = card.mac().isPresent() && seen.add(card.mac().get());
      if (ownAddress && !BUILT.matcher(one.name()).matches()
          || card.mac().isEmpty() && CARD.matcher(one.name()).matches()) {
        cards.add(card);
      }
    }
    return cards;
  }
}
