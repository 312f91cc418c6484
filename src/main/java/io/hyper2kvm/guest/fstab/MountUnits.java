package io.hyper2kvm.guest.fstab;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.StableReference;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.Excerpt;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * systemd's own units for mounts and swap, which name devices as rows of fstab do, and the units of
 * devices that they wait for.
 */
final class MountUnits {

  private static final String RULE = "unit.stabilize";
  private static final int MAX_UNITS = 500;

  private static final Pattern FILE =
      Pattern.compile(
          "/(?:etc|usr/local/lib)/systemd/system/(?:[^/]{1,250}\\.(?:mount|swap|automount)"
              + "|[^/]{1,250}\\.(?:mount|swap|automount)\\.d/[^/]{1,250}\\.conf)");

  /** Links to a unit that make it start. */
  private static final Pattern LINK =
      Pattern.compile("/etc/systemd/system/[^/]{1,250}\\.(?:wants|requires)/([^/]{1,250})");

  private static final Pattern DEVICE_UNIT =
      Pattern.compile("(?:systemd-fsck@)?(dev-[^\\s,]{1,400}?)\\.(device|service)(?=\\s|\\z)");

  private static final Pattern KEY = Pattern.compile("\\s{0,8}([A-Za-z]{1,40})\\s{0,8}=\\s{0,8}");

  /** What one unit says. */
  private record Unit(String file, TextEdit edit, Fstab.Row row, int start, int end) {}

  private final Map<String, String> files;
  private final GuestDisks disks;
  private final String table;
  private final List<Fstab.Row> rows;
  private final List<EditPlan> plans = new ArrayList<>();
  private final List<Unit> swaps = new ArrayList<>();

  private MountUnits(Map<String, String> files, String table, GuestDisks disks) {
    this.files = files;
    this.disks = disks;
    this.table = table;
    this.rows = Fstab.rows(table);
  }

  /** Whether a file of the guest is such a unit, a part of one, or a link to one. */
  static boolean isUnit(String path) {
    Matcher link = LINK.matcher(path);
    return FILE.matcher(path).matches() || (link.matches() && link.group(1).endsWith(".swap"));
  }

  /** Whether it is a link that starts one of these units, whose text it would repeat. */
  static boolean isLinkTo(String path, Collection<String> units) {
    Matcher link = LINK.matcher(path);
    return link.matches()
        && units.stream().anyMatch(unit -> isUnit(unit) && unit.endsWith("/" + link.group(1)));
  }

  /**
   * Gives the units names of devices that hold. The name of a swap unit is its device's, so one
   * that must change becomes a row of fstab.
   *
   * @param files the guest's configuration files: content by path
   * @param table its fstab as it was, whose names are of the same kind as the units'
   */
  static EditPlan plan(Map<String, String> files, String table, GuestDisks disks) {
    MountUnits units = new MountUnits(files, table, disks);
    files.keySet().stream()
        .filter(path -> FILE.matcher(path).matches())
        .limit(MAX_UNITS)
        .forEach(units::unit);
    units.swapRows();
    return EditPlan.joined(units.plans);
  }

  private void unit(String path) {
    TextEdit edit = new TextEdit(path, files.get(path));
    Optional<Unit> unit = read(path, edit);
    boolean swap = path.endsWith(".swap");
    if (unit.isPresent() && DeviceNames.isUnstable(unit.get().row().device())) {
      FstabDevices.Resolution found = resolve(unit.get().row());
      if (found.name().isEmpty()) {
        String problem =
            "%s for %s stays: %s"
                .formatted(
                    unit.get().row().device(), unit.get().row().mountPoint(), found.reason());
        edit.leave(unit.get().start(), found.reason());
        edit.warn(unit.get().start(), problem);
      } else if (swap) {
        swaps.add(unit.get());
        return;
      } else {
        edit.replace(
            unit.get().start(),
            unit.get().end(),
            MountOptions.link(found.name().get()),
            RULE,
            found.reason());
        found.caution().ifPresent(caution -> edit.warn(unit.get().start(), caution));
      }
    } else if (unit.isPresent()
        && StableReference.resolvesToNothing(unit.get().row().device(), disks)) {
      edit.warn(
          unit.get().start(),
          unit.get().row().device() + " leads to no device of this VM, or to several");
    }
    options(edit, unit);
    dependencies(edit);
    plans.add(edit.result().plan());
  }

  private FstabDevices.Resolution resolve(Fstab.Row row) {
    List<Fstab.Row> all = new ArrayList<>(rows);
    all.add(row);
    return new FstabDevices(table, all, disks).resolve(row);
  }

