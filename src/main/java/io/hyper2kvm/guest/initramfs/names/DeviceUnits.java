package io.hyper2kvm.guest.initramfs.names;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.fstab.UnitName;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Units of devices that systemd waits for in an initramfs of dracut's host-only mode: a link in
 * {@code initrd.target.wants}, and mostly a time limit of "never". A link cannot be taken out of an
 * archive, but the time limit can be set: the target only wants the device.
 */
final class DeviceUnits {

  private static final Pattern LINK =
      Pattern.compile("etc/systemd/system/[^/]+\\.wants/(dev-[^/]+)\\.device");
  private static final String LIMIT = "JobTimeoutSec=1\nJobRunningTimeoutSec=1\n";

  private DeviceUnits() {}

  /** The time limits, by path in the initramfs. */
  static Map<String, Edited> stabilize(String initramfs, InitramfsContents contents) {
    Set<String> units = new TreeSet<>();
    for (String path : contents.tree().entries().keySet()) {
      Matcher link = LINK.matcher(path);
      if (link.matches() && DeviceNames.isUnstable(UnitName.path(link.group(1)))) {
        units.add(link.group(1));
      }
    }
    Map<String, Edited> edits = new TreeMap<>();
    for (String unit : units) {
      String file = "etc/systemd/system/" + unit + ".device.d/timeout.conf";
      String text =
          contents
              .content(file)
              .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
              .orElse("");
      if (!text.endsWith(LIMIT)) {
        TextEdit edit = new TextEdit(initramfs + ":" + file, text);
        edit.append(
            (text.contains("[Unit]") ? "" : "[Unit]\n") + LIMIT.stripTrailing(),
            "initramfs.wait-for-device",
            UnitName.path(unit) + " is no name on this machine, and systemd would wait for it");
        edits.put(file, edit.result());
      }
    }
    return edits;
  }
}
