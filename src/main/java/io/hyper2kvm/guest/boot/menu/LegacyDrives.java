package io.hyper2kvm.guest.boot.menu;

import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.Excerpt;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where GRUB legacy looks for its files: {@code root (hd0,1)} is the second partition of the first
 * disk as the BIOS counts them. On KVM that is the boot disk first, then the others in their order.
 * A number that leads elsewhere is told and not changed: the same numbers are compiled into the
 * loader itself (GNU GRUB manual 0.97).
 */
public final class LegacyDrives {

  private static final int MAX_WARNINGS = 20;
  private static final Pattern DRIVE =
      Pattern.compile("\\(hd([0-9]{1,3})(?:,([0-9]{1,3}))?[^)\\s]{0,16}\\)");
  private static final Pattern GENERATED_ROOT = Pattern.compile("#\\s{0,8}groot=(\\S{1,80}).*");
  private static final Set<String> LOADING = Set.of("kernel", "initrd", "module");
  private static final Set<String> OTHERS =
      Set.of("rootnoverify", "chainloader", "configfile", "map", "hide", "unhide");
  private static final String MEMBER = "linux_raid_member";

  /**
   * The machine that the menu will run in.
   *
   * @param disks all its block devices
   * @param bootDisk the index of the disk that the firmware starts
   * @param uefi whether that firmware is UEFI
   * @param boot where {@code /boot} lies; empty when it is not known
   * @param kernels the paths of the guest's own kernels
   */
  public record Machine(
      GuestDisks disks,
      int bootDisk,
      boolean uefi,
      Optional<GuestPartition> boot,
      List<String> kernels) {

    public Machine {
      Objects.requireNonNull(disks, "disks");
      Objects.requireNonNull(boot, "boot");
      kernels = List.copyOf(kernels);
    }

    /** The index of the disk with a BIOS's number; empty if there is no such disk. */
    private Optional<Integer> disk(int number) {
      int index = number == 0 ? bootDisk : number <= bootDisk ? number - 1 : number;
      return Optional.of(index).filter(it -> it < disks.diskCount());
    }

    private int number(int disk) {
      return disk == bootDisk ? 0 : disk < bootDisk ? disk + 1 : disk;
    }

    /** GRUB's name of where {@code /boot} lies, for a sentence; empty where it has none. */
    private String rightName() {
      return boot.filter(it -> it.disk() >= 0 && it.number() > 0)
          .map(it -> "(hd%d,%d)".formatted(number(it.disk()), it.number() - 1))
          .orElse("");
    }
  }

  /** A device that a line names, and the partition that it is here, if it is one. */
  private record Place(int line, String name, Optional<GuestPartition> partition, int disk) {}

  private final LegacyMenu menu;
  private final Machine machine;
  private final TextEdit lines;
  private final String file;
  private final Set<Integer> chosen;
  private final List<String> warnings = new ArrayList<>();
  private final Set<Integer> warned = new TreeSet<>();
  private int entry = -1;
  private Optional<Place> root = Optional.empty();

  private LegacyDrives(LegacyMenu menu, Machine machine) {
    this.menu = menu;
    this.machine = machine;
    this.lines = menu.lines();
    this.file = lines.file();
    this.chosen = menu.chosen();
  }

  /**
   * What of the guest's menu of GRUB legacy leads elsewhere than to its kernels; nothing for a
   * guest with another loader.
   *
   * @param texts the guest's files by path
   */
  public static List<String> warnings(Map<String, String> texts, Machine machine) {
    return BootMenus.of(texts, Map.of()).menu().stream()
        .filter(LegacyMenu.class::isInstance)
        .flatMap(menu -> new LegacyDrives((LegacyMenu) menu, machine).read().stream())
        .toList();
  }

  private List<String> read() {
    warnings.addAll(menu.doubts());
    for (int line = 0; line < lines.lineCount() && warnings.size() < MAX_WARNINGS; line++) {
      KeywordLine words = KeywordLine.of(lines, line);
      String rest = lines.text().substring(words.rest(), Math.min(words.end(), words.rest() + 999));
      String keyword = words.keyword();
      if (keyword.equals("title")) {
        entry++;
        root = Optional.empty();
      } else if (keyword.startsWith("#")) {
        generatedRoot(line);
      } else if (entry >= 0 && keyword.equals("root")) {
        root = places(line, rest).findFirst();
      } else if (entry >= 0 && keyword.equals("uuid")) {
        uuid(line, rest.strip());
      } else if (entry >= 0 && LOADING.contains(keyword)) {
        places(line, rest).findFirst().or(() -> root).ifPresent(this::judgeOwn);
      } else if (entry >= 0 && OTHERS.contains(keyword)) {
        places(line, rest).toList().forEach(place -> judgeOther(place, keyword));
      }
    }
    return warnings;
  }

