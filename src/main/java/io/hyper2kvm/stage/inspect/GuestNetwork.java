package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.network.NetworkFix;
import io.hyper2kvm.guest.network.NetworkPlan;
import io.hyper2kvm.guest.network.survey.CardNaming;
import io.hyper2kvm.guest.network.survey.GuestTraits;
import io.hyper2kvm.guest.network.survey.Level;

/** How a guest's network is configured, and what would keep it so on virtio cards. */
public final class GuestNetwork {

  private GuestNetwork() {}

  /** What the network fix of that level would do; also tells how the network is configured. */
  public static NetworkPlan plan(GuestFacts guest, Level level) {
    CardNaming naming = CardNaming.of(guest.texts(), guest.systemd(), guest.release());
    return new NetworkFix().plan(guest.texts(), level, GuestTraits.of(guest.texts(), naming));
  }
}
