package io.hyper2kvm.stage.domain.kubevirt;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.ClusterNetwork;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.model.KubevirtSpec;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.manifest.model.VolumeKind;
import io.hyper2kvm.stage.domain.DomainDevices;
import io.hyper2kvm.stage.domain.DomainHardware;
import io.hyper2kvm.stage.domain.GuestSystem;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.MachineDescription.Firmware;
import io.hyper2kvm.stage.machine.MachineDisk;
import io.hyper2kvm.stage.machine.NetworkCard;
import io.hyper2kvm.stage.machine.VirtioProof;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A machine for the tests, whose parts can be changed, as a VM of KubeVirt's. */
final class Machines {

  static final long GIB = 1L << 30;

  String name = "web";
  OptionalLong memory = OptionalLong.of(3 * GIB);
  int cpus = 4;
  int cores = 2;
  Firmware firmware = Firmware.BIOS;
  boolean secureBoot;
  int bootDisk;
  List<Integer> sectors = List.of(512);
  List<NetworkCard> cards = List.of(card("lan", Optional.of("00:50:56:01:02:03"), true));
  Optional<DiskBus> bus = Optional.of(DiskBus.VIRTIO);
  Optional<CardModel> model = Optional.of(CardModel.VIRTIO);
  Map<String, ClusterNetwork> networks = new LinkedHashMap<>();
  Optional<String> cpu = Optional.empty();
  Optional<VolumeKind> storage = Optional.empty();
  GuestSystem system = GuestSystem.OTHER;

  static NetworkCard card(String network, Optional<String> mac, boolean connected) {
    return new NetworkCard(
        mac, "VmxNet3", network, OptionalInt.empty(), connected, Optional.empty());
  }

  Machines multus(String network, String name) {
    networks.put(network, new ClusterNetwork(ClusterNetwork.Kind.MULTUS, name));
    return this;
  }

  Machines pod(String network, String binding) {
    networks.put(network, new ClusterNetwork(ClusterNetwork.Kind.POD, binding));
    return this;
  }

  DomainHardware hardware() {
    List<MachineDisk> disks = sectors.stream().map(MachineDisk::anywhere).toList();
    MachineDescription machine =
        new MachineDescription(
            true,
            name,
            "vmx-19",
            "",
            memory,
            OptionalInt.of(cpus),
            OptionalInt.of(cores),
            Optional.of(firmware),
            secureBoot,
            false,
            "x86_64",
            bootDisk,
            disks,
            cards,
            List.of());
    DomainSpec wanted =
        new DomainSpec(bus, model, Map.of(), cpu, new KubevirtSpec(networks, storage));
    return DomainHardware.of(
        machine,
        new DomainDevices(wanted, VirtioProof.none("nobody looked")),
        system,
        DomainTarget.KUBEVIRT);
  }

  KubevirtVm vm() {
    return vm(sectors.stream().map(sector -> 10 * GIB).toList());
  }

  KubevirtVm vm(List<Long> sizes) {
    List<Path> outputs = new ArrayList<>();
    for (int disk = 0; disk < sizes.size(); disk++) {
      outputs.add(Path.of("/out/web-disk%d.qcow2".formatted(disk + 1)));
    }
    return KubevirtVm.of(name, hardware(), outputs, OutputFormat.QCOW2, sizes);
  }
}
