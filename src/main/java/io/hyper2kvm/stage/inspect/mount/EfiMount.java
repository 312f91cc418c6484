package io.hyper2kvm.stage.inspect.mount;

import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The EFI system partition of a guest that mounts it without a row in fstab: by an automount of
 * systemd, by the type of its partition, or never. Of several, the one on the disk of {@code /boot}
 * is taken, else the first.
 *
 * @param partition what is to be mounted
 * @param point the folder of the guest where it is mounted
 */
record EfiMount(GuestPartition partition, String point) {

  /** Where boot loaders and their distributions expect it, the first that is there. */
  private static final List<String> USUAL = List.of("/boot/efi", "/efi");

  /** systemd mounts it here when this folder is empty and there is no {@code /efi}. */
  private static final String EMPTY_BOOT = "/boot";

  /** A guest that never mounts it has no folder for it, and every Linux has this one. */
  private static final String ANY = "/mnt";

  /** Adds the questions about the guest's folders. */
  static GuestfishScript ask(GuestfishScript script) {
    USUAL.forEach(point -> script.ask("dir:" + point, "is-dir", point));
    return script
        .ask("dir:" + ANY, "is-dir", ANY)
        .ask("dir:" + EMPTY_BOOT, "is-dir", EMPTY_BOOT)
        .ask("ls:" + EMPTY_BOOT, "ls", EMPTY_BOOT);
  }

  /**
   * What is to be mounted; empty when one is mounted already, or there is none.
   *
   * @param esps the file systems that may be it, in their order
   * @param mounted the devices by their mount points
   * @param bootDisk the index of the disk that holds {@code /boot}; -1 for a volume
   */
  static Optional<EfiMount> of(
      List<GuestPartition> esps,
      Map<String, String> mounted,
      int bootDisk,
      GuestfishAnswers answers) {
    boolean there =
        USUAL.stream().anyMatch(mounted::containsKey)
            || esps.stream().anyMatch(esp -> mounted.containsValue(esp.device()));
    if (there) {
      return Optional.empty();
    }
    return esps.stream()
        .min(Comparator.comparing(esp -> esp.disk() != bootDisk))
        .flatMap(esp -> point(mounted, answers).map(point -> new EfiMount(esp, point)));
  }

  private static Optional<String> point(Map<String, String> mounted, GuestfishAnswers answers) {
    for (String point : USUAL) {
      if (answers.isTrue("dir:" + point)) {
        return Optional.of(point);
      }
    }
    boolean empty =
        !mounted.containsKey(EMPTY_BOOT)
            && answers.isTrue("dir:" + EMPTY_BOOT)
            && answers.lines("ls:" + EMPTY_BOOT).isEmpty();
    if (empty) {
      return Optional.of(EMPTY_BOOT);
    }
    return answers.isTrue("dir:" + ANY) ? Optional.of(ANY) : Optional.empty();
  }
}
