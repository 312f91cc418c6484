package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.DeviceNumber;
import io.hyper2kvm.guest.disk.DeviceTag;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.disk.RootDevice;
import io.hyper2kvm.guest.disk.StableReference;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code root=} and {@code resume=} words of a kernel command line, wherever it stands. Nothing
 * else in the line changes, quotes around it included.
 */
final class KernelCommandLine {

  private static final String ROOT_RULE = "cmdline.root";
  private static final String RESUME_RULE = "cmdline.resume";

  /** dracut's long form: {@code root=block:/dev/sda1}. */
  private static final String BLOCK = "block:";

  private static final Pattern VERSION = Pattern.compile("-([0-9]{1,3})\\.([0-9]{1,3})");

  /** The kernel's file is named at the beginning of its statement. */
  private static final int MAX_PATH = 512;

  private final TextEdit edit;
  private final String text;
  private final GuestDisks disks;
  private final RootFinder finder;

  /** Whether the name of the kernel says that it is one that knows {@code root=PARTUUID=}. */
  private boolean knowsPartUuid;

  private KernelCommandLine(TextEdit edit, GuestDisks disks, RootFinder finder) {
    this.edit = edit;
    this.text = edit.text();
    this.disks = disks;
    this.finder = finder;
  }

  /**
   * Gives {@code root=} and {@code resume=} between two offsets names that hold on every
   * hypervisor. A root device that cannot be resolved is a failure, anything else a warning.
   *
   * @param initramfs whether the kernel boots with one; without, it knows {@code PARTUUID=} only
   */
  static void scan(TextEdit edit, int from, int to, GuestDisks disks, boolean initramfs) {
    scan(edit, from, to, disks, RootFinder.of(initramfs));
  }

  /** As {@link #scan(TextEdit, int, int, GuestDisks, boolean)}, by what finds the root. */
  static void scan(TextEdit edit, int from, int to, GuestDisks disks, RootFinder finder) {
    new KernelCommandLine(edit, disks, finder).words(from, to);
  }

  /** Edits a value that stands alone and is used as {@code root=} elsewhere in the file. */
  static void rootValue(TextEdit edit, int start, int end, GuestDisks disks, RootFinder finder) {
    if (end - start <= DeviceNames.MAX_LENGTH) {
      new KernelCommandLine(edit, disks, finder)
          .device("root", ROOT_RULE, start, edit.text().substring(start, end));
    }
  }

  /** The value of the last word with this key, or empty; the kernel too takes the last. */
  static Optional<String> value(String cmdline, String key) {
    Optional<String> found = Optional.empty();
    int at = 0;
    while (at < cmdline.length()) {
      int start = wordStart(cmdline, at, cmdline.length());
      int end = wordEnd(cmdline, start, cmdline.length());
      if (cmdline.startsWith(key + "=", start)) {
        int valueStart = start + key.length() + 1;
        if (valueStart == end) {
          valueStart = openingQuote(cmdline, end, cmdline.length());
          end = wordEnd(cmdline, valueStart, cmdline.length());
        }
        if (valueStart <= end) {
          found = Optional.of(cmdline.substring(valueStart, end));
        }
      }
      at = Math.max(end, start + 1);
    }
    return found;
  }

  private void words(int from, int to) {
    knowsPartUuid =
        finder == RootFinder.KERNEL
            && isRecent(text.substring(from, Math.min(to, from + MAX_PATH)));
    int at = from;
    while (at < to) {
      int start = wordStart(text, at, to);
      int end = wordEnd(text, start, to);
      int equals = TextEdit.indexOf(text, '=', start, end);
      if (equals >= 0) {
        int valueStart = equals + 1;
        if (valueStart == end) {
          valueStart = openingQuote(text, end, to);
          end = wordEnd(text, valueStart, to);
        }
        word(text.substring(start, equals), valueStart, end);
      }
      at = Math.max(end, start + 1);
    }
  }

  private void word(String key, int start, int end) {
    if (end - start > DeviceNames.MAX_LENGTH) {
      return;
    }
    String value = text.substring(start, end);
    if (key.equals("root")) {
      int prefix = value.startsWith(BLOCK) ? BLOCK.length() : 0;
      device("root", ROOT_RULE, start + prefix, value.substring(prefix));
    } else if (key.equals("resume")) {
      device("resume", RESUME_RULE, start, value);
    } else {
      if (DeviceNames.isUnstable(value) || DeviceNames.unstableIn(value).isPresent()) {
        edit.leave(start, "only root= and resume= are changed on a kernel command line");
        edit.warn(start, key + "= names " + value + ", which can change between hypervisors");
      }
    }
  }

