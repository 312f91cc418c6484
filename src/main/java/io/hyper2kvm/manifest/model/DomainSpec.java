package io.hyper2kvm.manifest.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is asked for in a VM's libvirt domain or its like; what is left out follows from what is
 * known of the guest.
 *
 * @param diskBus how the disks are attached
 * @param networkModel the model of the network cards
 * @param networks what the cards are connected to, by the name of the network that they were
 *     connected to; {@link #EVERY_OTHER} stands for all other cards
 * @param cpu {@code host-passthrough}, {@code host-model}, {@code maximum}, or the name of one of
 *     libvirt's processor models
 * @param kubevirt what is asked for in a VM of KubeVirt's alone
 */
public record DomainSpec(
    Optional<DiskBus> diskBus,
    Optional<CardModel> networkModel,
    Map<String, DomainNetwork> networks,
    Optional<String> cpu,
    KubevirtSpec kubevirt) {

  /** Nothing is asked for. */
  public static final DomainSpec NOTHING =
      new DomainSpec(Optional.empty(), Optional.empty(), Map.of(), Optional.empty());

  /** The name of networks that have no entry of their own. */
  public static final String EVERY_OTHER = "*";

  /** As many networks as may be named. */
  public static final int MOST_NETWORKS = 64;

  /** The longest name of a network, in characters. */
  public static final int LONGEST_NETWORK = 255;

  public static final String CPU_PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  private static final Pattern CPU = Pattern.compile(CPU_PATTERN);

  public DomainSpec {
    Objects.requireNonNull(diskBus, "diskBus");
    Objects.requireNonNull(networkModel, "networkModel");
    Objects.requireNonNull(cpu, "cpu");
    Objects.requireNonNull(kubevirt, "kubevirt");
    networks = Collections.unmodifiableMap(new LinkedHashMap<>(networks));
    if (networks.keySet().stream().anyMatch(name -> !isNetworkName(name))) {
      throw new IllegalArgumentException("not the name of a network");
    }
    cpu.ifPresent(
        name -> {
          if (!isCpu(name)) {
            throw new IllegalArgumentException("not the name of a processor: " + name);
          }
        });
  }

  /** Of which nothing is for KubeVirt alone. */
  public DomainSpec(
      Optional<DiskBus> diskBus,
      Optional<CardModel> networkModel,
      Map<String, DomainNetwork> networks,
      Optional<String> cpu) {
    this(diskBus, networkModel, networks, cpu, KubevirtSpec.NOTHING);
  }

  /** Whether a network can have this name in a machine's description. */
  public static boolean isNetworkName(String name) {
    return !name.isBlank()
        && name.length() <= LONGEST_NETWORK
        && name.chars().noneMatch(Character::isISOControl);
  }

  /** Whether a processor's model can have this name. */
  public static boolean isCpu(String name) {
    return CPU.matcher(name).matches();
  }

  /** The same, with what is left out here taken from other words; networks are taken by name. */
  public DomainSpec over(DomainSpec under) {
    Map<String, DomainNetwork> all = new LinkedHashMap<>(under.networks);
    all.putAll(networks);
    return new DomainSpec(
        diskBus.or(() -> under.diskBus),
        networkModel.or(() -> under.networkModel),
        all,
        cpu.or(() -> under.cpu),
        kubevirt.over(under.kubevirt));
  }

  /**
   * What a card is connected to; empty when nothing is asked for it.
   *
   * @param network the network that it was connected to; may be empty
   */
  public Optional<DomainNetwork> networkOf(String network) {
    return Optional.ofNullable(networks.get(network))
        .or(() -> Optional.ofNullable(networks.get(EVERY_OTHER)));
  }

  /**
   * Whether something is asked for the cards of a network on a target.
   *
   * @param network the network that they were connected to; may be empty
   */
  public boolean isMapped(String network, DomainTarget target) {
    return target == DomainTarget.KUBEVIRT
        ? kubevirt.networkOf(network).isPresent()
        : networkOf(network).isPresent();
  }
}
