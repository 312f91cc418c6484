package io.hyper2kvm.guest.luks;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.fstab.Crypttab;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names under which a guest opens its encrypted containers, from its crypttab and from the
 * kernel command lines in its configuration.
 */
public final class MappedNames {

  /** The files that may say so. */
  public static final List<String> FILES =
      List.of(Crypttab.FILE, "/etc/default/grub", "/etc/kernel/cmdline");

  /** dracut's and systemd's {@code UUID=NAME}, and mkinitcpio's {@code DEVICE:NAME}. */
  private static final Pattern ARGUMENT =
      Pattern.compile(
          "\\b(?:(?:rd\\.)?luks\\.name=([0-9A-Fa-f-]{8,40})=([^\\s\"']{1,127})"
              + "|cryptdevice=([^\\s\"':]{1,200}):([^\\s\"':]{1,127}))");

  private static final List<String> COMMAND_LINES =
      List.of("/boot/", "/efi/", "/etc/default/grub", "/etc/kernel/", "/etc/cmdline.d/");

  private static final int MOST = 100;

  private MappedNames() {}

  /**
   * The names of the containers, by their devices. A container that two names are given in one file
   * keeps the first; of two containers with one name only the first has it.
   *
   * @param files the guest's configuration files: content by path
   * @param disks what the guest's names for devices mean
   */
  public static Map<String, String> of(Map<String, String> files, GuestDisks disks) {
    Map<String, String> byContainer = new LinkedHashMap<>();
    for (Named row : rows(files)) {
      Optional<String> container =
          disks
              .resolve(row.source())
              .filter(partition -> partition.fsType().equals("crypto_LUKS"))
              .map(GuestPartition::device);
      if (container.isPresent()
          && LuksMapping.isName(row.name())
          && !byContainer.containsValue(row.name())) {
        byContainer.putIfAbsent(container.get(), row.name());
      }
    }
    return byContainer;
  }

  /**
   * The devices with those that the guest opens itself at boot and that are not known otherwise:
   * what no key opened here, and space with a new random key at each boot.
   *
   * @param files the guest's configuration files: content by path
   */
  public static GuestDisks learned(Map<String, String> files, GuestDisks disks) {
    Set<String> opened = new LinkedHashSet<>();
    Crypttab.rows(files.getOrDefault(Crypttab.FILE, "")).forEach(row -> opened.add(row.name()));
    files.forEach(
        (file, text) -> {
          Matcher argument = ARGUMENT.matcher(hasCommandLines(file) ? text : "");
          while (argument.find() && opened.size() < MOST) {
            opened.add(argument.group(argument.group(1) != null ? 2 : 4));
          }
        });
    return disks.withVolumes(
        opened.stream()
            .filter(LuksMapping::isName)
            .limit(MOST)
            .map(name -> "/dev/mapper/" + name)
            .filter(name -> disks.resolve(name).isEmpty())
            .map(name -> new GuestPartition(name, -1, 0, "", "", "", "", Set.of(name)))
            .toList());
  }

  private static boolean hasCommandLines(String file) {
    return COMMAND_LINES.stream().anyMatch(file::startsWith);
  }

  private record Named(String source, String name) {}

  private static List<Named> rows(Map<String, String> files) {
    List<Named> rows = new ArrayList<>();
    Crypttab.rows(files.getOrDefault(Crypttab.FILE, "")).stream()
        .limit(MOST)
        .forEach(row -> rows.add(new Named(row.source(), row.name())));
    for (String file : FILES.subList(1, FILES.size())) {
      Matcher argument = ARGUMENT.matcher(files.getOrDefault(file, ""));
      while (argument.find() && rows.size() < 2 * MOST) {
        rows.add(
            argument.group(1) != null
                ? new Named("UUID=" + argument.group(1), argument.group(2))
                : new Named(argument.group(3), argument.group(4)));
      }
    }
    return rows;
  }
}
