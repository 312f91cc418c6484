package io.hyper2kvm.guest.network;

/** Plans how a Linux guest keeps its interface names and addresses on virtio network cards. */
public final class NetworkFix {

  /** The plan for a guest with systemd, with {@code udevNamesByDefault} unless net.ifnames=0. */
  public NetworkPlan plan(GuestFiles files, Level level, boolean udevNamesByDefault) {
    return plan(files, level, new GuestTraits(true, udevNamesByDefault));
  }

  /** The plan; reads nothing but its arguments and never throws for any text. */
  public NetworkPlan plan(GuestFiles files, Level level, GuestTraits traits) {
    return NetworkPlan.nothing();
  }
}
