package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.Columns;
import io.hyper2kvm.guest.edit.Excerpt;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.List;
import java.util.Optional;

/**
 * {@code device.map} of GRUB: it ties GRUB's disk numbers to device names of the old hypervisor.
 * GRUB finds the disks itself when the file is absent.
 */
public final class DeviceMap {

  private static final int COLUMNS = 2;

  private DeviceMap() {}

  /** Whether a line names a device that can change between hypervisors. */
  private static boolean isStale(String text) {
    TextEdit lines = new TextEdit("", text);
    for (int line = 0; line < lines.lineCount(); line++) {
      List<Columns.Column> columns =
          Columns.of(text, lines.lineStart(line), lines.lineEnd(line), COLUMNS);
      if (columns.size() == 2
          && columns.get(0).value().startsWith("(")
          && DeviceNames.isUnstable(columns.get(1).value())) {
        return true;
      }
    }
    return false;
  }

  /** The removal of a stale file; empty if the file may stay. */
  public static Optional<FileEdit> removal(String file, String text) {
    if (!isStale(text)) {
      return Optional.empty();
    }
    Change change =
        new Change(
            file,
            0,
            Excerpt.of(text),
            "",
            "device-map",
            "it names disks as the old hypervisor did; GRUB finds them itself without it");
    return Optional.of(FileEdit.removal(file, text, List.of(change)));
  }
}
