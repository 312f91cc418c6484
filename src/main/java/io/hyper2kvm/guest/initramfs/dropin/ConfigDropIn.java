package io.hyper2kvm.guest.initramfs.dropin;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.ShellAssignments;
import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.initramfs.archive.CpioReader;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import io.hyper2kvm.guest.initramfs.modules.ModuleFile;
import io.hyper2kvm.guest.initramfs.modules.ModuleList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The file of a guest which makes its own generator include the modules when it builds the next
 * initramfs, at the next kernel update.
 */
public final class ConfigDropIn {

  /** The comment above what is added. */
  static final String HEAD =
      "# Written by hyper2kvm: this machine moved to KVM and needs its virtio drivers early.\n";

  private static final String DRACUT = "/etc/dracut.conf.d/";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,64}");

  private ConfigDropIn() {}

  /**
   * The edit that is needed; empty if the files say it already, or if it cannot be made: {@link
   * DropInObstacles} tells of that.
   *
   * @param files the guest's configuration files: content by path
   * @param modules names that the guest's kernels have as modules, not those that are built in
   */
  public static Optional<FileEdit> of(
      InitramfsGenerator generator, Map<String, String> files, Collection<String> modules) {
    Set<String> names = new LinkedHashSet<>();
    for (String name : modules) {
      String normalized = ModuleFile.normalized(name);
      if (!NAME.matcher(normalized).matches()) {
        throw new IllegalArgumentException("no module name: " + CpioReader.printable(name));
      }
      names.add(normalized);
    }
    return names.isEmpty()
        ? Optional.empty()
        : pathFor(generator, files).flatMap(path -> edit(path, generator, files, names));
  }

  private static Optional<String> pathFor(InitramfsGenerator generator, Map<String, String> files) {
    return switch (generator) {
      case INITRAMFS_TOOLS -> Optional.of("/etc/initramfs-tools/modules");
      case DRACUT -> Optional.of(dracutFile(files));
      case MKINITCPIO -> Optional.of(MkinitcpioConfig.fileToExtend(files));
      case MKINITFS -> Optional.of("/etc/mkinitfs/mkinitfs.conf");
      case BOOSTER -> Optional.of(BoosterConfig.FILE);
      case TINY_INITRAMFS -> Optional.of(TinyConfig.FILE);
      case UNKNOWN -> Optional.empty();
    };
  }

  /**
   * A file of dracut's that is read behind each one that assigns {@code add_drivers} anew, and so
   * takes back what was added before it.
   */
  private static String dracutFile(Map<String, String> files) {
    String last =
        files.entrySet().stream()
            .filter(file -> file.getKey().startsWith(DRACUT) && file.getKey().endsWith(".conf"))
            .filter(
                file ->
                    ShellAssignments.of(new TextEdit("", file.getValue())).stream()
                        .anyMatch(variable -> variable.name().equals("add_drivers")))
            .map(Map.Entry::getKey)
            .max(Comparator.naturalOrder())
            .orElse("");
    return Stream.of("", "zz-", "zzzz-", "zzzzzzzz-")
        .map(prefix -> DRACUT + prefix + "hyper2kvm.conf")
        .filter(path -> path.compareTo(last) > 0)
        .findFirst()
        .orElse(DRACUT + "hyper2kvm.conf");
  }

  private static Optional<FileEdit> edit(
      String path, InitramfsGenerator generator, Map<String, String> files, Set<String> names) {
    String old = files.getOrDefault(path, "");
    Optional<String> text =
        switch (generator) {
          case INITRAMFS_TOOLS -> Optional.of(ModuleList.with(old, names));
          case DRACUT -> Optional.of(HEAD + "add_drivers+=\" " + String.join(" ", names) + " \"\n");
          case MKINITCPIO -> Optional.of(MkinitcpioConfig.with(files, names));
          case MKINITFS -> Optional.of(MkinitfsConfig.with(old, names));
          case BOOSTER -> BoosterConfig.with(old, names);
          case TINY_INITRAMFS -> Optional.of(TinyConfig.with(old, names));
          case UNKNOWN -> Optional.empty();
        };
    return text.filter(after -> !after.equals(old))
        .map(
            after ->
                new FileEdit(
                    path,
                    Optional.ofNullable(files.get(path)),
                    Optional.of(after),
                    FileEdit.KEEP_MODE,
                    List.of(
                        new Change(
                            path,
                            0,
                            "",
                            String.join(" ", names),
                            "initramfs-drop-in",
                            "the next kernel update must take the virtio drivers, too"))));
  }

  /** A text that ends with a line break, or is empty. */
  static String endingLine(String text) {
    return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
  }
}
