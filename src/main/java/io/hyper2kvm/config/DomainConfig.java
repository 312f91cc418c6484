package io.hyper2kvm.config;

import io.hyper2kvm.config.ConfigKey.Group;
import io.hyper2kvm.config.value.NetworkMapping;
import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.ClusterNetwork;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainNetwork;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.KubevirtSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What libvirt domains, and VMs of KubeVirt's, get where a manifest says nothing.
 *
 * @param diskBus how the disks are attached; empty: as the guest's drivers allow
 * @param networkModel the model of the network cards; empty: as the guest's drivers allow
 * @param networks what the cards are connected to
 * @param cpu the processor, as {@link DomainSpec} has it
 */
public record DomainConfig(
    Optional<DiskBus> diskBus,
    Optional<CardModel> networkModel,
    List<NetworkMapping> networks,
    Optional<String> cpu) {

  public static final ConfigKey<DiskBus> DOMAIN_DISK_BUS =
      ConfigKey.of(
          Group.DOMAIN,
          "domain_disk_bus",
          ValueSyntax.choice("BUS", DiskBus.class),
          "How disks are attached; without it, as the guest's drivers allow");
  public static final ConfigKey<CardModel> DOMAIN_NETWORK_MODEL =
      ConfigKey.of(
          Group.DOMAIN,
          "domain_network_model",
          ValueSyntax.choice("MODEL", CardModel.class),
          "Model of network cards; without it, as the guest's drivers allow");
  public static final ConfigKey<NetworkMapping> DOMAIN_NETWORKS =
      ConfigKey.of(
              Group.DOMAIN,
              "domain_networks",
              ValueSyntax.network(),
              "What the cards of a source's network are connected to")
          .asList();
  public static final ConfigKey<String> DOMAIN_CPU =
      ConfigKey.of(
          Group.DOMAIN,
          "domain_cpu",
          ValueSyntax.cpu(),
          "Processor of the domains; without it, host-passthrough");

  public DomainConfig {
    networks = List.copyOf(networks);
  }

  static DomainConfig of(Values values) {
    return new DomainConfig(
        values.find(DOMAIN_DISK_BUS),
        values.find(DOMAIN_NETWORK_MODEL),
        values.list(DOMAIN_NETWORKS),
        values.find(DOMAIN_CPU));
  }

  /** The same in the words of a manifest. */
  public DomainSpec spec() {
    Map<String, DomainNetwork> byName = new LinkedHashMap<>();
    Map<String, ClusterNetwork> clusterByName = new LinkedHashMap<>();
    for (NetworkMapping mapping : networks) {
      mapping.network().ifPresent(network -> byName.put(mapping.name(), network));
      mapping.cluster().ifPresent(network -> clusterByName.put(mapping.name(), network));
    }
    return new DomainSpec(
        diskBus, networkModel, byName, cpu, new KubevirtSpec(clusterByName, Optional.empty()));
  }
}
