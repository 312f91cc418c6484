package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.network.NetworkPlan;
import io.hyper2kvm.guest.network.survey.Interface;
import io.hyper2kvm.stage.inspect.state.GuestState;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The keys of INSPECT in the report, as documented in docs/reports.md. */
final class InspectJson {

  private InspectJson() {}

  static Map<String, Object> of(InspectResult result) {
    GuestFacts guest = result.guest();
    Map<String, Object> json = new LinkedHashMap<>();
    // What a boot needs to know, and the domain, whatever is asked of the system.
    json.put("architecture", guest.architecture());
    json.put("firmware", guest.firmware());
    json.put("boot_disk", guest.bootDisk() + 1);
    if (result.named()) {
      json.put("os_detected", guest.prettyName());
      json.put("os", guest.os());
      json.put("distribution", guest.distribution());
      json.put("version", guest.release().getOrDefault("VERSION_ID", ""));
      if (!guest.edition().isEmpty()) {
        json.put("edition", guest.edition());
      }
      json.put("hostname", guest.hostname());
      json.put("boot_loader", guest.bootLoader());
      if (!result.uefi().partitions().isEmpty()) {
        json.put("efi_system_partitions", result.uefi().json());
      }
      json.put("initramfs_tool", guest.initramfsTool());
      json.put("package_database", guest.packageDatabase());
      json.put("kernels", kernels(guest));
      json.put("file_systems", fileSystems(guest, result.state()));
      json.put("network", network(result.network()));
      json.putAll(result.software().json());
    }
    return json;
  }

  private static List<Object> kernels(GuestFacts guest) {
    List<Object> kernels = new ArrayList<>();
    for (GuestFacts.Kernel kernel : guest.kernels()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("version", kernel.version());
      json.put("image", kernel.image());
      json.put("initramfs", kernel.initramfs());
      kernels.add(json);
    }
    return kernels;
  }

  private static List<Object> fileSystems(GuestFacts guest, GuestState state) {
    List<Object> fileSystems = new ArrayList<>();
    guest
        .disks()
        .partitions()
        .forEach(
            partition -> {
              if (!partition.fsType().isEmpty()) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("device", partition.device());
                json.put("type", partition.fsType());
                json.put("uuid", Printable.guestLine(partition.uuid()));
                json.put("label", Printable.guestLine(partition.label()));
                json.putAll(state.json(partition.device()));
                guest
                    .mounts()
                    .forEach(
                        (point, device) -> {
                          if (device.equals(partition.device())) {
                            json.putIfAbsent("mount_point", point);
                          }
                        });
                List<Object> subvolumes = subvolumes(guest, partition.device());
                if (!subvolumes.isEmpty()) {
                  json.put("subvolumes", subvolumes);
                }
                fileSystems.add(json);
              }
            });
    return fileSystems;
  }

  private static List<Object> subvolumes(GuestFacts guest, String device) {
    List<Object> subvolumes = new ArrayList<>();
    new TreeMap<>(guest.subvolumes().pathByPoint())
        .forEach(
            (point, path) -> {
              if (device.equals(guest.mounts().get(point))) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("path", Printable.guestLine(path));
                json.put("mount_point", point);
                subvolumes.add(json);
              }
            });
    return subvolumes;
  }

  private static Map<String, Object> network(NetworkPlan plan) {
    List<Object> interfaces = new ArrayList<>();
    for (Interface card : plan.interfaces()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", card.name());
      json.put("configured_in", card.configuredIn());
      json.put("addresses", card.addresses());
      card.gateway().ifPresent(gateway -> json.put("gateway", gateway));
      card.oldMac().ifPresent(mac -> json.put("mac", mac));
      interfaces.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("configured_by", List.copyOf(plan.configuredBy()));
    json.put("interfaces", interfaces);
    return json;
  }
}
