package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.Edited;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans that a guest's boot configuration names its devices by what holds on every hypervisor. */
public final class BootFix {

  private BootFix() {}

  /**
   * The plan for every file of a boot loader or of its generator, in the order of their paths.
   *
   * @param files the guest's configuration files: content by path
   * @param serialConsole whether every kernel gets a console on the first serial port as well
   */
  public static EditPlan plan(Map<String, String> files, GuestDisks disks, boolean serialConsole) {
    List<EditPlan> plans = new ArrayList<>();
    files.forEach(
        (file, text) -> {
          Optional<Edited> edited = stabilize(file, text, disks);
          edited.map(Edited::plan).ifPresent(plans::add);
          if (file.equals(GrubDefaults.FILE) && serialConsole) {
            plans.add(GrubDefaults.withSerialConsole(edited.orElseThrow().text()).plan());
          }
          if (file.endsWith("/device.map")) {
            DeviceMap.removal(file, text).map(EditPlan::of).ifPresent(plans::add);
          }
        });
    return EditPlan.joined(plans);
  }

  /** The edit of a file that holds kernel command lines; empty for any other. */
  private static Optional<Edited> stabilize(String file, String text, GuestDisks disks) {
    Edited edited = null;
    if (file.equals(GrubDefaults.FILE)
        || (file.startsWith("/etc/default/grub.d/") && file.endsWith(".cfg"))) {
      edited = GrubDefaults.stabilize(file, text, disks);
    } else if (file.contains("/loader/entries/") && file.endsWith(".conf")) {
      edited = BlsEntry.stabilize(file, text, disks);
    } else if (GrubConfig.FILES.contains(file)) {
      edited = GrubConfig.stabilize(file, text, disks);
    } else if (file.endsWith("/grubenv")) {
      edited = GrubEnv.stabilize(file, text, disks);
    } else if (file.equals("/etc/kernel/cmdline") || file.equals("/boot/cmdline.txt")) {
      edited = KernelCmdlineFile.stabilize(file, text, disks);
    } else if (file.endsWith("/extlinux.conf") || file.endsWith("/syslinux.cfg")) {
      edited = Extlinux.stabilize(file, text, disks);
    } else if (file.equals("/etc/update-extlinux.conf")) {
      edited = Extlinux.stabilizeDefaults(file, text, disks);
    }
    return Optional.ofNullable(edited);
  }
}
