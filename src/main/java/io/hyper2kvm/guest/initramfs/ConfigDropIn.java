package io.hyper2kvm.guest.initramfs;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.initramfs.archive.CpioReader;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import io.hyper2kvm.guest.initramfs.modules.ModuleFile;
import io.hyper2kvm.guest.initramfs.modules.ModuleList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The file of a guest which makes its own generator include the modules when it builds the next
 * initramfs, at the next kernel update.
 */
public final class ConfigDropIn {

  private static final String HEAD =
      "# Written by hyper2kvm: this machine moved to KVM and needs its virtio drivers early.\n";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,64}");
  private static final Pattern FEATURES = Pattern.compile("(?m)^(features=\"[^\"\\n]{0,4000})\"");

  private ConfigDropIn() {}

  private static Optional<String> pathFor(InitramfsGenerator generator) {
    return switch (generator) {
      case INITRAMFS_TOOLS -> Optional.of("/etc/initramfs-tools/modules");
      case DRACUT -> Optional.of("/etc/dracut.conf.d/hyper2kvm.conf");
      case MKINITCPIO -> Optional.of("/etc/mkinitcpio.conf");
      case MKINITFS -> Optional.of("/etc/mkinitfs/mkinitfs.conf");
      case UNKNOWN -> Optional.empty();
    };
  }

  /**
   * The edit that is needed; empty if the file says it already or the generator is unknown.
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
        : pathFor(generator).flatMap(path -> edit(path, generator, files, names));
  }

  private static Optional<FileEdit> edit(
      String path, InitramfsGenerator generator, Map<String, String> files, Set<String> names) {
    String old = files.getOrDefault(path, "");
    String text =
        switch (generator) {
          case INITRAMFS_TOOLS -> ModuleList.with(old, names);
          case DRACUT -> HEAD + "add_drivers+=\" " + String.join(" ", names) + " \"\n";
          case MKINITCPIO -> mkinitcpio(old, names);
          case MKINITFS -> mkinitfs(old);
          case UNKNOWN -> old;
        };
    if (text.equals(old)) {
      return Optional.empty();
    }
    Change change =
        new Change(
            path,
            0,
            "",
            String.join(" ", names),
            "initramfs-drop-in",
            "the next kernel update must take the virtio drivers, too");
    return Optional.of(
        new FileEdit(
            path,
            Optional.ofNullable(files.get(path)),
            Optional.of(text),
            FileEdit.KEEP_MODE,
            List.of(change)));
  }

  /** The file is a shell script: a line at its end adds to MODULES whatever stands before. */
  private static String mkinitcpio(String text, Set<String> names) {
    var lacking = new ArrayList<>(names);
    boolean within = false;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      String code = line.split("#", 2)[0].strip();
      boolean begins = code.startsWith("MODULES=") || code.startsWith("MODULES+=");
      if (begins || within) {
        within = !code.contains(")") && (within || code.contains("("));
        lacking.removeAll(List.of(ModuleFile.normalized(code).split("[^A-Za-z0-9_]+")));
      }
    }
    return lacking.isEmpty()
        ? text
        : endingLine(text) + HEAD + "MODULES+=(" + String.join(" ", lacking) + ")\n";
  }

  /** Alpine names features, not modules; its own feature virtio is the drivers wanted here. */
  private static String mkinitfs(String text) {
    var features = FEATURES.matcher(text);
    if (!features.find()) {
      return text;
    }
    boolean has = List.of(features.group(1).split("[\" ]+")).contains("virtio");
    return has ? text : features.replaceFirst("$1 virtio\"");
  }

  private static String endingLine(String text) {
    return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
  }
}
