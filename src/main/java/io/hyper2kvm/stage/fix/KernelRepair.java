package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.initramfs.AppendedArchive;
import io.hyper2kvm.guest.initramfs.InitramfsPlan;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
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
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The initramfs of one kernel: what it lacks is appended to it. The archive is made on the host:
 * that takes a second where the guest's own tool takes minutes in the appliance.
 */
final class KernelRepair {

  private final FixContext context;
  private final GuestFacts.Kernel kernel;
  private final KernelFiles files;
  private final KernelVerdicts verdicts;
  private final PinFiles pins;
  private final GuestfishSession session;

  /**
   * A repair that has not begun.
   *
   * @param pins the files that name network cards
   */
  KernelRepair(
      FixContext context,
      KernelFiles files,
      KernelVerdicts verdicts,
      PinFiles pins,
      GuestfishSession session) {
    this.context = context;
    this.kernel = files.kernel();
    this.files = files;
    this.verdicts = verdicts;
    this.pins = pins;
    this.session = session;
  }

  /** Adds the first turn; the others follow from its answer. */
  void ask() {
    session.then(files::ask, this::decide);
  }

  private void decide(GuestfishAnswers answers) {
    KernelModules modules = files.modules();
    if (modules.isEmpty()) {
      throw verdicts.failed(
          "kernel %s has no modules.dep and no modules.builtin".formatted(kernel.version()));
    }
    if (kernel.initramfs().isEmpty()) {
      verdicts.addWithoutInitramfs(kernel, modules);
      return;
    }
    if (!files.isInitramfsComplete(answers)) {
      throw verdicts.failed(
          "%s could not be read: %s".formatted(kernel.initramfs(), context.applianceErrors()));
    }
    try {
      InitramfsContents contents = files.initramfs();
      if (contents.isSquashed()) {
        rebuild(modules, "its modules are inside a squashed image");
      } else {
        extend(contents, modules);
      }
    } catch (InitramfsFormatException e) {
      rebuild(modules, e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void rebuild(KernelModules modules, String reason) {
    verdicts.requireChangeable(kernel);
    new InitramfsRebuild(context, files, modules, verdicts).ask(session, reason);
  }

  private void extend(InitramfsContents contents, KernelModules modules)
      throws InitramfsFormatException {
    InitramfsDevices devices = devices(context, kernel, contents);
    Map<String, Edited> tables = devices.edits();
    InitramfsPlan plan =
        InitramfsPlan.of(contents, modules, kernel.version(), extraFiles(contents, tables));
    devices.warnings().forEach(verdicts::warnOnce);
    if (!verdicts.regenerate() || !plan.isNeeded()) {
      verdicts.add(kernel, contents, modules);
      if (verdicts.regenerate()) {
        keepAtNextUpdate(contents.generator(), plan);
      } else {
        warnOfPins(plan, tables.keySet());
      }
      return;
    }
    if (!plan.unavailable().isEmpty()) {
      verdicts.addUnusable(kernel, plan.unavailable());
      return;
    }
    if (plan.obstacle().isPresent()) {
      rebuild(modules, plan.obstacle().get());
      return;
    }
    verdicts.requireChangeable(kernel);
    tables.values().forEach(edited -> edited.changes().forEach(verdicts::changed));
    keepAtNextUpdate(contents.generator(), plan);
    session
        .then(() -> files.askModuleFiles(plan.filesToFetch()), answers -> append(contents, plan))
        .then(
            () -> files.askAppend(contents.length()), answers -> readBack(answers, contents, plan));
  }

  /** What stays out of an initramfs that is not to be changed. */
  private void warnOfPins(InitramfsPlan plan, Set<String> tables) {
    List<String> lacking =
        plan.extraFiles().keySet().stream().filter(path -> !tables.contains(path)).toList();
    if (!lacking.isEmpty()) {
      context.warn(
          "%s lacks %s, and regenerate is false: its udev may name the network cards first"
              .formatted(kernel.initramfs(), String.join(", ", lacking)));
    }
    if (!tables.isEmpty()) {
      context.warn(
          "%s names disks as the old machine had them in %s, and regenerate is false"
              .formatted(kernel.initramfs(), String.join(", ", tables)));
    }
  }

  /** The names of disks inside an initramfs, with what the guest's table tells of them. */
  static InitramfsDevices devices(
      FixContext context, GuestFacts.Kernel kernel, InitramfsContents contents) {
    GuestDisks disks =
        Fstab.learned(
            context.guest().texts().getOrDefault(Fstab.FILE, ""), context.guest().disks());
    return InitramfsDevices.stabilize(kernel.initramfs(), contents, disks);
  }

  /** Files of the initramfs that name disks or network cards. */
  private Map<String, byte[]> extraFiles(InitramfsContents contents, Map<String, Edited> tables) {
    Map<String, String> extra = pins.in(path -> contents.find(path).isPresent());
    tables.forEach((path, edited) -> extra.put(path, edited.text()));
    return InitramfsPins.bytes(extra);
  }

  private void keepAtNextUpdate(InitramfsGenerator generator, InitramfsPlan plan) {
    ConfigDropIn.of(generator, context.edits().texts(), plan.wanted())
        .ifPresent(
            dropIn -> {
              dropIn.changes().forEach(verdicts::changed);
              // Written with the other edits, which come after the kernels.
              context.edits().apply(EditPlan.of(dropIn));
            });
    DropInObstacles.of(generator, kernel.initramfs(), context.edits().texts(), plan.wanted())
        .forEach(verdicts::warnOnce);
  }

  private void append(InitramfsContents contents, InitramfsPlan plan) {
    try {
      files.append(
          AppendedArchive.suffix(
              contents, plan, files.moduleFiles(plan.filesToFetch()), files.indexFiles()));
    } catch (InitramfsFormatException | IllegalArgumentException e) {
      throw verdicts.failed("%s: %s".formatted(kernel.initramfs(), e.getMessage()));
    }
  }

  private void readBack(GuestfishAnswers answers, InitramfsContents before, InitramfsPlan plan) {
    try {
      if (!files.isAppended(answers)) {
        throw verdicts.failed(
            "%s could not be written: %s".formatted(kernel.initramfs(), context.applianceErrors()));
      }
      verdicts.changed(
          new Change(
              kernel.initramfs(),
              0,
              before.length() + " bytes",
              files.initramfsLength() + " bytes",
              "initramfs-append",
              plan.filesToFetch().isEmpty()
                  ? "files that name disks and network cards"
                  : "added " + String.join(" ", plan.filesToFetch())));
      // Read from the copy, whose sum the guest's file has.
      verdicts.add(kernel, files.initramfs(), plan.rootModules());
    } catch (IOException e) {
      throw verdicts.failed(
          "%s cannot be read back: %s".formatted(kernel.initramfs(), e.getMessage()));
    }
  }
}
