package io.hyper2kvm.guest.network.survey;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Cards that the configuration knows by their hardware address and not by a name. */
public final class NamelessCards {
  // More in one guest is taken for a damaged configuration.
  private static final int MOST = GuestTraits.MAX_CARDS;

  private record Bound(
      String mac, String path, List<String> addresses, Optional<String> gateway, boolean comesUp) {

    Bound {
      Objects.requireNonNull(mac, "mac");
      addresses = List.copyOf(addresses);
    }
  }

  private final List<Bound> bound = new ArrayList<>();

  NamelessCards() {}

  /**
   * A file configures the card with this hardware address, whatever its name.
   *
   * @param addresses as {@link Interface} has them
   * @param comesUp whether it does so at boot
   */
  public void add(
      String mac, String path, List<String> addresses, Optional<String> gateway, boolean comesUp) {
    if (bound.size() < MOST) {
      bound.add(new Bound(mac, path, addresses, gateway, comesUp));
    }
  }

  /**
   * Gives each of them the name that another file has for its address; among several cards else the
   * name of the slot that it had in the old machine, since only a name can tell them apart.
   */
  public void name(Survey survey, GuestTraits traits) {
    if (survey.namesAreKept() && bySlot(traits) && traits.cards() > 1) {
      survey.namelessAddresses().forEach(mac -> nameBySlot(mac, survey, traits.machine()));
    }
    for (Bound card : bound) {
      Optional<String> name = survey.nameOf(card.mac);
      if (name.isPresent()) {
        if (card.comesUp) {
          survey.active(name.get(), card.path);
        }
        card.addresses.forEach(address -> survey.address(name.get(), card.path, address));
        card.gateway.ifPresent(gateway -> survey.gateway(name.get(), card.path, gateway));
      }
    }
  }

  private static boolean bySlot(GuestTraits traits) {
    boolean pinned = traits.naming() == CardNaming.LINKS || traits.naming() == CardNaming.RULES;
    return pinned && traits.predictableNames();
  }

  /**
   * Uses the names of the slots that the machine's cards had, as far as a pattern such as {@code
   * ens*} matches them: it matched them before.
   *
   * @return whether there are any, and every slot is known
   */
  public static boolean use(String pattern, String path, Survey survey, GuestTraits traits) {
    List<String> slots =
        traits.machine().cards().stream()
            .flatMap(card -> card.place().flatMap(BusPlace::slotName).stream())
            .toList();
    List<String> matched =
        slots.stream().filter(name -> InterfaceName.matches(pattern, name)).toList();
    if (!bySlot(traits) || matched.isEmpty() || slots.size() < traits.cards()) {
      return false;
    }
    matched.forEach(name -> survey.use(name, path));
    return true;
  }

  private void nameBySlot(String mac, Survey survey, MachineCards machine) {
    OptionalInt number = machine.placeOf(mac);
    if (number.isEmpty() || machine.cards().get(number.getAsInt()).name().isPresent()) {
      return;
    }
    Optional<String> name =
        machine.cards().get(number.getAsInt()).place().flatMap(BusPlace::slotName);
    Set<String> known = new TreeSet<>(survey.cards());
    if (name.isEmpty() || known.contains(name.get())) {
      return;
    }
    String path =
        bound.stream().filter(card -> card.mac.equals(mac)).map(Bound::path).findFirst().orElse("");
    survey.mac(name.get(), path, mac);
    survey
        .findings()
        .warning(
            "%sthe card %s is known by its address alone: it is pinned to %s, the name of its slot in the old machine; if it had another name there, say so in load.network_cards"
                .formatted(path.isEmpty() ? "" : path + ": ", mac, name.get()));
  }

  /** Those that no file has a name for, with an empty name. */
  public List<Interface> interfaces(Survey survey) {
    return bound.stream()
        .filter(card -> survey.nameOf(card.mac).isEmpty())
        .map(
            card ->
                new Interface("", card.path, card.addresses, card.gateway, Optional.of(card.mac)))
        .toList();
  }
}
