package io.hyper2kvm.guest.boot.uefi;

import io.hyper2kvm.guest.distribution.Distribution;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What decides which boot loader is a guest's own. Unknown texts are empty.
 *
 * @param linux whether it is a Linux guest
 * @param distribution the {@code ID} of its os-release
 * @param like the words of {@code ID_LIKE}
 * @param bootLoader the boot loader that has a configuration in it: {@code grub2}, {@code
 *     systemd-boot}, {@code none}
 * @param processors of the firmware that may start it, the likeliest first
 * @param secureBoot whether its firmware starts signed programs only
 * @param fileSystems the UUIDs of all its file systems
 */
public record UefiGuest(
    boolean linux,
    String distribution,
    List<String> like,
    String bootLoader,
    List<EfiProcessor> processors,
    boolean secureBoot,
    Set<String> fileSystems) {

  public UefiGuest {
    Objects.requireNonNull(distribution, "distribution");
    Objects.requireNonNull(bootLoader, "bootLoader");
    like = List.copyOf(like);
    processors = List.copyOf(processors);
    fileSystems =
        fileSystems.stream()
            .map(uuid -> uuid.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  boolean hasFileSystem(String uuid) {
    return fileSystems.contains(uuid.toLowerCase(Locale.ROOT));
  }

  /** How well a folder's name fits the distribution: 0 is its own, 1 a relative's, 2 any other. */
  int distanceOf(String folder) {
    if (Distribution.isEfiFolderOf(folder, distribution)) {
      return 0;
    }
    return like.stream().anyMatch(word -> Distribution.isEfiFolderOf(folder, word)) ? 1 : 2;
  }
}
