package io.hyper2kvm.guest.fstab;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.DiskName;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.disk.NamedDisks;
import io.hyper2kvm.guest.disk.RootDevice;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an fstab itself tells of the names in it: its root row is the file system that it was read
 * from, and a distribution's installer notes above a row how it saw that row's device.
 */
final class TableNames {

  private static final Pattern INSTALLED =
      Pattern.compile("#\\s{0,8}\\S{1,200} was on (/dev/\\S{1,200}) during installation\\s{0,8}");

  private TableNames() {}

  /** The disks with what the table tells of their names. */
  static GuestDisks learned(String text, List<Fstab.Row> rows, GuestDisks disks) {
    List<NamedDisks.Anchor> anchors = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Fstab.Row row : rows) {
      if (!row.isOptical()) {
        names.add(row.device());
        if (row.isRoot()) {
          disks
              .rootNamed(row.device())
              .ifPresent(root -> anchors.add(new NamedDisks.Anchor(row.device(), root)));
        }
      }
    }
    anchors.addAll(notes(text, rows, disks));
    return disks.withOrder(disks.order().knowing(shown(rows, disks))).withNames(anchors, names);
  }

  /** The disks of names that the table itself shows: its root row, and the positions of IDE. */
  private static Map<String, Integer> shown(List<Fstab.Row> rows, GuestDisks disks) {
    Map<String, Integer> shown = new HashMap<>();
    for (Fstab.Row row : rows) {
      boolean position =
          DiskName.of(row.device()).filter(name -> name.family().equals("hd")).isPresent();
      Optional<GuestPartition> device =
          row.isRoot()
              ? RootDevice.of(row.device(), disks).filter(disks::isRoot)
              : position ? disks.resolve(row.device()) : Optional.empty();
      device
          .filter(d -> d.disk() >= 0 && DeviceNames.isKernelName(row.device()))
          .ifPresent(d -> shown.putIfAbsent(row.device(), d.disk()));
    }
    return shown;
  }

  private static List<NamedDisks.Anchor> notes(
      String text, List<Fstab.Row> rows, GuestDisks disks) {
    Map<Integer, Fstab.Row> byLine = new HashMap<>();
    rows.forEach(row -> byLine.put(row.line(), row));
    List<NamedDisks.Anchor> anchors = new ArrayList<>();
    TextEdit lines = new TextEdit(Fstab.FILE, text);
    for (int line = 0; line < lines.lineCount() && anchors.size() < Fstab.MAX_ROWS; line++) {
      Fstab.Row row = byLine.get(line + 2);
      if (row == null || DeviceNames.isUnstable(row.device())) {
        continue;
      }
      Matcher note = INSTALLED.matcher(lines.line(line));
      if (note.matches()) {
        Optional<GuestPartition> device = disks.resolve(row.device());
        device
            .map(partition -> new NamedDisks.Anchor(note.group(1), partition))
            .ifPresent(anchors::add);
      }
    }
    return anchors;
  }
}
