package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.boot.UnifiedImage;
import io.hyper2kvm.guest.boot.UnifiedKernel;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.initramfs.AppendedArchive;
import io.hyper2kvm.guest.initramfs.InitramfsPlan;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.dropin.ConfigDropIn;
import io.hyper2kvm.guest.initramfs.dropin.DropInObstacles;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guest.initramfs.names.InitramfsDevices;
import io.hyper2kvm.guest.network.system.PinFiles;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.KernelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One unified kernel image: the command line and the initramfs inside it are judged as others are.
 * An image that must change is built anew by the guest's own tool, or refused with the reason; a
 * signed one is never changed.
 */
final class UnifiedKernelRepair {

  private final FixContext context;
  private final FixEvidence evidence;
  private final UnifiedImage image;
  private final KernelFiles files;
  private final Optional<KernelVerdicts> verdicts;
  private final PinFiles pins;
  private final GuestfishSession session;

  /**
   * A repair that has not begun.
   *
   * @param verdicts take what is found of the initramfs; empty when the initramfs is not fixed
   * @param pins the files that name network cards
   */
  UnifiedKernelRepair(
      FixContext context,
      FixEvidence evidence,
      UnifiedImage image,
      Optional<KernelVerdicts> verdicts,
      PinFiles pins,
      GuestfishSession session) {
    this.context = context;
    this.evidence = evidence;
    this.image = image;
    this.verdicts = verdicts;
    this.pins = pins;
    this.session = session;
    int number = context.unified().kernels().indexOf(image);
    this.files =
        KernelFiles.inside(image, context.toolFiles(), context.directory().resolve("uki" + number));
  }

  /** Adds the turns for every image of the guest. */
  static void askAll(
      FixContext context,
      FixEvidence evidence,
      Optional<KernelVerdicts> verdicts,
      PinFiles pins,
      GuestfishSession session) {
    for (UnifiedImage image : context.unified().kernels()) {
      new UnifiedKernelRepair(context, evidence, image, verdicts, pins, session).ask();
    }
  }

  private void ask() {
    if (verdicts.isPresent()) {
      session.then(files::ask, this::decide);
    } else if (changesCommandLine()) {
      build(List.of(), List.of(commandLineReason()));
    }
  }

  /** What the command line of a new image would be. */
  private Edited commandLine() {
    boolean serial = context.spec().grub().filter(grub -> grub.serialConsole()).isPresent();
    return UnifiedKernel.corrected(
        image.path(), image.arguments(), context.guest().disks(), serial);
  }

  private boolean changesCommandLine() {
    if (context.spec().grub().isEmpty()) {
      return false;
    }
    Edited edited = commandLine();
    if (!edited.failures().isEmpty()) {
      throw evidence.failed(edited.failures());
    }
    return edited.changed();
  }

  private String commandLineReason() {
    return "its command line \"%s\" is inside a unified kernel image and must become \"%s\""
        .formatted(image.arguments(), commandLine().text());
  }

