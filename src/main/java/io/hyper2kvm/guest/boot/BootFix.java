package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.ShellAssignments;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Plans that a guest's boot configuration names its devices by what holds on every hypervisor. */
public final class BootFix {

  private BootFix() {}

  /**
   * The plan for every file of a boot loader or of its generator, in the order of their paths.
   *
   * @param files the guest's configuration files: content by path
   * @param serialConsole whether every kernel gets a console on the first serial port as well
   */
  public static EditPlan plan(Map<String, String> files, GuestDisks disks, boolean serialConsole) {
    return plan(files, disks, serialConsole, List.of());
  }

  /**
   * As {@link #plan(Map, GuestDisks, boolean)}, with what was read of unified kernel images. Those
   * of which a new one can be built are left to that; what is wrong with others is a failure.
   */
  public static EditPlan plan(
      Map<String, String> files,
      GuestDisks disks,
      boolean serialConsole,
      List<UnifiedImage> images) {
    List<EditPlan> plans = new ArrayList<>();
    Map<String, String> fixed = new TreeMap<>(files);
    files.forEach(
        (file, text) -> {
          Optional<BootFile> kind = BootFile.of(file);
          if (kind.equals(Optional.of(BootFile.DEVICE_MAP))) {
            DeviceMap.removal(file, text).map(EditPlan::of).ifPresent(plans::add);
          } else if (kind.isPresent() && images.stream().noneMatch(it -> it.path().equals(file))) {
            Edited edited = stabilize(kind.get(), file, text, disks);
            plans.add(edited.plan());
            fixed.put(file, edited.text());
          }
        });
    images.forEach(image -> plans.add(judge(image, disks, serialConsole).plan()));
    if (serialConsole) {
      plans.add(SerialConsole.plan(fixed));
    }
    return EditPlan.joined(plans);
  }

  private static Edited judge(UnifiedImage image, GuestDisks disks, boolean serialConsole) {
    TextEdit nothing = new TextEdit(image.path(), image.commandLine());
    if (image.hasKernel() && image.rebuildObstacle().isEmpty()) {
      return nothing.result();
    }
    if (image.hasKernel() && serialConsole && !ConsoleWords.hasSerial(image.commandLine())) {
      nothing.fail(
          0,
          "the serial console cannot be added: the command line is inside a unified kernel image,"
              + " and "
              + image.rebuildObstacle().get());
      return nothing.result();
    }
    return UnifiedKernel.judge(
        image.path(), image.commandLine(), disks, image.rebuildObstacle().orElse(""));
  }

  private static Edited stabilize(BootFile kind, String file, String text, GuestDisks disks) {
    return switch (kind) {
      case GRUB_DEFAULTS -> GrubDefaults.stabilize(file, text, disks);
      case GRUB_CONFIG -> GrubConfig.stabilize(file, text, disks);
      case GRUB_ENVIRONMENT -> GrubEnv.stabilize(file, text, disks);
      case BLS_ENTRY -> BlsEntry.stabilize(file, text, disks);
      case COMMAND_LINE, REFIND_LINUX -> KernelCmdlineFile.stabilize(file, text, disks);
      case SYSLINUX -> Extlinux.stabilize(file, text, disks);
      case EXTLINUX_DEFAULTS -> Extlinux.stabilizeDefaults(file, text, disks);
      case REFIND -> refind(file, text, disks);
      case UKIFY -> UkifySettings.stabilize(file, text, disks);
      case DRACUT -> dracut(file, text, disks);
      case LILO -> Lilo.judge(file, text, disks);
      case UNIFIED_KERNEL -> UnifiedKernel.judge(file, text, disks, "");
      case DEVICE_MAP -> throw new IllegalArgumentException("it is removed, not edited: " + file);
    };
  }

  /** The options of the menu entries that somebody wrote by hand. */
  private static Edited refind(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    for (int line = 0; line < edit.lineCount(); line++) {
      KeywordLine keyword = KeywordLine.of(edit, line);
      if (keyword.keyword().equals("options") || keyword.keyword().equals("add_options")) {
        KernelCommandLine.scan(edit, keyword.rest(), keyword.end(), disks, true);
      }
    }
    return edit.result();
  }

  /** dracut puts this command line into each initramfs and each unified image that it builds. */
  private static Edited dracut(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    for (ShellAssignments.Assignment variable : ShellAssignments.withAdditions(edit)) {
      if (variable.name().equals("kernel_cmdline")) {
        KernelCommandLine.scan(edit, variable.start(), variable.end(), disks, true);
      }
    }
    return edit.result();
  }
}
