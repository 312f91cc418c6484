package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.boot.LoaderSettings;
import io.hyper2kvm.guest.boot.menu.LegacyDrives;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.stage.inspect.GuestFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What of a guest's boot loader no fix settles: told with any fix. */
final class LoaderWarnings {

  private LoaderWarnings() {}

  static List<String> of(FixContext context) {
    GuestFacts guest = context.guest();
    Map<String, String> texts = context.edits().texts();
    List<String> warnings = new ArrayList<>(LegacyDrives.warnings(texts, machine(guest)));
    if (guest.bootLoader().equals("lilo")) {
      LoaderSettings.liloStart(texts).ifPresent(warnings::add);
    }
    return warnings;
  }

  private static LegacyDrives.Machine machine(GuestFacts guest) {
    List<String> kernels = new ArrayList<>(guest.unmatchedKernels());
    guest.kernels().forEach(kernel -> kernels.add(kernel.image()));
    String device = guest.mounts().getOrDefault(guest.mountPoint("/boot"), "");
    Optional<GuestPartition> boot =
        guest.disks().partitions().stream().filter(it -> it.device().equals(device)).findFirst();
    return new LegacyDrives.Machine(
        guest.disks(), guest.bootDisk(), guest.firmware().equals("uefi"), boot, kernels);
  }
}
