package io.hyper2kvm.stage.domain.kubevirt;

import io.hyper2kvm.manifest.model.ClusterNetwork;
import io.hyper2kvm.manifest.model.VolumeKind;
import io.hyper2kvm.stage.domain.DomainCard;
import io.hyper2kvm.stage.domain.DomainDefinition;
import io.hyper2kvm.stage.domain.DomainDisk;
import io.hyper2kvm.stage.machine.MachineDisk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects of a VM in Kubernetes, after the API of KubeVirt (kubevirt.io/v1) and of CDI
 * (cdi.kubevirt.io/v1beta1). What KubeVirt chooses well by itself is left out: the serial console,
 * the screen, the channel of the guest agent and the balloon.
 */
public final class KubevirtObjects {

  /** A guest has so long to shut down, in seconds, before it is switched off. */
  private static final int GRACE_SECONDS = 180;

  private static final int SPINLOCK_RETRIES = 8191;

  private final KubevirtVm vm;
  private final DomainDefinition domain;

  private KubevirtObjects(KubevirtVm vm) {
    this.vm = vm;
    this.domain = vm.domain();
  }

  /** The objects in the order in which they are to be made: the volumes, if any, then the VM. */
  public static List<Map<String, Object>> of(KubevirtVm vm) {
    KubevirtObjects objects = new KubevirtObjects(vm);
    List<Map<String, Object>> all = new ArrayList<>();
    if (vm.storage() == VolumeKind.DATA_VOLUME) {
      for (int disk = 0; disk < vm.volumeSizes().size(); disk++) {
        all.add(objects.dataVolume(disk));
      }
    }
    all.add(objects.virtualMachine());
    return all;
  }

  private Map<String, Object> dataVolume(int disk) {
    return map(
        "apiVersion",
        "cdi.kubevirt.io/v1beta1",
        "kind",
        "DataVolume",
        "metadata",
        map(
            "name",
            vm.volume(disk),
            "annotations",
            // Without it a storage class that waits for a consumer never gets to the upload.
            map("cdi.kubevirt.io/storage.bind.immediate.requested", "true")),
        "spec",
        map(
            "source",
            map("upload", map()),
            "storage",
            map(
                "resources",
                map("requests", map("storage", VolumeSize.text(vm.volumeSizes().get(disk)))))));
  }

  private Map<String, Object> virtualMachine() {
    Map<String, Object> instance = map("domain", domain());
    instance.put("terminationGracePeriodSeconds", GRACE_SECONDS);
    if (!domain.cards().isEmpty()) {
      instance.put("networks", networks());
    }
    instance.put("volumes", volumes());
    return map(
        "apiVersion",
        "kubevirt.io/v1",
        "kind",
        "VirtualMachine",
        "metadata",
        map("name", vm.name()),
        "spec",
        map(
            "runStrategy",
            "Halted",
            "template",
            map("metadata", map("labels", map("kubevirt.io/vm", vm.name())), "spec", instance)));
  }

  private Map<String, Object> domain() {
    Map<String, Object> cpu =
        map(
            "sockets",
            domain.vcpus() / domain.coresPerSocket(),
            "cores",
            domain.coresPerSocket(),
            "threads",
            1);
    vm.cpu().ifPresent(model -> cpu.put("model", model));
    return map(
        "machine",
        map("type", "q35"),
        "cpu",
        cpu,
        "memory",
        map("guest", domain.memoryMib() + "Mi"),
        "firmware",
        map("bootloader", bootloader()),
        "features",
        features(),
        "clock",
        clock(),
        "devices",
        devices());
  }

  private Map<String, Object> bootloader() {
    return domain.uefi() ? map("efi", map("secureBoot", domain.secureBoot())) : map("bios", map());
  }

