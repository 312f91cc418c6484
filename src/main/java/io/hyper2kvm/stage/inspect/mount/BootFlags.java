package io.hyper2kvm.stage.inspect.mount;

import io.hyper2kvm.guest.btrfs.RootFlags;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The subvolumes that boot files on the guest's other file systems start. They are read before the
 * root is known: on a partition of its own {@code /boot} has its files at the top.
 */
final class BootFlags {

  private static final List<String> FILES =
      List.of(
          "/grub/grub.cfg",
          "/grub2/grub.cfg",
          "/grub/grubenv",
          "/grub2/grubenv",
          "/extlinux/extlinux.conf",
          "/extlinux.conf",
          "/syslinux.cfg",
          "/refind_linux.conf");

  private static final String ENTRIES = "/loader/entries";
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_ENTRY_BYTES = 16 << 10;
  private static final int MOST_ENTRIES = 32;

  private final Map<String, List<String>> entries = new LinkedHashMap<>();
  private final List<RootFlags> found = new ArrayList<>();

  /** Asks for the files of the file system that is mounted at the root. */
  void ask(GuestfishScript script, String device) {
    FILES.forEach(file -> script.read(device + file, file, MAX_BYTES));
    script.ask(device + ENTRIES, "ls", ENTRIES);
  }

  /** Takes them. */
  void take(String device, GuestfishAnswers answers) {
    FILES.forEach(file -> found.addAll(RootFlags.in(answers.text(device + file))));
    List<String> names =
        answers.lines(device + ENTRIES).stream()
            .filter(name -> name.endsWith(".conf"))
            // Newer versions have later names, and are the usual default.
            .sorted((one, other) -> other.compareTo(one))
            .limit(MOST_ENTRIES)
            .toList();
    if (!names.isEmpty()) {
      entries.put(device, names);
    }
  }

  /** Asks for the entries of the boot loader specification that were found. */
  GuestfishScript askEntries() {
    GuestfishScript script = new GuestfishScript();
    entries.forEach(
        (device, names) -> {
          script.run("mount-ro", device, "/");
          names.forEach(
              name ->
                  script.read(
                      device + ENTRIES + "/" + name, ENTRIES + "/" + name, MAX_ENTRY_BYTES));
          script.run("umount-all");
        });
    return script;
  }

  /** Takes them. */
  void takeEntries(GuestfishAnswers answers) {
    entries.forEach(
        (device, names) ->
            names.forEach(
                name -> found.addAll(RootFlags.in(answers.text(device + ENTRIES + "/" + name)))));
  }

  /** What was found, in its order. */
  List<RootFlags> found() {
    return found;
  }
}
