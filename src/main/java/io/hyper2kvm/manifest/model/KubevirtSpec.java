package io.hyper2kvm.manifest.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is asked for in a VM of KubeVirt's alone.
 *
 * @param networks what the cards are connected to, by the name of the network that they were
 *     connected to, as in {@link DomainSpec#networks}
 * @param storage by what it gets its volumes
 */
public record KubevirtSpec(Map<String, ClusterNetwork> networks, Optional<VolumeKind> storage) {

  /** Nothing is asked for. */
  public static final KubevirtSpec NOTHING = new KubevirtSpec(Map.of(), Optional.empty());

  public KubevirtSpec {
    networks = Collections.unmodifiableMap(new LinkedHashMap<>(networks));
    Objects.requireNonNull(storage, "storage");
  }

  /** The same, with what is left out here taken from other words; networks are taken by name. */
  KubevirtSpec over(KubevirtSpec under) {
    Map<String, ClusterNetwork> all = new LinkedHashMap<>(under.networks);
    all.putAll(networks);
    return new KubevirtSpec(all, storage.or(() -> under.storage));
  }

  /**
   * What a card is connected to; empty when nothing is asked for it.
   *
   * @param network the network that it was connected to; may be empty
   */
  public Optional<ClusterNetwork> networkOf(String network) {
    return Optional.ofNullable(networks.get(network))
        .or(() -> Optional.ofNullable(networks.get(DomainSpec.EVERY_OTHER)));
  }
}