  private Map<String, Object> features() {
    // ACPI is there by default only where no feature is named.
    Map<String, Object> features = map("acpi", map(), "apic", map());
    if (domain.secureBoot()) {
      features.put("smm", map("enabled", true));
    }
    if (domain.system().isWindows()) {
      features.put(
          "hyperv",
          map(
              "relaxed",
              map(),
              "vapic",
              map(),
              "spinlocks",
              map("spinlocks", SPINLOCK_RETRIES),
              "vpindex",
              map(),
              "runtime",
              map(),
              "synic",
              map(),
              "synictimer",
              map(),
              "frequencies",
              map()));
    }
    return features;
  }

  private Map<String, Object> clock() {
    Map<String, Object> clock = map("utc", map());
    if (domain.system().isWindows()) {
      clock.put(
          "timer",
          map(
              "rtc",
              map("tickPolicy", "catchup"),
              "pit",
              map("tickPolicy", "delay"),
              "hpet",
              map("present", false),
              "hyperv",
              map()));
    }
    return clock;
  }

  private Map<String, Object> devices() {
    Map<String, Object> devices = map("disks", disks());
    if (domain.cards().isEmpty()) {
      // KubeVirt would add one.
      devices.put("autoattachPodInterface", false);
    } else {
      devices.put("interfaces", interfaces());
    }
    devices.put("inputs", List.of(map("name", "tablet", "type", "tablet", "bus", "usb")));
    devices.put("rng", map());
    if (domain.hasTpm()) {
      // Its contents are lost at each stop otherwise.
      devices.put("tpm", map("persistent", true));
    }
    return devices;
  }

  private List<Object> disks() {
    List<Object> disks = new ArrayList<>();
    for (DomainDisk disk : domain.disks()) {
      int index = disks.size();
      Map<String, Object> json =
          map(
              "name",
              diskName(index),
              "bootOrder",
              domain.bootOrder(index),
              "disk",
              map("bus", domain.diskBus().text()));
      if (disk.sectorSize() != MachineDisk.USUAL_SECTOR) {
        json.put(
            "blockSize",
            map("custom", map("logical", disk.sectorSize(), "physical", disk.sectorSize())));
      }
      disks.add(json);
    }
    return disks;
  }

  private List<Object> volumes() {
    List<Object> volumes = new ArrayList<>();
    for (int disk = 0; disk < vm.volumeSizes().size(); disk++) {
      Map<String, Object> volume = map("name", diskName(disk));
      if (vm.storage() == VolumeKind.DATA_VOLUME) {
        volume.put("dataVolume", map("name", vm.volume(disk)));
      } else {
        volume.put("persistentVolumeClaim", map("claimName", vm.volume(disk)));
      }
      volumes.add(volume);
    }
    return volumes;
  }

  private List<Object> interfaces() {
    List<Object> interfaces = new ArrayList<>();
    for (DomainCard card : domain.cards()) {
      int index = interfaces.size();
      ClusterNetwork network = vm.networks().get(index);
      Map<String, Object> json = map("name", cardName(index), "model", domain.cardModel().text());
      card.mac().ifPresent(mac -> json.put("macAddress", mac));
      boolean masquerade =
          network.kind() == ClusterNetwork.Kind.POD
              && network.name().equals(ClusterNetwork.MASQUERADE);
      json.put(masquerade ? "masquerade" : "bridge", map());
      if (!card.connected()) {
        json.put("state", "down");
      }
      interfaces.add(json);
    }
    return interfaces;
  }

  private List<Object> networks() {
    List<Object> networks = new ArrayList<>();
    for (ClusterNetwork network : vm.networks()) {
      Map<String, Object> json = map("name", cardName(networks.size()));
      if (network.kind() == ClusterNetwork.Kind.MULTUS) {
        json.put("multus", map("networkName", network.name()));
      } else {
        json.put("pod", map());
      }
      networks.add(json);
    }
    return networks;
  }

  private static String diskName(int index) {
    return "disk" + (index + 1);
  }

  private static String cardName(int index) {
    return "nic" + (index + 1);
  }

  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
