package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.InspectResult;
import io.hyper2kvm.stage.inspect.InspectStage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The fixes of one VM, in their order, as questions to its appliance. */
public final class Fixing {

  /** The processors whose programs run in the appliance of an x86-64 host. */
  private static final Set<String> RUNNABLE = Set.of("x86_64", "i386");

  private final VmJob job;
  private final GuestFacts guest;
  private final FixSpec spec;
  private final GuestEdits edits;
  private final List<FixEvidence> evidence = new ArrayList<>();
  private final Path log;

  Fixing(VmJob job) {
    this.job = job;
    this.guest = job.results().get(InspectResult.class).guest();
    this.spec = job.spec().pipeline().fix();
    this.edits = new GuestEdits(guest.texts());
    this.log = InspectStage.applianceLog(job);
  }

  GuestfishSession dialogue() {
    if (!guest.isLinux()) {
      throw StageFailedException.because(
          FailureCode.GUEST_UNSUPPORTED,
          "fixes were asked for, and the guest is %s, not a Linux that is known here"
              .formatted(guest.os()));
    }
    TextFixes texts = new TextFixes(guest, edits);
    spec.fstab().ifPresent(mode -> add(texts.fstab(mode), FailureCode.FIX_FSTAB_FAILED));
    Optional<FixEvidence> grub = spec.grub().map(texts::grub);
    grub.ifPresent(fix -> add(fix, FailureCode.FIX_GRUB_FAILED));
    spec.network().ifPresent(level -> add(texts.network(level), FailureCode.FIX_NETWORK_FAILED));
    Optional<InitramfsRepair> initramfs =
        spec.initramfs()
            .map(
                wanted ->
                    new InitramfsRepair(
                        job, guest, edits, wanted.regenerate(), linksForInitramfs(texts)));
    initramfs.ifPresent(repair -> evidence.add(repair.evidence()));

    GuestfishSession dialogue = new GuestfishSession();
    GuestSpace space = new GuestSpace(guest, initramfs.isPresent());
    dialogue.then(
        space::question,
        answers ->
            space
                .judge(answers, details())
                .ifPresent(
                    refused -> {
                      throw refused;
                    }));
    initramfs.ifPresent(repair -> repair.ask(dialogue, this::details));
    dialogue.then(
        () -> edits.script(job.directory(), job.toolFiles()),
        answers -> edits.accept(answers, log));
    GrubRegeneration regeneration = new GrubRegeneration(job, guest, edits);
    boolean regenerates =
        grub.map(FixEvidence::changedSomething).orElse(false)
            && RUNNABLE.contains(guest.architecture());
    if (regenerates) {
      regeneration.ask(dialogue, grub.get());
    }
    GuestChecks checks = new GuestChecks(spec, guest, edits);
    checks.ask(dialogue, found -> job.keep(new FixResult(evidence, found)));
    dialogue.then(this::trim, answers -> {});
    return dialogue;
  }

  /** Udev names cards in the initramfs already: what pins names must be in there, too. */
  private Map<String, String> linksForInitramfs(TextFixes texts) {
    Map<String, String> links = new TreeMap<>();
    edits
        .texts()
        .forEach(
            (path, text) -> {
              boolean isNew = !text.equals(guest.texts().get(path));
              if (isNew && path.startsWith("/etc/systemd/network/") && path.endsWith(".link")) {
                links.put(path.substring(1), text);
              }
            });
    return links;
  }

  private void add(FixEvidence fix, FailureCode code) {
    evidence.add(fix);
    fix.warnings().forEach(job::warn);
    if (!fix.failures().isEmpty()) {
      throw StageFailedException.withEvidence(code, String.join("; ", fix.failures()), details());
    }
  }

  /** Deleted blocks need not be copied; a file system that cannot be trimmed is copied whole. */
  private GuestfishScript trim() {
    GuestfishScript script = new GuestfishScript();
    guest.mounts().keySet().forEach(point -> script.run("fstrim", point));
    return script;
  }

  /** The evidence so far, for a failure. */
  private Map<String, Object> details() {
    return new FixResult(evidence, List.of()).json();
  }
}
