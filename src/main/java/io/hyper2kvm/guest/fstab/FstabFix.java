package io.hyper2kvm.guest.fstab;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.EditPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Plans that a guest's tables name its devices so that the names hold on every hypervisor. */
public final class FstabFix {

  private FstabFix() {}

  /**
   * The plan for fstab and, where every row is asked for, for crypttab and the resume file, which
   * follow the same rule.
   *
   * @param files the guest's configuration files: content by path; with an fstab
   */
  public static EditPlan plan(Map<String, String> files, GuestDisks disks, Fstab.Mode mode) {
    List<EditPlan> plans = new ArrayList<>();
    plans.add(Fstab.stabilize(files.get(Fstab.FILE), disks, mode).plan());
    if (mode == Fstab.Mode.STABILIZE_ALL) {
      String crypttab = files.get(Crypttab.FILE);
      if (crypttab != null) {
        plans.add(Crypttab.stabilize(crypttab, disks).plan());
      }
      String resume = files.get(ResumeFile.FILE);
      if (resume != null) {
        plans.add(ResumeFile.stabilize(ResumeFile.FILE, resume, disks).plan());
      }
    }
    return EditPlan.joined(plans);
  }
}
