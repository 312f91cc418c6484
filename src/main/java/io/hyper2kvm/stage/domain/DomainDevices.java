package io.hyper2kvm.stage.domain;

import io.hyper2kvm.manifest.model.CardModel;
import io.hyper2kvm.manifest.model.DiskBus;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.stage.machine.MachineDisk;
import io.hyper2kvm.stage.machine.VirtioProof;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The disk bus and the card model of a VM: what was asked for, else virtio where the guest was seen
 * to have the drivers, else what every guest of the last fifteen years knows.
 *
 * @param wanted what was asked for
 * @param proof which virtio drivers the guest was seen to have
 */
public record DomainDevices(DomainSpec wanted, VirtioProof proof) {

  private static final int MOST_IDE_DISKS = 4;

  public DomainDevices {
    Objects.requireNonNull(wanted, "wanted");
    Objects.requireNonNull(proof, "proof");
  }

  /** How the disks are attached. */
  public DiskBus diskBus() {
    return wanted.diskBus().orElse(proof.disk().proven() ? DiskBus.VIRTIO : DiskBus.SATA);
  }

  /** The model of the network cards. */
  public CardModel networkModel() {
    return wanted
        .networkModel()
        .orElse(proof.card().proven() ? CardModel.VIRTIO : CardModel.E1000E);
  }

  /**
   * Why QEMU can have no such machine.
   *
   * @param sectorSizes of the disks, in bytes
   */
  public Optional<String> obstacle(List<Integer> sectorSizes, boolean secureBoot) {
    DiskBus bus = diskBus();
    int large =
        sectorSizes.indexOf(
            sectorSizes.stream()
                .filter(size -> size != MachineDisk.USUAL_SECTOR)
                .findFirst()
                .orElse(0));
    if (large >= 0 && !bus.isVirtio()) {
      return Optional.of(
          "disk %d has sectors of %d bytes, which a disk on %s cannot have; %s"
              .formatted(
                  large + 1,
                  sectorSizes.get(large),
                  bus.text(),
                  wanted.diskBus().isPresent()
                      ? "convert.domain.disk_bus can be virtio or scsi"
                      : "virtio is not taken: " + proof.disk().reason()));
    }
    if (bus == DiskBus.IDE && sectorSizes.size() > MOST_IDE_DISKS) {
      return Optional.of(
          "there are %d disks, and ide takes %d".formatted(sectorSizes.size(), MOST_IDE_DISKS));
    }
    if (bus == DiskBus.IDE && secureBoot) {
      return Optional.of("the machine has Secure Boot, which a machine with ide cannot have");
    }
    return Optional.empty();
  }

  /** What an operator should know of the choice, in no order. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>(virtioWarnings());
    // What is not known of the disks on virtio is not known of others either, and is told already.
    if (diskBus() == DiskBus.SATA
        && !proof.sata().proven()
        && !proof.sata().reason().isEmpty()
        && !proof.sata().reason().equals(proof.disk().reason())) {
      warnings.add(
          "the guest may not start with sata disks: %s; ask for fix.initramfs with fix.fstab and fix.grub, or of a Windows for fix.windows, so that it can have virtio disks"
              .formatted(proof.sata().reason()));
    }
    return warnings;
  }

  private List<String> virtioWarnings() {
    List<String> warnings = new ArrayList<>();
    boolean sata = wanted.diskBus().isEmpty() && !proof.disk().proven();
    boolean intel = wanted.networkModel().isEmpty() && !proof.card().proven();
    if (sata && intel && proof.disk().reason().equals(proof.card().reason())) {
      warnings.add(
          "the VM gets sata disks and e1000e cards instead of virtio: %s; set convert.domain.disk_bus and network_model for others"
              .formatted(proof.disk().reason()));
      return warnings;
    }
    if (sata) {
      warnings.add(
          "the VM gets sata disks instead of virtio: %s; set convert.domain.disk_bus for others"
              .formatted(proof.disk().reason()));
    }
    if (intel) {
      warnings.add(
          "the VM gets e1000e cards instead of virtio: %s; set convert.domain.network_model for others"
              .formatted(proof.card().reason()));
    }
    if (wanted.diskBus().filter(DiskBus::isVirtio).isPresent() && !proof.disk().proven()) {
      warnings.add(
          "convert.domain.disk_bus is %s, and the guest may not start with it: %s"
              .formatted(diskBus().text(), proof.disk().reason()));
    }
    if (wanted.networkModel().filter(CardModel.VIRTIO::equals).isPresent()
        && !proof.card().proven()) {
      warnings.add(
          "convert.domain.network_model is virtio, and the guest may not have its driver: "
              + proof.card().reason());
    }
    return warnings;
  }

  /** What the report says of the choice. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("disk_bus", diskBus().text());
    json.put("network_model", networkModel().text());
    List<String> asked = new ArrayList<>();
    wanted.diskBus().ifPresent(bus -> asked.add("disk_bus"));
    wanted.networkModel().ifPresent(model -> asked.add("network_model"));
    json.put("asked_for", asked);
    proof.addTo(json);
    return json;
  }
}
