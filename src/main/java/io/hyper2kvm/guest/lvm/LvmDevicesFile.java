package io.hyper2kvm.guest.lvm;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.Excerpt;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.LeftAlone;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * LVM's devices file: where it is, LVM looks at the devices in it and at no others, and it names
 * them by what the hypervisor gives them. Without it LVM looks at all devices; so one whose entries
 * fit no disk on virtio is moved out of LVM's way.
 */
public final class LvmDevicesFile {

  /** The folder of such files in a guest. */
  public static final String FOLDER = "/etc/lvm/devices/";

  /** Added to the name of a file that is moved away. */
  static final String MOVED = ".before-kvm";

  private static final String USUAL = "system.devices";
  private static final String RULE = "lvm.devices-file";
  private static final int MAX_ENTRIES = 200;
  private static final Pattern WORD = Pattern.compile("(IDTYPE|PVID)=(\\S{1,200})");

  /** The kinds of identifiers that follow the content of a device. */
  private static final Set<String> STABLE =
      Set.of("lvmlv_uuid", "md_uuid", "crypt_uuid", "loop_file");

  private LvmDevicesFile() {}

  /** An entry of the file. */
  private record Entry(int line, String text, String type, String volume) {

    boolean isUnstable() {
      return !STABLE.contains(type);
    }
  }

  /**
   * Moves the devices file away that LVM uses, if it names disks as the old hypervisor did.
   *
   * @param files the guest's configuration files: content by path
   */
  public static EditPlan plan(Map<String, String> files, GuestDisks disks) {
    Optional<String> used = used(files);
    List<EditPlan> plans = new ArrayList<>();
    for (Map.Entry<String, String> file : files.entrySet()) {
      String path = file.getKey();
      if (!path.startsWith(FOLDER) || path.indexOf('/', FOLDER.length()) > 0) {
        continue;
      }
      if (used.filter(path::equals).isPresent()) {
        plans.add(moved(path, file.getValue(), disks));
      } else if (path.endsWith(".devices")) {
        plans.add(other(path, file.getValue(), used.isPresent()));
      }
    }
    return EditPlan.joined(plans);
  }

  /** Whether the text of a devices file names disks as the old hypervisor did. */
  public static boolean isUnstable(String text) {
    return entries(text).stream().anyMatch(Entry::isUnstable);
  }

  /** The file that LVM uses; empty when its configuration says that it uses none. */
  private static Optional<String> used(Map<String, String> files) {
    if (value(files, "devices/use_devicesfile").filter("0"::equals).isPresent()) {
      return Optional.empty();
    }
    String name = value(files, "devices/devicesfile").orElse(USUAL);
    return name.isEmpty() || name.contains("/") ? Optional.empty() : Optional.of(FOLDER + name);
  }

  private static Optional<String> value(Map<String, String> files, String setting) {
    return LvmSettings.FILES.stream()
        .flatMap(file -> LvmConf.setting(files.getOrDefault(file, ""), setting).stream())
        .filter(found -> !found.items().isEmpty())
        .map(found -> found.items().get(0).text())
        .reduce((first, second) -> second);
  }

  private static EditPlan moved(String path, String text, GuestDisks disks) {
    List<Entry> entries = entries(text);
    if (entries.stream().noneMatch(Entry::isUnstable)) {
      String reason =
          entries.isEmpty()
              ? "it has no entries: LVM uses no device at all, as before"
              : "its entries follow the content of the devices, the same on every hypervisor";
      return new EditPlan(
          List.of(), List.of(new LeftAlone(path, 0, "", reason)), List.of(), List.of());
    }
    String copy = path + MOVED;
    String reason =
        "LVM uses only the devices in this file, which have other identifiers on virtio; without"
            + " the file it looks at all devices; the file is kept as "
            + copy;
    List<Change> lines =
        entries.stream()
            .map(e -> new Change(path, e.line(), Excerpt.of(e.text()), "", RULE, reason))
            .toList();
    Change kept = new Change(copy, 0, "", "the content of " + path, RULE, "LVM does not read it");
    return new EditPlan(
        List.of(
            new FileEdit(copy, Optional.empty(), Optional.of(text), 0600, List.of(kept)),
            FileEdit.removal(path, text, lines)),
        List.of(),
        unlisted(path, entries, disks),
        List.of());
  }

  /** The physical volumes that LVM did not look at until now. */
  private static List<String> unlisted(String path, List<Entry> entries, GuestDisks disks) {
    Set<String> listed = new HashSet<>();
    entries.forEach(entry -> listed.add(entry.volume()));
    return LvmDevice.of(disks).stream()
        .filter(device -> !device.id().isEmpty() && !listed.contains(device.id()))
        .map(
            device ->
                "%s: it has no entry for the physical volume on %s; without the file LVM looks at that one, too"
                    .formatted(path, device.partition().place()))
        .toList();
  }

  private static EditPlan other(String path, String text, boolean inUse) {
    return entries(text).stream()
        .filter(Entry::isUnstable)
        .findFirst()
        .map(
            entry ->
                new EditPlan(
                    List.of(),
                    List.of(
                        new LeftAlone(
                            path, entry.line(), entry.text(), "LVM does not use it by itself")),
                    inUse
                        ? List.of(
                            "%s:%d: it names a disk as the old hypervisor did; commands with --devicesfile do not find it on virtio"
                                .formatted(path, entry.line()))
                        : List.of(),
                    List.of()))
        .orElse(EditPlan.NOTHING);
  }

  private static List<Entry> entries(String text) {
    List<Entry> entries = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", MAX_ENTRIES)) {
      number++;
      String type = "";
      String volume = "";
      Matcher word = WORD.matcher(line.startsWith("#") ? "" : line);
      while (word.find()) {
        if (word.group(1).equals("IDTYPE")) {
          type = word.group(2).toLowerCase(Locale.ROOT);
        } else {
          volume = word.group(2);
        }
      }
      if (!type.isEmpty()) {
        entries.add(new Entry(number, line, type, volume));
      }
    }
    return entries;
  }
}
