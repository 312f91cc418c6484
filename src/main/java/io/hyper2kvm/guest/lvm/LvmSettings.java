package io.hyper2kvm.guest.lvm;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code lvm.conf} or {@code lvmlocal.conf} says of devices, so that LVM looks at the guest's
 * physical volumes under the names that they have on virtio.
 */
public final class LvmSettings {

  /** Paths of the files inside guests; the second overrides the first. */
  public static final List<String> FILES = List.of("/etc/lvm/lvm.conf", "/etc/lvm/lvmlocal.conf");

  private static final String RULE = "lvm.filter";
  private static final List<String> FILTERS = List.of("devices/filter", "devices/global_filter");

  private LvmSettings() {}

  /**
   * Puts the volumes' names on virtio in front of filters that would refuse them, and {@code /dev}
   * among the folders that are scanned.
   *
   * @param file the file's path, or that of its copy in an initramfs, for the evidence
   */
  public static Edited stabilize(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    List<LvmDevice> devices = LvmDevice.of(disks);
    if (devices.isEmpty()) {
      return edit.result();
    }
    for (String name : FILTERS) {
      LvmConf.setting(text, name).ifPresent(filter -> filter(edit, filter, devices));
    }
    LvmConf.setting(text, "devices/scan")
        .filter(scan -> !scan.items().isEmpty())
        .filter(scan -> scan.items().stream().noneMatch(item -> isDev(item.text())))
        .ifPresent(
            scan ->
                insert(
                    edit,
                    scan,
                    List.of("/dev"),
                    "LVM looks for devices only in "
                        + scan.items().get(0).text()
                        + ", where virtio disks are not"));
    LvmConf.setting(text, "devices/dir")
        .filter(dir -> !dir.items().isEmpty() && !isDev(dir.items().get(0).text()))
        .ifPresent(
            dir ->
                edit.warn(
                    dir.items().get(0).start(),
                    "devices/dir is "
                        + dir.items().get(0).text()
                        + ": LVM looks for devices there and not in /dev; compare it with the guest"));
    return edit.result();
  }

  private static boolean isDev(String folder) {
    return folder.replaceAll("/+\\z", "").equals("/dev");
  }

  private static void filter(TextEdit edit, LvmConf.Setting setting, List<LvmDevice> devices) {
    if (setting.items().isEmpty()) {
      return;
    }
    List<String> patterns = setting.items().stream().map(LvmConf.Item::text).toList();
    Optional<LvmFilter> filter = LvmFilter.of(patterns);
    Set<String> added = new LinkedHashSet<>();
    List<String> places = new ArrayList<>();
    for (LvmDevice device : devices) {
      boolean passes = filter.filter(f -> f.passes(device.namesOnKvm())).isPresent();
      Optional<String> refused =
          filter
              .filter(f -> device.multipathNames().stream().noneMatch(f::accepts))
              .flatMap(f -> device.oldNames().stream().filter(f::refusesOnPurpose).findFirst());
      if (refused.isPresent()) {
        edit.warn(
            setting.items().get(0).start(),
            "%s refuses %s, which is %s; on virtio it is %s, which LVM %s: correct the filter if that is wrong"
                .formatted(
                    setting.name(),
                    refused.get(),
                    device.partition().place(),
                    device.namesOnKvm().get(0),
                    passes ? "looks at" : "refuses as well"));
      } else if (!passes) {
        if (filter.filter(f -> onlyOthersPass(f, device, devices)).isPresent()) {
          edit.warn(
              setting.items().get(0).start(),
              "%s accepts no %s, as %s may have been called, but other volumes: LVM looks at it on virtio; correct the filter if that is wrong, as for the disk below a DRBD"
                  .formatted(setting.name(), device.oldNames().get(0), device.partition().place()));
        }
        places.add(device.partition().place());
        device.namesOnKvm().forEach(name -> added.add("a|^" + name + "$|"));
      }
    }
    if (!added.isEmpty()) {
      String why =
          filter.isPresent() ? "refuses" : "has a pattern that is not known here; it may refuse";
      insert(
          edit,
          setting,
          added,
          "%s %s %s under the name that it has on virtio"
              .formatted(setting.name(), why, String.join(" and ", places)));
    } else {
      edit.leave(setting.items().get(0).start(), "it lets LVM look at its volumes on virtio");
    }
  }

  /** Whether the filter lets another volume pass by its kernel's name, and this one by none. */
  private static boolean onlyOthersPass(
      LvmFilter filter, LvmDevice device, List<LvmDevice> devices) {
    return device.oldNames().stream().noneMatch(name -> filter.passes(List.of(name)))
        && devices.stream()
            .flatMap(other -> other.oldNames().stream())
            .anyMatch(name -> filter.passes(List.of(name)));
  }

  private static void insert(
      TextEdit edit, LvmConf.Setting setting, Iterable<String> values, String reason) {
    LvmConf.Item first = setting.items().get(0);
    List<String> quoted = new ArrayList<>();
    values.forEach(value -> quoted.add('"' + value + '"'));
    String old = edit.text().substring(first.start(), first.end());
    String list = quoted.stream().collect(Collectors.joining(", ")) + ", " + old;
    edit.replace(
        first.start(), first.end(), setting.open() < 0 ? "[ " + list + " ]" : list, RULE, reason);
  }
}
