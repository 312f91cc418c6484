package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /etc/lilo.conf} and ELILO's {@code elilo.conf}. LILO boots what its program has written
 * into its own map, which the file alone does not change; ELILO reads its file at each start. In
 * both a root that can change is refused.
 */
final class Lilo {

  private Lilo() {}

  /** Changes nothing; a {@code root=} that can change is a failure. */
  static Edited judge(String file, String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(file, text);
    for (int line = 0; line < edit.lineCount(); line++) {
      Optional<String> root = root(edit, line);
      if (root.filter(DeviceNames::isUnstable).isPresent()) {
        edit.fail(
            edit.lineStart(line),
            LoaderSettings.hasLilo(Map.of(file, ""))
                ? "root="
                    + root.get()
                    + " is compiled into the map of the boot loader, which is not rewritten here; name"
                    + " a UUID or a label, run the loader's program in the guest, or install GRUB"
                : "root="
                    + root.get()
                    + " of ELILO is not rewritten here; name a UUID or a label there");
      } else if (root.isPresent()) {
        edit.leave(edit.lineStart(line), "not rewritten here; root= is " + root.get());
      }
    }
    return edit.result();
  }

  /** A failure at the first line that a serial console would be added to. */
  static void refuseSerialConsole(TextEdit edit) {
    int at = 0;
    for (int line = edit.lineCount() - 1; line >= 0; line--) {
      String words = edit.line(line).strip();
      at = words.startsWith("append") || words.startsWith("image") ? edit.lineStart(line) : at;
    }
    edit.fail(
        at,
        LoaderSettings.hasLilo(Map.of(edit.file(), ""))
            ? "the serial console cannot be added: the command line is compiled into the map of the"
                + " boot loader, which is not rewritten here; add it to append= and run lilo in the guest"
            : "the serial console cannot be added to ELILO's command line here; add it to append=");
  }

  /** The root of a line {@code root = /dev/sda1} or {@code append="root=UUID=…"}. */
  static Optional<String> root(TextEdit edit, int line) {
    KeywordLine keyword = KeywordLine.of(edit, line);
    if (keyword.keyword().startsWith("#")) {
      return Optional.empty();
    }
    String words = edit.line(line).strip();
    int equals = words.indexOf('=');
    if (equals > 0 && words.substring(0, equals).strip().equals("root")) {
      String value = words.substring(equals + 1).strip().replace("\"", "");
      return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
    return equals > 0 && words.substring(0, equals).strip().equals("append")
        ? KernelCommandLine.value(words.substring(equals + 1), "root")
        : Optional.empty();
  }
}
