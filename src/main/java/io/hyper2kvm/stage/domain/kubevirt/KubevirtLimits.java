package io.hyper2kvm.stage.domain.kubevirt;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.ClusterNetwork;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.KubernetesName;
import io.hyper2kvm.stage.domain.DomainHardware;
import io.hyper2kvm.stage.machine.NetworkCard;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of a machine KubeVirt cannot have, and what it has in another way than libvirt. */
public final class KubevirtLimits {

  private KubevirtLimits() {}

  /** Why KubeVirt can have no such machine. */
  public static Optional<String> obstacle(DomainHardware hardware) {
    if (hardware.devices().diskBus() == DiskBus.IDE) {
      return Optional.of(
          "its disks would be on ide, which KubeVirt has not; set convert.domain.disk_bus to sata");
    }
    if (hardware.devices().networkModel() == CardModel.VMXNET3) {
      return Optional.of(
          "its cards would be vmxnet3, which KubeVirt has not; set convert.domain.network_model to e1000e");
    }
    if (hardware.devices().wanted().cpu().filter("maximum"::equals).isPresent()) {
      return Optional.of(
          "its processor would be maximum, which KubeVirt has not; set convert.domain.cpu to host-passthrough or host-model");
    }
    List<String> pod = onPod(hardware);
    return pod.size() > 1
        ? Optional.of(
            "%s would be on the network of the VM's pod, which takes one; name networks of Multus's for the others in convert.networks"
                .formatted(String.join(" and ", pod)))
        : Optional.empty();
  }

  private static List<String> onPod(DomainHardware hardware) {
    DomainSpec wanted = hardware.devices().wanted();
    List<String> pod = new ArrayList<>();
    for (int i = 0; i < hardware.cards().size(); i++) {
      NetworkCard card = hardware.cards().get(i);
      if (KubevirtVm.networkOf(card, wanted).kind() == ClusterNetwork.Kind.POD) {
        pod.add(shown(i, card));
      }
    }
    return pod;
  }

  private static String shown(int index, NetworkCard card) {
    return card.network().isEmpty()
        ? "card %d".formatted(index + 1)
        : "card %d (\"%s\")".formatted(index + 1, Printable.guestLine(card.network()));
  }

  /** What an operator should know of the VM, in no order. */
  public static List<String> warnings(String vm, DomainHardware hardware) {
    List<String> warnings = new ArrayList<>();
    String name = KubernetesName.of(vm);
    if (!name.equals(vm)) {
      warnings.add(
          "in KubeVirt the VM is called %s: a name there has small letters, digits and hyphens, and at most %d of them"
              .formatted(name, KubernetesName.LONGEST));
    }
    DomainSpec wanted = hardware.devices().wanted();
    for (int i = 0; i < hardware.cards().size(); i++) {
      NetworkCard card = hardware.cards().get(i);
      if (wanted.kubevirt().networkOf(card.network()).isEmpty()) {
        warnings.add(
            "%s is on the network of the VM's pod, which gives the guest its address by DHCP: a static address in the guest does not answer there; name a network of Multus's in convert.networks to keep it"
                .formatted(shown(i, card)));
      }
    }
    if (hardware.system().isWindows()) {
      warnings.add(
          "in KubeVirt the machine's clock shows UTC, and Windows takes it for the local time until it asks a time server; set clock.timezone in the VirtualMachine for the local time");
    }
    return warnings;
  }
}