  /** The devices of a line; what is not there is told at once. */
  private Stream<Place> places(int line, String rest) {
    List<Place> places = new ArrayList<>();
    Matcher matcher = DRIVE.matcher(rest);
    while (matcher.find()) {
      int number = Integer.parseInt(matcher.group(1));
      Optional<Integer> disk = machine.disk(number);
      if (disk.isEmpty()) {
        warn(
            line,
            "%s is a disk that this VM has not: it has %d; GRUB stops at it"
                .formatted(matcher.group(), machine.disks().diskCount()));
        continue;
      }
      int partition = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2)) + 1;
      Optional<GuestPartition> found =
          machine.disks().partitions().stream()
              .filter(it -> it.disk() == disk.get() && it.number() == partition)
              .findFirst();
      if (found.isEmpty() && partition > 0) {
        warn(
            line,
            "%s would be disk %d, partition %d, which is not there; GRUB stops at it"
                .formatted(matcher.group(), disk.get() + 1, partition));
        continue;
      }
      places.add(new Place(line, matcher.group(), found, number));
    }
    return places.stream();
  }

  /** Debian's update-grub writes it into each entry at the next kernel update. */
  private void generatedRoot(int line) {
    if (lines.lineEnd(line) - lines.lineStart(line) > 200) {
      return;
    }
    Matcher matcher = GENERATED_ROOT.matcher(lines.line(line).strip());
    if (matcher.matches()) {
      places(line, matcher.group(1))
          .findFirst()
          .ifPresent(
              place ->
                  judgeBoot(
                      place, "update-grub writes it into each entry at the next kernel update"));
    }
  }

  private void uuid(int line, String uuid) {
    Optional<GuestPartition> found = machine.disks().resolve("UUID=" + uuid);
    if (found.isEmpty()) {
      warn(
          line,
          "uuid %s is no file system of this VM, or that of several; GRUB stops at it"
              .formatted(Excerpt.of(uuid)));
    }
    root = found.map(it -> new Place(line, "uuid " + Excerpt.of(uuid), found, 0));
  }

  /** Of another system on the disks nothing is known. */
  private void judgeOwn(Place place) {
    boolean own =
        entry < menu.entries().size()
            && machine.kernels().stream().anyMatch(menu.entries().get(entry)::starts);
    if (own || chosen.contains(entry)) {
      judgeBoot(place, "the entry %d does not find its kernel there".formatted(entry));
    }
  }

  private void judgeBoot(Place place, String consequence) {
    if (machine.uefi() && machine.disks().diskCount() > 1 && !place.name().startsWith("uuid")) {
      warn(
          place.line(),
          "%s: how GRUB legacy counts %d disks on UEFI is not known; try the guest before it is used"
              .formatted(place.name(), machine.disks().diskCount()));
      return;
    }
    Optional<GuestPartition> boot = machine.boot();
    boolean right =
        boot.isEmpty()
            || place.partition().equals(boot)
            || place.partition().isEmpty() && boot.get().number() == 0 && boot.get().disk() >= 0
            || boot.get().disk() < 0
                && place.partition().filter(it -> it.fsType().equals(MEMBER)).isPresent();
    if (!right) {
      String name = machine.rightName();
      warn(
          place.line(),
          "%s is %s on KVM, where the boot disk counts first, and /boot is on %s: %s; %s"
              .formatted(
                  place.name(),
                  place.partition().map(GuestPartition::place).orElse("a whole disk"),
                  boot.get().place(),
                  consequence,
                  name.isEmpty() ? "correct it in the guest" : "write " + name + " in the guest"));
    }
  }

  /** What another system's loader needs is not known here. */
  private void judgeOther(Place place, String keyword) {
    if (chosen.contains(entry) && machine.disks().diskCount() > 1) {
      warn(
          place.line(),
          "the entry %d, which starts by itself or as a fallback, takes %s: %s is disk %d on KVM, where the boot disk counts first; whether the old machine counted so is not known"
              .formatted(
                  entry, keyword, place.name(), machine.disk(place.disk()).orElseThrow() + 1));
    }
  }

  private void warn(int line, String text) {
    if (warned.add(line)) {
      warnings.add("%s:%d: %s".formatted(file, line + 1, text));
    }
  }
}
