package io.hyper2kvm.guest.initramfs.names;

import io.hyper2kvm.guest.boot.KernelCmdlineFile;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.fstab.Crypttab;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.fstab.InitramfsCopies;
import io.hyper2kvm.guest.fstab.ResumeFile;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The names of disks inside an initramfs: arguments of the command line that dracut has written
 * into it, its hooks and systemd's units that wait for a device, the resume device, and copies of
 * {@code fstab}, {@code crypttab}, LVM's and mdadm's files.
 *
 * @param edits the files that must change, by their paths in the initramfs; files of these paths
 *     that are not there yet are new
 * @param warnings what stays and keeps the guest from its disks, each with file and line
 */
public record InitramfsDevices(SortedMap<String, Edited> edits, List<String> warnings) {

  private static final Pattern COMMAND_LINE = Pattern.compile("etc/cmdline|etc/cmdline\\.d/[^/]+");
  private static final Pattern RESUME = Pattern.compile("conf/(initramfs\\.conf|conf\\.d/[^/]+)");
  private static final List<String> CRYPTTABS = List.of("etc/crypttab", "cryptroot/crypttab");
  private static final String FSTAB = "etc/fstab";

  public InitramfsDevices {
    edits = Collections.unmodifiableSortedMap(new TreeMap<>(edits));
    warnings = List.copyOf(warnings);
  }

  /**
   * Gives the names that can be traced names that hold on every hypervisor. Nothing waits any more
   * for a device that cannot be traced.
   *
   * @param initramfs the initramfs's path, for the evidence
   */
  public static InitramfsDevices stabilize(
      String initramfs, InitramfsContents contents, GuestDisks disks) {
    Map<String, Edited> all = new LinkedHashMap<>();
    for (String file : contents.keptFiles()) {
      String text = text(contents, file).orElse("");
      if (COMMAND_LINE.matcher(file).matches()) {
        all.put(file, KernelCmdlineFile.stabilize(initramfs + ":" + file, text, disks));
      } else if (RESUME.matcher(file).matches()) {
        all.put(file, ResumeFile.stabilize(initramfs + ":" + file, text, disks));
      } else if (CRYPTTABS.contains(file)) {
        all.put(file, named(initramfs + ":" + file, Crypttab.stabilize(text, disks)));
      } else if (file.equals(FSTAB)) {
        all.put(
            file,
            named(initramfs + ":" + file, Fstab.stabilize(text, disks, Fstab.Mode.STABILIZE_ALL)));
      } else if (DracutHook.isHook(file)) {
        all.put(file, DracutHook.stabilize(initramfs + ":" + file, file, text, disks));
      }
    }
    all.putAll(InitramfsCopies.stabilize(initramfs, path -> text(contents, path), disks));
    all.putAll(DeviceUnits.stabilize(initramfs, contents));
    SortedMap<String, Edited> edits = new TreeMap<>();
    List<String> warnings = new ArrayList<>();
    all.forEach(
        (file, edited) -> {
          if (edited.changed()) {
            edits.put(file, edited);
          }
          warnings.addAll(edited.warnings());
          // The boot entry's own arguments count more than these.
          warnings.addAll(edited.failures());
        });
    return new InitramfsDevices(edits, warnings);
  }

  private static Optional<String> text(InitramfsContents contents, String path) {
    return contents.content(path).map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /** The same edit, with the name of the copy in its evidence. */
  private static Edited named(String name, Edited edited) {
    List<Change> changes =
        edited.changes().stream()
            .map(
                change ->
                    new Change(
                        name,
                        change.line(),
                        change.before(),
                        change.after(),
                        change.rule(),
                        change.reason()))
            .toList();
    return new Edited(
        name,
        edited.before(),
        edited.text(),
        changes,
        edited.leftAlone(),
        renamed(edited.warnings(), edited.file(), name),
        renamed(edited.failures(), edited.file(), name));
  }

  private static List<String> renamed(List<String> messages, String file, String name) {
    return messages.stream()
        .map(
            message ->
                message.startsWith(file + ":") ? name + message.substring(file.length()) : message)
        .toList();
  }
}