  private void decide(GuestfishAnswers answers) {
    KernelVerdicts found = verdicts.orElseThrow();
    if (image.version().isEmpty()) {
      throw evidence.failed(
          "the unified kernel image %s does not tell its kernel's version, so its modules are not known"
              .formatted(image.path()));
    }
    KernelModules modules = files.modules();
    if (modules.isEmpty()) {
      throw evidence.failed(
          "kernel %s of %s has no modules.dep and no modules.builtin"
              .formatted(image.version(), image.path()));
    }
    List<String> reasons = new ArrayList<>();
    if (changesCommandLine()) {
      reasons.add(commandLineReason());
    }
    if (files.kernel().initramfs().isEmpty()) {
      found.addWithoutInitramfs(files.kernel(), modules);
      build(List.of(), reasons);
      return;
    }
    if (!files.isInitramfsComplete(answers)) {
      throw evidence.failed(
          "the initramfs in %s could not be read: %s"
              .formatted(image.path(), context.applianceErrors()));
    }
    try {
      judge(files.initramfs(), modules, reasons);
    } catch (InitramfsFormatException e) {
      reasons.add("its initramfs cannot be read: " + e.getMessage());
      rebuild(modules, reasons);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void judge(InitramfsContents contents, KernelModules modules, List<String> reasons)
      throws IOException {
    KernelVerdicts found = verdicts.orElseThrow();
    GuestFacts.Kernel kernel = files.kernel();
    if (contents.isSquashed() && found.regenerate()) {
      reasons.add("the modules of its initramfs are inside a squashed image");
      rebuild(modules, reasons);
      return;
    }
    InitramfsDevices devices = KernelRepair.devices(context, kernel, contents);
    devices.warnings().forEach(found::warnOnce);
    Map<String, Edited> tables = devices.edits();
    Map<String, String> extra = pins.in(path -> contents.find(path).isPresent());
    tables.forEach((path, edited) -> extra.put(path, edited.text()));
    InitramfsPlan plan =
        InitramfsPlan.of(contents, modules, kernel.version(), InitramfsPins.bytes(extra));
    if (!plan.unavailable().isEmpty() && found.regenerate()) {
      found.addUnusable(kernel, plan.unavailable());
      return;
    }
    if (found.regenerate()) {
      keepAtNextUpdate(contents, plan.wanted());
    }
    if (!found.regenerate() || !plan.isNeeded()) {
      found.add(kernel, contents, modules);
      build(List.of(), reasons);
      return;
    }
    if (plan.obstacle().isPresent()) {
      reasons.add(plan.obstacle().get());
      rebuild(modules, reasons);
      return;
    }
    reasons.add(
        plan.filesToFetch().isEmpty()
            ? "its initramfs lacks files that name disks or network cards"
            : "its initramfs lacks " + String.join(" ", plan.filesToFetch()));
    refuseObstacles(reasons);
    tables.values().forEach(edited -> edited.changes().forEach(evidence::changed));
    session.then(
        () -> files.askModuleFiles(plan.filesToFetch()),
        done -> append(contents, plan, modules, reasons));
  }

  private void keepAtNextUpdate(InitramfsContents contents, List<String> wanted) {
    ConfigDropIn.of(contents.generator(), context.edits().texts(), wanted)
        .ifPresent(
            dropIn -> {
              dropIn.changes().forEach(evidence::changed);
              context.edits().apply(EditPlan.of(dropIn));
            });
    DropInObstacles.of(contents.generator(), image.path(), context.edits().texts(), wanted)
        .forEach(verdicts.orElseThrow()::warnOnce);
  }

  private void append(
      InitramfsContents contents, InitramfsPlan plan, KernelModules modules, List<String> reasons) {
    try {
      files.append(
          AppendedArchive.suffix(
              contents, plan, files.moduleFiles(plan.filesToFetch()), files.indexFiles()));
    } catch (InitramfsFormatException | IllegalArgumentException e) {
      throw evidence.failed("%s: %s".formatted(image.path(), e.getMessage()));
    }
    newImage(reasons).extended(files, modules, verdicts.orElseThrow());
  }

  /** Only the command line changes, or nothing. */
  private void build(List<String> more, List<String> reasons) {
    List<String> all = new ArrayList<>(more);
    all.addAll(reasons);
    if (!all.isEmpty()) {
      refuseObstacles(all);
      newImage(all).withInitramfsOfOld();
    }
  }

  /** The initramfs is made by the guest's own generator, since it cannot be extended. */
  private void rebuild(KernelModules modules, List<String> reasons) {
    if (!verdicts.orElseThrow().regenerate()) {
      throw evidence.failed("%s: %s".formatted(image.path(), String.join("; ", reasons)));
    }
    refuseObstacles(reasons);
    newImage(reasons).generated(files, modules, verdicts.orElseThrow());
  }

  private void refuseObstacles(List<String> reasons) {
    image
        .rebuildObstacle()
        .ifPresent(
            obstacle -> {
              throw evidence.failed(
                  "%s must be built anew (%s), and is not: %s; build it in the guest, with virtio drivers and stable names, before it is moved"
                      .formatted(image.path(), String.join("; ", reasons), obstacle));
            });
  }

  private UnifiedKernelBuild newImage(List<String> reasons) {
    String arguments = context.spec().grub().isPresent() ? commandLine().text() : image.arguments();
    return new UnifiedKernelBuild(context, evidence, image, arguments, reasons, session);
  }
}
