package io.hyper2kvm.guest.fstab;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.disk.StableReference;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.ShellAssignments;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.Optional;

/**
 * {@code /etc/initramfs-tools/conf.d/resume}: where the initramfs looks for a hibernated system. A
 * device that is not there makes it wait at every boot.
 */
public final class ResumeFile {

  /** Path of the file inside a guest. */
  public static final String FILE = "/etc/initramfs-tools/conf.d/resume";

  /** Path of its copy inside an initramfs. */
  public static final String IN_INITRAMFS = "conf/conf.d/resume";

  private ResumeFile() {}

  /**
   * Gives {@code RESUME=} a stable name; {@code none} and {@code auto} stay.
   *
   * @param file the file's path, or that of its copy in an initramfs, for the evidence
   */
  public static Edited stabilize(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    for (ShellAssignments.Assignment variable : ShellAssignments.of(edit)) {
      if (variable.name().equals("RESUME")) {
        resume(edit, variable, disks);
      }
    }
    return edit.result();
  }

  private static void resume(
      TextEdit edit, ShellAssignments.Assignment variable, GuestDisks disks) {
    String device = variable.value(edit.text());
    int start = variable.start() + (variable.isQuoted(edit.text()) ? 1 : 0);
    if (!DeviceNames.isUnstable(device)) {
      if (StableReference.resolvesToNothing(device, disks)) {
        String problem = device + " leads to no device of this VM, or to several";
        edit.leave(start, problem);
        edit.warn(start, problem + "; the initramfs would wait for it");
      } else {
        edit.leave(start, DeviceNames.whyItStays(device, ""));
      }
      return;
    }
    Optional<GuestPartition> partition = disks.resolve(device);
    Optional<String> name = partition.flatMap(disks::stableName);
    if (name.isEmpty()) {
      String problem =
          device
              + " could not be traced to a device with a unique UUID"
              + disks.order().obstacle(device).map(why -> ": " + why).orElse("");
      edit.leave(start, problem);
      edit.warn(start, problem);
      return;
    }
    edit.replace(
        start,
        start + device.length(),
        name.get(),
        "resume-file",
        device + " can change between hypervisors; it is " + partition.get().place());
    disks.caution(device, "RESUME").ifPresent(caution -> edit.warn(start, caution));
  }
}
