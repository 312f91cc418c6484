package io.hyper2kvm.guest.fstab;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Options of a mount that name further devices: where XFS and ext4 have their journals, the other
 * devices of a btrfs, and what systemd is to wait for. Without such a device the mount fails.
 */
final class MountOptions {

  private static final Pattern OPTION =
      Pattern.compile(
          "(?:^|,)(logdev|rtdev|journal_path|device"
              + "|x-systemd\\.(?:requires|after|before|wants|bindsto|device-bound))"
              + "=(\"?)(/dev/[^\\s,\"]{1,400}|dev-[^\\s,\"]{1,400}\\.device)");

  private static final String UNIT = ".device";

  /** A device in an option, by its path or its unit, and its place in the text of the options. */
  private record Named(String option, String device, boolean unit, int start, int end) {}

  private MountOptions() {}

  private static List<Named> named(String options) {
    List<Named> found = new ArrayList<>();
    Matcher option = OPTION.matcher(options);
    while (option.find()) {
      String written = option.group(3);
      boolean unit = written.endsWith(UNIT) && !written.startsWith("/");
      String device =
          unit ? UnitName.path(written.substring(0, written.length() - UNIT.length())) : written;
      if (DeviceNames.isUnstable(device)) {
        found.add(new Named(option.group(1), device, unit, option.start(3), option.end(3)));
      }
    }
    return found;
  }

  private static Fstab.Row asRow(Named named, Fstab.Row row) {
    return new Fstab.Row(
        row.line(),
        named.device(),
        "option %s of %s".formatted(named.option(), row.mountPoint()),
        "",
        "");
  }

  /** The devices that a row's options name and that can change, each as a row of its own. */
  static List<Fstab.Row> unstable(Fstab.Row row) {
    return named(row.options()).stream().map(named -> asRow(named, row)).toList();
  }

  /**
   * Gives these devices names that hold.
   *
   * @param start where the options stand in the text
   * @param end behind them
   * @param resolver finds the name of a device
   */
  static void stabilize(
      TextEdit edit,
      int start,
      int end,
      Fstab.Row row,
      String rule,
      Function<Fstab.Row, FstabDevices.Resolution> resolver) {
    for (Named named : named(edit.text().substring(start, end))) {
      FstabDevices.Resolution found = resolver.apply(asRow(named, row));
      int at = start + named.start();
      if (found.name().isEmpty()) {
        edit.leave(at, found.reason());
        edit.warn(
            at,
            "%s in the option %s of %s stays: %s"
                .formatted(named.device(), named.option(), row.mountPoint(), found.reason()));
      } else {
        String link = link(found.name().get());
        edit.replace(
            at,
            start + named.end(),
            named.unit() ? UnitName.of(link) + UNIT : link,
            rule,
            found.reason());
        found.caution().ifPresent(caution -> edit.warn(at, caution));
      }
    }
  }

  /** The path of a device with this name; not everything that reads a path knows tags. */
  static String link(String name) {
    int equals = name.indexOf('=');
    return equals < 0
        ? name
        : "/dev/disk/by-"
            + name.substring(0, equals).toLowerCase(Locale.ROOT)
            + "/"
            + name.substring(equals + 1);
  }
}
