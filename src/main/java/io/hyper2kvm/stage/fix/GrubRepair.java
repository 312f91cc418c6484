package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.guest.boot.BootFix;
import io.hyper2kvm.guest.boot.GrubConfig;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.inspect.GuestFilesOfInterest;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The boot loader's configuration, GRUB's or another one's. */
final class GrubRepair implements Fix {

  private static final String CHECK = "guest_boot_entries";
  private static final int MAX_FILES = 100;

  /** The processors whose programs run in the appliance of an x86-64 host. */
  private static final Set<String> RUNNABLE = Set.of("x86_64", "i386");

  @Override
  public String name() {
    return "grub";
  }

  @Override
  public FailureCode failureCode() {
    return FailureCode.FIX_GRUB_FAILED;
  }

  @Override
  public boolean isWanted(FixSpec spec) {
    return spec.grub().isPresent();
  }

  @Override
  public EditPlan plan(FixContext context, FixEvidence evidence) {
    if (context.guest().bootLoader().equals("none")) {
      evidence.notApplicable("the guest has no boot loader configuration that is known here");
      return EditPlan.NOTHING;
    }
    return BootFix.plan(
        context.edits().texts(),
        context.guest().disks(),
        context.spec().grub().orElseThrow().serialConsole());
  }

  /** The boot loader itself may have to be put where firmware looks: refused now if it cannot. */
  @Override
  public void beforeEdits(FixContext context, FixEvidence evidence, GuestfishSession session) {
    new UefiLoaderRepair(context, evidence).require();
  }

  @Override
  public void afterUnmount(FixContext context, FixEvidence evidence, GuestfishSession session) {
    new UefiLoaderRepair(context, evidence).ask(session);
  }

  @Override
  public void afterEdits(FixContext context, FixEvidence evidence, GuestfishSession session) {
    if (evidence.changedSomething() && RUNNABLE.contains(context.guest().architecture())) {
      new GrubRegeneration(context, evidence, session).ask();
    }
  }

  @Override
  public void askCheck(FixContext context, GuestfishScript script) {
    config(context)
        .ifPresent(config -> script.read(config, config, 2 * GuestFilesOfInterest.MAX_TEXT_BYTES));
    bootFiles(context).forEach(f -> script.ask("is:" + f, "is-file", f, "followsymlinks:true"));
  }

  /** What the fixed guest's boot entries name is there. */
  @Override
  public Optional<Check> check(FixContext context, GuestfishAnswers answers) {
    return config(context).map(config -> check(config, context, answers));
  }

  private static Check check(String config, FixContext context, GuestfishAnswers answers) {
    List<String> problems = new ArrayList<>();
    GrubConfig.unresolvedRoots(answers.bytesAsText(config), context.guest().disks())
        .forEach(
            problem ->
                problems.add(
                    Printable.guestBytes(
                        "line %d: %s".formatted(problem.line(), problem.reason()))));
    for (String file : bootFiles(context)) {
      if (!answers.isTrue("is:" + file)) {
        problems.add("is not there: " + Printable.guestBytes(file));
      }
    }
    if (problems.isEmpty()) {
      return Check.passed(CHECK, "every boot entry resolves");
    }
    String detail = config + ": " + problems;
    return context.spec().grub().isPresent()
        ? Check.failed(CHECK, detail)
        : Check.warning(CHECK, detail);
  }

  private static Optional<String> config(FixContext context) {
    return GrubConfig.FILES.stream().filter(context.guest().texts()::containsKey).findFirst();
  }

  /** The kernels and initramfs images that the boot entries name, as paths in the guest. */
  private static Set<String> bootFiles(FixContext context) {
    boolean ownBoot = context.guest().mounts().containsKey("/boot");
    Set<String> files = new LinkedHashSet<>();
    String config = config(context).flatMap(context.edits()::text).orElse("");
    for (GrubConfig.Entry entry : GrubConfig.entries(config)) {
      List<String> paths = new ArrayList<>(List.of(entry.linuxPath()));
      paths.addAll(entry.initrdPaths());
      for (String path : paths) {
        // Paths with variables or devices are GRUB's to resolve.
        if (path.startsWith("/") && !path.contains("$") && files.size() < MAX_FILES) {
          files.add(ownBoot ? "/boot" + path : path);
        }
      }
    }
    return files;
  }
}
