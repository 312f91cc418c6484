package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import io.hyper2kvm.guest.initramfs.dropin.ConfigDropIn;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.KernelFiles;
import java.io.IOException;
import java.util.Optional;

/**
 * Lets the guest's own tool build the initramfs of one kernel: the fallback for one that cannot be
 * read or extended on the host.
 */
final class InitramfsRebuild {

  /** A tool that can be asked in the appliance, and whose settings are known. */
  private record Tool(String command, InitramfsGenerator generator) {}

  private final FixContext context;
  private final GuestFacts.Kernel kernel;
  private final KernelFiles files;
  private final KernelModules modules;
  private final KernelVerdicts verdicts;

  InitramfsRebuild(
      FixContext context, KernelFiles files, KernelModules modules, KernelVerdicts verdicts) {
    this.context = context;
    this.kernel = files.kernel();
    this.files = files;
    this.modules = modules;
    this.verdicts = verdicts;
  }

  /**
   * Adds the turns that build it anew and read it back.
   *
   * @param reason why it cannot be extended
   */
  void ask(GuestfishSession session, String reason) {
    Optional<Tool> tool = tool().filter(known -> verdicts.regenerate());
    if (tool.isEmpty()) {
      throw verdicts.failed("%s: %s".formatted(kernel.initramfs(), reason));
    }
    context.warn(
        "%s was rebuilt by the guest's own tool: %s".formatted(kernel.initramfs(), reason));
    ConfigDropIn.of(tool.get().generator(), context.edits().texts(), modules.virtioModules())
        .ifPresent(dropIn -> context.edits().apply(EditPlan.of(dropIn)));
    // The tool reads the corrected files.
    context.writeEdits(session);
    session
        .then(
            () -> new GuestfishScript().ask("tool", "sh", tool.get().command() + " 2>&1"),
            answers -> {})
        .then(files::askInitramfsAgain, answers -> readBack());
  }

  /**
   * The version is checked to be of letters, digits and {@code . _ + ~ -} when it is found, and so
   * is the initramfs's name. What a tool detects of the machine that it runs on is the appliance's:
   * where it can be told, it is told not to look.
   */
  private Optional<Tool> tool() {
    String version = kernel.version();
    String initramfs = kernel.initramfs();
    return switch (context.guest().initramfsTool()) {
      case "initramfs-tools" ->
          Optional.of(
              new Tool("update-initramfs -u -k " + version, InitramfsGenerator.INITRAMFS_TOOLS));
      case "dracut" ->
          Optional.of(
              new Tool(
                  "dracut --force %s %s".formatted(initramfs, version), InitramfsGenerator.DRACUT));
      case "mkinitcpio" ->
          Optional.of(
              new Tool(
                  "mkinitcpio -S autodetect -k %s -g %s".formatted(version, initramfs),
                  InitramfsGenerator.MKINITCPIO));
      case "mkinitfs" ->
          Optional.of(
              new Tool(
                  "mkinitfs -o %s %s".formatted(initramfs, version), InitramfsGenerator.MKINITFS));
      case "booster" ->
          Optional.of(
              new Tool(
                  "booster build --force --universal --kernel-version %s %s"
                      .formatted(version, initramfs),
                  InitramfsGenerator.BOOSTER));
      default -> Optional.empty();
    };
  }

  private void readBack() {
    try {
      verdicts.add(kernel, files.initramfs(), modules);
    } catch (IOException e) {
      throw verdicts.failed("%s: %s".formatted(kernel.initramfs(), e.getMessage()));
    }
  }
}
