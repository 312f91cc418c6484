package io.hyper2kvm.stage.domain.kubevirt;

import io.hyper2kvm.manifest.model.ClusterNetwork;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.KubernetesName;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.manifest.model.VolumeKind;
import io.hyper2kvm.stage.domain.DomainDefinition;
import io.hyper2kvm.stage.domain.DomainHardware;
import io.hyper2kvm.stage.machine.NetworkCard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A VM of KubeVirt's, with a volume for each of its disks.
 *
 * @param domain the machine as libvirt would have it; its networks and its processor are others
 *     here
 * @param networks what each card is connected to, in the order of the domain's cards
 * @param cpu the model of its processor; empty: what the cluster gives
 * @param volumeSizes what is requested for each volume, in bytes, in the order of the domain's
 *     disks
 * @param storage by what it gets its volumes
 */
public record KubevirtVm(
    DomainDefinition domain,
    List<ClusterNetwork> networks,
    Optional<String> cpu,
    List<Long> volumeSizes,
    VolumeKind storage) {

  public KubevirtVm {
    networks = List.copyOf(networks);
    volumeSizes = List.copyOf(volumeSizes);
    Objects.requireNonNull(cpu, "cpu");
    Objects.requireNonNull(storage, "storage");
    if (networks.size() != domain.cards().size()) {
      throw new IllegalArgumentException(
          "%d networks for %d cards".formatted(networks.size(), domain.cards().size()));
    }
    if (volumeSizes.size() != domain.disks().size()) {
      throw new IllegalArgumentException(
          "%d volumes for %d disks".formatted(volumeSizes.size(), domain.disks().size()));
    }
  }

  /**
   * A VM with this hardware and these disks.
   *
   * @param vm its name in the manifest
   * @param virtualSizes of the outputs, in bytes, in their order
   */
  public static KubevirtVm of(
      String vm,
      DomainHardware hardware,
      List<Path> outputs,
      OutputFormat format,
      List<Long> virtualSizes) {
    DomainSpec wanted = hardware.devices().wanted();
    VolumeKind storage = wanted.kubevirt().storage().orElse(VolumeKind.DATA_VOLUME);
    return new KubevirtVm(
        hardware.definition(vm, outputs, format),
        hardware.cards().stream().map(card -> networkOf(card, wanted)).toList(),
        wanted.cpu(),
        virtualSizes.stream().map(size -> VolumeSize.of(size, storage)).toList(),
        storage);
  }

  static ClusterNetwork networkOf(NetworkCard card, DomainSpec wanted) {
    return wanted.kubevirt().networkOf(card.network()).orElse(ClusterNetwork.DEFAULT);
  }

  /** Its name in Kubernetes. */
  String name() {
    return KubernetesName.of(domain.name());
  }

  /** The name of a disk's volume in Kubernetes. */
  String volume(int disk) {
    return KubernetesName.ofDisk(domain.name(), disk);
  }

  /**
   * What the report of CONVERT says of it.
   *
   * @param hardware what it was made of
   */
  public Map<String, Object> json(Path path, DomainHardware hardware) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("path", path.toString());
    json.put("name", name());
    json.put("storage", storage.text());
    List<Map<String, Object>> volumes = new ArrayList<>();
    for (int disk = 0; disk < volumeSizes.size(); disk++) {
      volumes.add(Map.of("name", volume(disk), "size_bytes", volumeSizes.get(disk)));
    }
    json.put("volumes", volumes);
    hardware.addTo(json, card -> json(card, networkOf(card, hardware.devices().wanted())));
    return json;
  }

  private static Map<String, Object> json(NetworkCard card, ClusterNetwork network) {
    Map<String, Object> json = new LinkedHashMap<>();
    card.mac().ifPresent(mac -> json.put("mac", mac));
    json.put(network.kind().text(), network.name());
    return json;
  }
}
