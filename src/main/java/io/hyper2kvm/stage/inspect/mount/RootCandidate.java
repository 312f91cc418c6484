package io.hyper2kvm.stage.inspect.mount;

import io.hyper2kvm.guest.btrfs.Subvolume;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.distribution.ReleaseFiles;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.fstab.MdadmConf;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.inspect.read.GuestFilesOfInterest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A file system, or a subvolume, that holds a system.
 *
 * @param subvolume the part of a btrfs; empty for the whole of another file system
 * @param fstab the text of its fstab, one character for each byte; empty when it has none
 * @param osRelease the text of its os-release; empty when it has none that can be read
 * @param arrays the names that its mdadm.conf gives arrays, by their UUIDs
 */
record RootCandidate(
    GuestPartition partition,
    Optional<Subvolume> subvolume,
    String fstab,
    String osRelease,
    Map<String, String> arrays) {

  private static final int MAX_RELEASE_BYTES = 64 << 10;

  /**
   * Asks what tells a system.
   *
   * @param key names the answers
   * @param top the folder that would be the root; empty when it is mounted there
   */
  static void ask(GuestfishScript script, String key, String top) {
    script
        .ask(key + "/etc", "is-dir", top + "/etc")
        .read(key + "/fstab", top + Fstab.FILE, GuestFilesOfInterest.MAX_TEXT_BYTES);
    for (String file : ReleaseFiles.OS_RELEASE) {
      script.read(key + file, top + file, MAX_RELEASE_BYTES);
    }
    // Where /usr is another file system, the link leads nowhere yet.
    script.ask(key + "/link", "is-symlink", top + "/etc/os-release");
    for (String file : MdadmConf.FILES) {
      script.read(key + file, top + file, GuestFilesOfInterest.MAX_TEXT_BYTES);
    }
  }

  /** The system that the answers tell of; empty when there is none. */
  static Optional<RootCandidate> of(
      GuestPartition partition,
      Optional<Subvolume> subvolume,
      String key,
      GuestfishAnswers answers) {
    String release =
        ReleaseFiles.OS_RELEASE.stream()
            .map(file -> answers.text(key + file))
            .filter(text -> !text.isBlank())
            .findFirst()
            .orElse("");
    boolean named =
        answers.isTrue(key + "/link")
            || ReleaseFiles.OS_RELEASE.stream().anyMatch(f -> answers.has(key + f));
    if (!answers.isTrue(key + "/etc") || (!named && !answers.has(key + "/fstab"))) {
      return Optional.empty();
    }
    Map<String, String> arrays = new LinkedHashMap<>();
    MdadmConf.FILES.forEach(
        file -> arrays.putAll(MdadmConf.names(answers.bytesAsText(key + file))));
    return Optional.of(
        new RootCandidate(
            partition, subvolume, answers.bytesAsText(key + "/fstab"), release, arrays));
  }

  /** The row of its own table that mounts the root, as text of UTF-8. */
  Optional<Fstab.Row> rootRow() {
    String text = new String(fstab.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return Fstab.rows(text).stream().filter(Fstab.Row::isRoot).findFirst();
  }

  /** Where it lies, in the appliance's words. */
  String place() {
    return subvolume
        .map(it -> partition.device() + " (" + it.words() + ")")
        .orElse(partition.device());
  }
}