  /** The unit as a row; empty when it names no device. */
  private static Optional<Unit> read(String path, TextEdit edit) {
    Map<String, String> values = new LinkedHashMap<>();
    int line = -1;
    int start = 0;
    for (int i = 0; i < edit.lineCount(); i++) {
      String text = edit.line(i);
      Matcher key = KEY.matcher(text);
      if (key.lookingAt()) {
        values.put(key.group(1), text.substring(key.end()).stripTrailing());
        if (key.group(1).equals("What")) {
          line = i;
          start = edit.lineStart(i) + key.end();
        }
      }
    }
    String what = values.getOrDefault("What", "");
    if (what.isEmpty()) {
      return Optional.empty();
    }
    String device = unquoted(what);
    Fstab.Row row =
        new Fstab.Row(
            line + 1,
            device,
            values.getOrDefault("Where", path.contains(".swap") ? "swap" : path),
            path.contains(".swap") ? "swap" : values.getOrDefault("Type", ""),
            options(path, values));
    return Optional.of(new Unit(path, edit, row, start, start + what.length()));
  }

  /** A row has the priority of a swap unit among its options. */
  private static String options(String path, Map<String, String> values) {
    String options = values.getOrDefault("Options", "");
    String priority = values.getOrDefault("Priority", "");
    if (path.contains(".swap") && priority.matches("-?[0-9]{1,5}") && !options.contains("pri=")) {
      options += (options.isEmpty() ? "" : ",") + "pri=" + priority;
    }
    return options.isEmpty() ? "defaults" : options;
  }

  private static String unquoted(String value) {
    return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  /** The devices in the options of a mount; a part of a unit may have nothing else. */
  private void options(TextEdit edit, Optional<Unit> unit) {
    Fstab.Row row = unit.map(Unit::row).orElseGet(() -> new Fstab.Row(1, "", edit.file(), "", ""));
    for (int i = 0; i < edit.lineCount(); i++) {
      Matcher key = KEY.matcher(edit.line(i));
      if (key.lookingAt() && key.group(1).equals("Options")) {
        MountOptions.stabilize(
            edit, edit.lineStart(i) + key.end(), edit.lineEnd(i), row, RULE, this::resolve);
      }
    }
  }

  private void dependencies(TextEdit edit) {
    for (int i = 0; i < edit.lineCount(); i++) {
      String line = edit.line(i);
      if (line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      Matcher unit = DEVICE_UNIT.matcher(line);
      while (unit.find()) {
        String device = UnitName.path(unit.group(1));
        boolean own = unit.group(2).equals("device") || unit.group().startsWith("systemd-fsck@");
        if (!own || !DeviceNames.isUnstable(device)) {
          continue;
        }
        int start = edit.lineStart(i) + unit.start(1);
        Optional<String> name = disks.resolve(device).flatMap(disks::stableName);
        if (name.isPresent()) {
          edit.replace(
              start,
              start + unit.group(1).length(),
              UnitName.of(MountOptions.link(name.get())),
              RULE,
              device + " can change between hypervisors, and the unit waits for it");
        } else {
          edit.warn(start, "the unit waits for " + device + ", which has another name on virtio");
        }
      }
    }
  }

  private void swapRows() {
    if (swaps.isEmpty()) {
      return;
    }
    TextEdit table = new TextEdit(Fstab.FILE, files.getOrDefault(Fstab.FILE, ""));
    for (Unit swap : swaps) {
      String name = resolve(swap.row()).name().orElseThrow();
      String options = swap.row().options().isBlank() ? "defaults" : swap.row().options();
      table.append(
          name + " none swap " + options.replaceAll("\\s", "") + " 0 0",
          RULE,
          "in the place of %s, whose name is that of %s"
              .formatted(swap.file(), swap.row().device()));
      remove(swap.file(), "a row of fstab with a name that holds takes its place");
      String own = swap.file().substring(swap.file().lastIndexOf('/') + 1);
      for (String path : files.keySet()) {
        Matcher link = LINK.matcher(path);
        if (link.matches() && link.group(1).equals(own)) {
          remove(path, "it starts " + swap.file() + ", which is gone");
        }
      }
    }
    plans.add(table.result().plan());
  }

  private void remove(String path, String reason) {
    String text = files.get(path);
    plans.add(
        EditPlan.of(
            FileEdit.removal(
                path, text, List.of(new Change(path, 0, Excerpt.of(text), "", RULE, reason)))));
  }
}
