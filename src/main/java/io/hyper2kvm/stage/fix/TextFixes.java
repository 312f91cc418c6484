package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.boot.BlsEntry;
import io.hyper2kvm.guest.boot.DeviceMap;
import io.hyper2kvm.guest.boot.Extlinux;
import io.hyper2kvm.guest.boot.GrubConfig;
import io.hyper2kvm.guest.boot.GrubDefaults;
import io.hyper2kvm.guest.boot.GrubEnv;
import io.hyper2kvm.guest.boot.KernelCmdlineFile;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.fstab.Crypttab;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.fstab.ResumeFile;
import io.hyper2kvm.guest.network.NetworkPlan;
import io.hyper2kvm.guest.network.survey.FileEdit;
import io.hyper2kvm.guest.network.survey.Level;
import io.hyper2kvm.guest.network.survey.LineChange;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GrubFix;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.GuestFilesOfInterest;
import io.hyper2kvm.stage.inspect.GuestNetwork;
import io.hyper2kvm.text.Printable;
import java.util.function.BiFunction;

/** The fixes of text files: which transformation goes to which file of this guest. */
final class TextFixes {

  private final GuestFacts guest;
  private final GuestDisks disks;
  private final GuestEdits edits;

  TextFixes(GuestFacts guest, GuestEdits edits) {
    this.guest = guest;
    this.disks = guest.disks();
    this.edits = edits;
  }

  FixEvidence fstab(FstabMode mode) {
    FixEvidence evidence = new FixEvidence("fstab");
    evidence.fact("mode", mode.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
    if (edits.text(Fstab.FILE).isEmpty()) {
      evidence.notApplicable("the guest has no " + Fstab.FILE);
      return evidence;
    }
    Fstab.Mode rule =
        switch (mode) {
          case STABILIZE_ALL -> Fstab.Mode.STABILIZE_ALL;
          case BYPATH_ONLY -> Fstab.Mode.BYPATH_ONLY;
          case NOOP -> Fstab.Mode.NOOP;
        };
    apply(Fstab.FILE, evidence, (file, text) -> Fstab.stabilize(text, disks, rule));
    if (mode == FstabMode.STABILIZE_ALL) {
      apply(Crypttab.FILE, evidence, (file, text) -> Crypttab.stabilize(text, disks));
      apply(ResumeFile.FILE, evidence, (file, text) -> ResumeFile.stabilize(text, disks));
    }
    return evidence;
  }

  FixEvidence grub(GrubFix wanted) {
    FixEvidence evidence = new FixEvidence("grub");
    if (guest.bootLoader().equals("none")) {
      evidence.notApplicable("the guest has no boot loader configuration that is known here");
      return evidence;
    }
    for (String file : guest.texts().keySet()) {
      if (file.equals(GrubDefaults.FILE)
          || (file.startsWith("/etc/default/grub.d/") && file.endsWith(".cfg"))) {
        apply(file, evidence, (f, text) -> GrubDefaults.stabilize(f, text, disks));
        if (wanted.serialConsole() && file.equals(GrubDefaults.FILE)) {
          apply(file, evidence, GrubDefaults::withSerialConsole);
        }
      } else if (file.contains("/loader/entries/") && file.endsWith(".conf")) {
        apply(file, evidence, (f, text) -> BlsEntry.stabilize(f, text, disks));
      } else if (GuestFilesOfInterest.GRUB_CONFIGS.contains(file)) {
        apply(file, evidence, (f, text) -> GrubConfig.stabilize(f, text, disks));
      } else if (file.endsWith("/grubenv")) {
        apply(file, evidence, (f, text) -> GrubEnv.stabilize(f, text, disks));
      } else if (file.equals("/etc/kernel/cmdline") || file.equals("/boot/cmdline.txt")) {
        apply(file, evidence, (f, text) -> KernelCmdlineFile.stabilize(f, text, disks));
      } else if (file.endsWith("/extlinux.conf") || file.endsWith("/syslinux.cfg")) {
        apply(file, evidence, (f, text) -> Extlinux.stabilize(f, text, disks));
      } else if (file.equals("/etc/update-extlinux.conf")) {
        apply(file, evidence, (f, text) -> Extlinux.stabilizeDefaults(f, text, disks));
      } else if (file.endsWith("/device.map")) {
        DeviceMap.removal(file, guest.texts().get(file))
            .ifPresent(
                change -> {
                  evidence.changed(file, 0, change.before(), "", change.rule(), change.reason());
                  edits.remove(file);
                });
      }
    }
    return evidence;
  }

  private void apply(
      String file, FixEvidence evidence, BiFunction<String, String, Edited> transformation) {
    edits
        .text(file)
        .ifPresent(
            text -> {
              Edited edited = transformation.apply(file, text);
              evidence.add(edited);
              edits.apply(edited);
            });
  }

  FixEvidence network(NetworkLevel wanted) {
    FixEvidence evidence = new FixEvidence("network");
    Level level =
        switch (wanted) {
          case FULL -> Level.FULL;
          case BASIC -> Level.BASIC;
          case NONE -> Level.NONE;
        };
    evidence.fact("fix_level", level.name().toLowerCase(java.util.Locale.ROOT));
    NetworkPlan plan = GuestNetwork.plan(guest, level);
    for (FileEdit edit : plan.edits()) {
      for (LineChange change : edit.changes()) {
        evidence.changed(
            edit.path(),
            change.line(),
            change.before(),
            change.after(),
            change.rule(),
            change.reason());
      }
      if (edit.after().isPresent()) {
        edits.write(edit.path(), edit.after().get(), edit.mode());
      } else {
        edits.remove(edit.path());
      }
    }
    plan.notes().forEach(n -> evidence.leftAlone(n.path(), n.line(), n.text(), n.reason()));
    plan.warnings().forEach(warning -> evidence.warn(Printable.guestBytes(warning)));
    plan.failures().forEach(failure -> evidence.fail(Printable.guestBytes(failure)));
    return evidence;
  }
}
