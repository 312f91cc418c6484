package io.hyper2kvm.stage.load;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.NetworkCardSpec;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.NetworkCard;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The network cards that the manifest names. Plain disks come without cards, and get these. The
 * cards of an OVF or VMX stay as they are, in their order, and get the names: each entry means the
 * card with its address, or else the card of its place in the list.
 */
final class StatedCards {

  private final List<NetworkCard> cards;
  private final List<NetworkCardSpec> stated;

  private StatedCards(List<NetworkCard> cards, List<NetworkCardSpec> stated) {
    this.cards = new ArrayList<>(cards);
    this.stated = stated;
  }

  /**
   * The machine with what the manifest says of its cards.
   *
   * @throws StageFailedException when the description of the machine has other cards
   */
  static MachineDescription on(MachineDescription machine, List<NetworkCardSpec> stated) {
    if (stated.isEmpty()) {
      return machine;
    }
    if (!machine.described()) {
      return machine.withCards(
          stated.stream().map(card -> NetworkCard.any().named(card.name(), card.mac())).toList());
    }
    return machine.withCards(new StatedCards(machine.cards(), stated).merged());
  }

  private List<NetworkCard> merged() {
    Set<Integer> meant = new HashSet<>();
    for (int i = 0; i < stated.size(); i++) {
      NetworkCardSpec entry = stated.get(i);
      OptionalInt byAddress = withMac(entry.mac());
      if (byAddress.isEmpty() && stated.size() != cards.size()) {
        throw differ(
            "it has %d card(s), and entry %d (%s) does not say by its address which one it means"
                .formatted(stated.size(), i + 1, entry.mac().or(entry::name).orElseThrow()));
      }
      int place = byAddress.orElse(i);
      NetworkCard card = cards.get(place);
      if (entry.mac().isPresent() && card.mac().isPresent() && !card.mac().equals(entry.mac())) {
        throw differ("no card of the VM's description has the address " + entry.mac().get());
      }
      if (!meant.add(place)) {
        throw differ("entry %d means a card that another entry means, too".formatted(i + 1));
      }
      cards.set(place, card.named(entry.name(), entry.mac()));
    }
    return cards;
  }

  private OptionalInt withMac(Optional<String> mac) {
    for (int i = 0; i < cards.size(); i++) {
      if (mac.isPresent() && cards.get(i).mac().equals(mac)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private StageFailedException differ(String why) {
    String known =
        String.join(
            ", ", cards.stream().map(card -> card.mac().orElse("one without address")).toList());
    return StageFailedException.because(
        FailureCode.NETWORK_CARDS_DIFFER,
        "load.network_cards: %s; its cards are: %s"
            .formatted(why, known.isEmpty() ? "none" : known));
  }
}
