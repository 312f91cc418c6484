package io.hyper2kvm.stage.inspect.state;

import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Which device the appliance's kernel means by a name: it calls a volume {@code dm-0}, and may have
 * found the disks in another order than they were added.
 */
final class KernelNames {

  private static final String KEY = "kernel-names";

  private final Map<String, GuestPartition> byName = new HashMap<>();

  private KernelNames() {}

  /**
   * Asks for the names.
   *
   * @param inAppliance how a program in the appliance names a device
   */
  static void ask(
      GuestfishScript script, List<GuestPartition> partitions, UnaryOperator<String> inAppliance) {
    StringBuilder command = new StringBuilder();
    for (int i = 0; i < partitions.size(); i++) {
      command.append(
          "echo %d $(readlink -f '%s'); "
              .formatted(i, inAppliance.apply(partitions.get(i).device())));
    }
    if (!partitions.isEmpty()) {
      script.ask(KEY, "debug", "sh", command.toString());
    }
  }

  /** Reads the answer; what it does not name is not known. */
  static KernelNames of(GuestfishAnswers answers, List<GuestPartition> partitions) {
    KernelNames names = new KernelNames();
    for (String line : answers.lines(KEY)) {
      String[] words = line.split(" ", 2);
      if (words.length == 2
          && words[0].matches("[0-9]{1,5}")
          && Integer.parseInt(words[0]) < partitions.size()) {
        names.byName.put(
            words[1].strip().replaceFirst("^/dev/", ""),
            partitions.get(Integer.parseInt(words[0])));
      }
    }
    return names;
  }

  /** The device with a name of the kernel's, such as {@code sda2} or {@code dm-0}. */
  Optional<GuestPartition> device(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /**
   * Whether what the kernel says of a name is about a file system that is mounted. A name that is
   * not known counts as one: nothing else is mounted there.
   *
   * @param mounted the devices that are
   */
  boolean isMounted(String name, Collection<String> mounted) {
    GuestPartition device = byName.get(name);
    return device == null
        || mounted.contains(device.device())
        || byName.values().stream()
            .anyMatch(other -> mounted.contains(other.device()) && other.sharesFileSystem(device));
  }
}
