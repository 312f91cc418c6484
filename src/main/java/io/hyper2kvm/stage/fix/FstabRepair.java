package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.fstab.FstabFix;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.inspect.read.GuestFilesOfInterest;
import io.hyper2kvm.text.Printable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables that name devices to mount, unlock or resume from. */
final class FstabRepair implements Fix {

  private static final String CHECK = "guest_fstab";

  @Override
  public String name() {
    return "fstab";
  }

  @Override
  public FailureCode failureCode() {
    return FailureCode.FIX_FSTAB_FAILED;
  }

  @Override
  public boolean isWanted(FixSpec spec) {
    return spec.fstab().isPresent();
  }

  @Override
  public EditPlan plan(FixContext context, FixEvidence evidence) {
    FstabMode mode = context.spec().fstab().orElseThrow();
    evidence.fact("mode", mode.text());
    Map<String, String> texts = context.edits().texts();
    EditPlan plan =
        FstabFix.plan(
            texts,
            context.guest().disks(),
            switch (mode) {
              case STABILIZE_ALL -> Fstab.Mode.STABILIZE_ALL;
              case BYPATH_ONLY -> Fstab.Mode.BYPATH_ONLY;
              case NOOP -> Fstab.Mode.NOOP;
            });
    if (!texts.containsKey(Fstab.FILE) && plan.files().isEmpty()) {
      evidence.notApplicable("the guest has no " + Fstab.FILE);
    }
    boolean early =
        plan.files().stream()
            .map(FileEdit::file)
            .anyMatch(file -> file.startsWith("/etc/lvm/") || file.startsWith("/etc/mdadm"));
    boolean rootOnVolume = context.guest().disks().root().filter(r -> r.disk() < 0).isPresent();
    if (early && rootOnVolume && context.spec().initramfs().isEmpty()) {
      context.warn(
          "LVM's or mdadm's configuration changed, and the initramfs may have a copy of it that"
              + " keeps the root file system away; ask for fix.initramfs");
    }
    return plan;
  }

  /** What an operator is told of when the fix is not asked for. */
  static List<String> warnings(FixContext context) {
    return FstabFix.told(context.edits().texts(), context.guest().disks()).warnings();
  }

  @Override
  public void askCheck(FixContext context, GuestfishScript script) {
    script.read(Fstab.FILE, Fstab.FILE, GuestFilesOfInterest.MAX_TEXT_BYTES);
  }

  /** What the fixed guest's fstab names is there. */
  @Override
  public Optional<Check> check(FixContext context, GuestfishAnswers answers) {
    List<Fstab.Row> rows =
        Fstab.unresolved(answers.bytesAsText(Fstab.FILE), context.guest().disks());
    if (rows.isEmpty()) {
      return Optional.of(Check.passed(CHECK, "every row of /etc/fstab resolves"));
    }
    List<String> shown =
        rows.stream()
            .map(row -> Printable.guestBytes(row.device() + " on " + row.mountPoint()))
            .toList();
    String detail = "does not resolve on KVM: " + shown;
    boolean asked = context.spec().fstab().filter(FstabMode.STABILIZE_ALL::equals).isPresent();
    return Optional.of(
        asked && rows.stream().anyMatch(Fstab.Row::isRoot)
            ? Check.failed(CHECK, detail)
            : Check.warning(CHECK, detail));
  }
}
