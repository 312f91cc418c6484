package io.hyper2kvm.guest.fstab;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.lvm.LvmDevicesFile;
import io.hyper2kvm.guest.lvm.LvmSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Plans that a guest's tables name its devices so that the names hold on every hypervisor. */
public final class FstabFix {

  private static final int MAX_TOLD = 20;

  private FstabFix() {}

  /** Whether the plan needs a file that not every guest has at the same path. */
  public static boolean reads(String path) {
    boolean devices =
        path.startsWith(LvmDevicesFile.FOLDER)
            && path.indexOf('/', LvmDevicesFile.FOLDER.length()) < 0;
    return devices || MountUnits.isUnit(path);
  }

  /** Whether a file is only a link to one of these files, which are read anyway. */
  public static boolean isLinkTo(String path, Collection<String> files) {
    return MountUnits.isLinkTo(path, files);
  }

  /**
   * The plan for fstab and, where every row is asked for, for crypttab and the resume file, which
   * follow the same rule, and for what else keeps a volume away.
   *
   * @param files the guest's configuration files: content by path
   */
  public static EditPlan plan(Map<String, String> files, GuestDisks disks, Fstab.Mode mode) {
    String table = files.getOrDefault(Fstab.FILE, "");
    GuestDisks known = Fstab.learned(table, disks);
    Map<String, String> edited = new TreeMap<>(files);
    List<EditPlan> plans = new ArrayList<>();
    if (files.containsKey(Fstab.FILE)) {
      Edited stable = Fstab.stabilize(table, disks, mode);
      edited.put(Fstab.FILE, stable.text());
      plans.add(stable.plan());
    }
    if (mode == Fstab.Mode.STABILIZE_ALL) {
      String crypttab = files.get(Crypttab.FILE);
      if (crypttab != null) {
        plans.add(Crypttab.stabilize(crypttab, known).plan());
      }
      String resume = files.get(ResumeFile.FILE);
      if (resume != null) {
        plans.add(ResumeFile.stabilize(ResumeFile.FILE, resume, known).plan());
      }
      plans.add(elsewhere(edited, table, known));
    } else {
      plans.add(told(edited, table, known));
    }
    return EditPlan.joined(plans);
  }

  /**
   * What keeps a volume away, outside of the tables: LVM's and mdadm's files and systemd's units.
   */
  private static EditPlan elsewhere(Map<String, String> files, String table, GuestDisks disks) {
    List<EditPlan> plans = new ArrayList<>();
    plans.add(MountUnits.plan(files, table, disks));
    for (String file : MdadmConf.FILES) {
      if (files.containsKey(file)) {
        plans.add(MdadmConf.stabilize(file, files.get(file), disks).plan());
      }
    }
    for (String file : LvmSettings.FILES) {
      if (files.containsKey(file)) {
        plans.add(LvmSettings.stabilize(file, files.get(file), disks).plan());
      }
    }
    plans.add(LvmDevicesFile.plan(files, disks));
    return EditPlan.joined(plans);
  }

  /**
   * The warnings, for a guest whose files are not to be changed: each change that would be made is
   * one.
   */
  public static EditPlan told(Map<String, String> files, GuestDisks disks) {
    return told(files, files.getOrDefault(Fstab.FILE, ""), disks);
  }

  private static EditPlan told(Map<String, String> files, String table, GuestDisks disks) {
    EditPlan plan = elsewhere(files, table, disks);
    List<String> warnings = new ArrayList<>(plan.warnings());
    for (FileEdit edit : plan.files()) {
      edit.changes().stream()
          .filter(change -> !change.before().isEmpty())
          .limit(MAX_TOLD)
          .map(FstabFix::warning)
          .forEach(warnings::add);
    }
    return new EditPlan(List.of(), List.of(), warnings, List.of());
  }

  private static String warning(Change change) {
    String line = change.line() > 0 ? ":" + change.line() : "";
    return "%s%s: %s; it stays, since fix.fstab with mode stabilize-all is not asked for"
        .formatted(change.file(), line, change.reason());
  }
}
