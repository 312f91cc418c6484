package io.hyper2kvm.guest.network;

import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.network.survey.Interface;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What to change in a guest so that its network comes up on virtio cards, and what was found.
 *
 * @param edits files to write or remove, by path, and what was found; no file when something
 *     failed, because a network that is half changed is worse than one that is not
 * @param interfaces the configured interfaces: cards first, in the order of the machine's cards,
 *     then what is built on them
 * @param configuredBy the configuration systems found: {@code ifupdown}, {@code netplan}, {@code
 *     systemd-networkd}, {@code NetworkManager}, {@code ifcfg}, {@code wicked}
 */
public record NetworkPlan(EditPlan edits, List<Interface> interfaces, Set<String> configuredBy) {

  /** A plan that changes nothing. */
  public static final NetworkPlan NOTHING = new NetworkPlan(EditPlan.NOTHING, List.of(), Set.of());

  /** Copies the interfaces and the names. */
  public NetworkPlan {
    Objects.requireNonNull(edits, "edits");
    interfaces = List.copyOf(interfaces);
    configuredBy = Collections.unmodifiableSet(new TreeSet<>(configuredBy));
  }
}