  private void device(String key, String rule, int start, String device) {
    if (!DeviceNames.isUnstable(device) && !DeviceNumber.is(device)) {
      stays(key, start, device);
      return;
    }
    Optional<GuestPartition> partition =
        key.equals("root")
            ? RootDevice.of(device, disks)
            : disks.resolve(DeviceNumber.name(device).orElse(device));
    Optional<String> name = partition.flatMap(this::nameFor);
    if (name.isEmpty()) {
      String problem =
          partition.isEmpty()
              ? key + "=" + device + ": " + disks.whyUnresolved(device)
              : key
                  + "="
                  + device
                  + " is "
                  + partition.get().place()
                  + ", which has no unique "
                  + (finder == RootFinder.KERNEL
                      ? "PARTUUID, and this kernel boots without an initramfs"
                      : "UUID");
      edit.leave(start, problem);
      if (key.equals("root")) {
        edit.fail(start, problem);
      } else {
        edit.warn(start, problem);
      }
      return;
    }
    edit.replace(
        start,
        start + device.length(),
        name.get(),
        rule,
        device + " can change between hypervisors; it is " + partition.get().place());
    if (finder == RootFinder.EITHER
        && name.get().startsWith("UUID=")
        && partition.get().number() > 0) {
      edit.warn(
          start,
          "%s=%s: a kernel that boots without an initramfs does not know UUID, and the partition has no unique PARTUUID; see that the initramfs is there"
              .formatted(key, name.get()));
    }
    if (finder == RootFinder.KERNEL && !knowsPartUuid) {
      edit.warn(
          start,
          "%s=%s: the kernel boots without an initramfs, and one before 3.8 (2.6.37 on a GPT disk) does not know PARTUUID; give it an initramfs, or a newer kernel"
              .formatted(key, name.get()));
    }
    if (partition.filter(disks::isRoot).isEmpty()) {
      disks.caution(device, key + "=").ifPresent(caution -> edit.warn(start, caution));
    }
  }

  private Optional<String> nameFor(GuestPartition partition) {
    return switch (finder) {
      case INITRAMFS -> disks.stableName(partition);
      case KERNEL -> disks.partUuidName(partition);
      case EITHER -> disks.partUuidName(partition).or(() -> disks.stableName(partition));
    };
  }

  private void stays(String key, int start, String device) {
    if (device.startsWith("/dev/") || DeviceTag.of(device).isPresent()) {
      if (StableReference.resolvesToNothing(device, disks)) {
        String problem = key + "=" + device + " leads to no device of this VM, or to several";
        edit.leave(start, problem);
        edit.warn(start, problem);
      } else {
        edit.leave(start, key + "=" + device + " is " + DeviceNames.whyItStays(device, ""));
      }
    }
  }

  /** Whether the first version in a text, that of the kernel's file, is 3.8 or later. */
  private static boolean isRecent(String statement) {
    Matcher version = VERSION.matcher(statement);
    if (!version.find()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major > 3 || major == 3 && Integer.parseInt(version.group(2)) >= 8;
  }

  private static int wordStart(String text, int from, int to) {
    int at = from;
    while (at < to && isSeparator(text, at, to)) {
      at++;
    }
    return at;
  }

  private static int wordEnd(String text, int from, int to) {
    int at = from;
    while (at < to && !isSeparator(text, at, to)) {
      at++;
    }
    return Math.max(at, from);
  }

  /** Behind the quote of {@code root="…"} (in a shell string {@code root=\"…\"}), or {@code at}. */
  private static int openingQuote(String text, int at, int to) {
    int quote = at < to && text.charAt(at) == '\\' ? at + 1 : at;
    return quote < to && isQuote(text.charAt(quote)) ? quote + 1 : at;
  }

  private static boolean isSeparator(String text, int at, int to) {
    char c = text.charAt(at);
    if (c == '\\') {
      char next = at + 1 < to ? text.charAt(at + 1) : '\n';
      return isQuote(next) || next == '\n' || next == '\r';
    }
    return c <= ' ' || c == ';' || isQuote(c);
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }
}
