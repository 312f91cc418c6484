package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.distribution.Release;
import io.hyper2kvm.guest.network.NetworkFix;
import io.hyper2kvm.guest.network.NetworkPlan;
import io.hyper2kvm.guest.network.survey.BusPlace;
import io.hyper2kvm.guest.network.survey.CardNaming;
import io.hyper2kvm.guest.network.survey.GuestTraits;
import io.hyper2kvm.guest.network.survey.InterfaceName;
import io.hyper2kvm.guest.network.survey.Level;
import io.hyper2kvm.guest.network.survey.MachineCards;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.NetworkCard;

/** How a guest's network is configured, and what would keep it so on virtio cards. */
public final class GuestNetwork {

  private GuestNetwork() {}

  /**
   * What the network fix of that level would do; also tells how the network is configured.
   *
   * @param machine the machine as LOAD knew it, without what the guest tells of its cards
   */
  public static NetworkPlan plan(GuestFacts guest, Level level, MachineDescription machine) {
    Release release = Release.of(guest.release());
    CardNaming naming = CardNaming.of(guest.texts(), guest.systemd(), release);
    return new NetworkFix()
        .plan(guest.texts(), level, GuestTraits.of(guest.texts(), naming, cards(machine), release));
  }

  private static MachineCards cards(MachineDescription machine) {
    if (!machine.described() && machine.cards().isEmpty()) {
      return MachineCards.UNKNOWN;
    }
    return new MachineCards(true, machine.cards().stream().map(GuestNetwork::card).toList());
  }

  private static MachineCards.Card card(NetworkCard card) {
    return new MachineCards.Card(
        card.name().filter(InterfaceName::safe),
        card.mac(),
        card.connected(),
        card.slot().stream().boxed().flatMap(n -> BusPlace.ofVmwareSlot(n).stream()).findFirst(),
        card.model());
  }
}
