package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.GrubDefaults;
import io.hyper2kvm.guest.network.NetworkFix;
import io.hyper2kvm.guest.network.NetworkPlan;
import io.hyper2kvm.guest.network.survey.GuestFiles;
import io.hyper2kvm.guest.network.survey.GuestTraits;
import io.hyper2kvm.guest.network.survey.Level;

/** How a guest's network is configured, and what would keep it so on virtio cards. */
public final class GuestNetwork {

  private GuestNetwork() {}

  /** What the network fix of that level would do; also tells how the network is configured. */
  public static NetworkPlan plan(GuestFacts guest, Level level) {
    boolean oldNames =
        guest.texts().entrySet().stream()
            .filter(
                e ->
                    GuestFilesOfInterest.GRUB_CONFIGS.contains(e.getKey())
                        || e.getKey().equals(GrubDefaults.FILE))
            .anyMatch(e -> e.getValue().contains("net.ifnames=0"));
    return new NetworkFix()
        .plan(new GuestFiles(guest.texts()), level, new GuestTraits(guest.systemd(), !oldNames));
  }
}
