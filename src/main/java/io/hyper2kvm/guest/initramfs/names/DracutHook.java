package io.hyper2kvm.guest.initramfs.names;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hook of dracut that host-only mode has written for a device of the machine it ran on: a shell
 * script of lines such as {@code [ -e "/dev/disk/by-path/…" ]}. As long as one of those in {@code
 * initqueue/finished} fails, dracut waits, and gives up in the end.
 */
final class DracutHook {

  private static final Pattern FILE =
      Pattern.compile(
          "((usr|var)/)?lib/dracut/hooks/(initqueue/finished/[^/]+|emergency/80-[^/]+)\\.sh");
  private static final Pattern DEVICE = Pattern.compile("\"(/dev/[^\"\\s]{1,400})\"");
  private static final Pattern CONDITION =
      Pattern.compile("\\s*\\[ -[ebL] \"/dev/[^\"\\s]{1,400}\" \\]\\s*");
  private static final String RULE = "initramfs.wait-for-device";

  private DracutHook() {}

  /** Whether a file of an initramfs is such a hook. */
  static boolean isHook(String file) {
    return FILE.matcher(file).matches();
  }

  /**
   * Gives the devices stable names. A line that only waits for a device that cannot be traced waits
   * no more; another one stays, with a warning.
   *
   * @param name the file's name for the evidence
   * @param file its path in the initramfs
   */
  static Edited stabilize(String name, String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(name, text);
    for (int line = 0; line < edit.lineCount(); line++) {
      String code = edit.line(line);
      if (code.strip().startsWith("#")) {
        continue;
      }
      Matcher device = DEVICE.matcher(code);
      while (device.find()) {
        if (DeviceNames.isUnstable(device.group(1)) && !device(edit, line, device, disks)) {
          untraced(edit, line, device.group(1), file);
          break;
        }
      }
    }
    return edit.result();
  }

  private static boolean device(TextEdit edit, int line, Matcher device, GuestDisks disks) {
    String name = device.group(1);
    Optional<GuestPartition> partition = disks.resolve(name);
    Optional<String> stable = partition.flatMap(disks::stableName).flatMap(DracutHook::path);
    stable.ifPresent(
        path ->
            edit.replace(
                edit.lineStart(line) + device.start(1),
                edit.lineStart(line) + device.end(1),
                path,
                RULE,
                "%s can change between hypervisors; it is %s"
                    .formatted(name, partition.orElseThrow().place())));
    return stable.isPresent();
  }

  private static void untraced(TextEdit edit, int line, String device, String file) {
    boolean waits = file.contains("/finished/") && CONDITION.matcher(edit.line(line)).matches();
    if (waits) {
      edit.replaceLine(
          line, ":", RULE, device + " is not on this machine, and dracut would wait for it");
    } else if (file.contains("/finished/")) {
      edit.warn(
          edit.lineStart(line),
          device + " is no name on this machine, and dracut may wait for it for minutes");
    }
  }

  /** The link of a tag such as {@code UUID=…}, with which the shell can see whether it is there. */
  private static Optional<String> path(String name) {
    if (name.startsWith("/dev/")) {
      return Optional.of(name);
    }
    if (name.startsWith("UUID=")) {
      return Optional.of("/dev/disk/by-uuid/" + name.substring("UUID=".length()));
    }
    return name.startsWith("PARTUUID=")
        ? Optional.of("/dev/disk/by-partuuid/" + name.substring("PARTUUID=".length()))
        : Optional.empty();
  }
}
