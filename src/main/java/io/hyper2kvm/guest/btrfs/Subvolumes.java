package io.hyper2kvm.guest.btrfs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The subvolumes of one btrfs.
 *
 * @param all each of them, the top level first
 * @param defaultId the number of the one that is mounted when no option names one
 */
public record Subvolumes(List<Subvolume> all, long defaultId) {

  /** More than a guest with years of snapshots has, and bounded. */
  private static final int MOST = 20_000;

  /** Of how many it is looked whether they hold a system. */
  private static final int MOST_LOOKED_AT = 32;

  private static final String ID = "btrfssubvolume_id: ";
  private static final String PATH = "btrfssubvolume_path: ";

  /**
   * What the options of a mount lead to.
   *
   * @param subvolume what is mounted; empty when nothing can be
   * @param problem why nothing can be; empty otherwise
   */
  public record Mounted(Optional<Subvolume> subvolume, String problem) {

    private static Mounted nothing(String problem) {
      return new Mounted(Optional.empty(), problem);
    }
  }

  /** Copies the list. */
  public Subvolumes {
    all = List.copyOf(all);
  }

  /**
   * Reads the answers of the appliance.
   *
   * @param listing the lines of {@code btrfs-subvolume-list}
   * @param defaultNumber the answer of {@code btrfs-subvolume-get-default}; the top level is taken
   *     where it says nothing
   */
  public static Subvolumes of(List<String> listing, String defaultNumber) {
    List<Subvolume> all = new ArrayList<>(List.of(Subvolume.TOP));
    long id = 0;
    for (String line : listing) {
      if (line.startsWith(ID)) {
        id = number(line.substring(ID.length()));
      } else if (line.startsWith(PATH) && id > 0 && all.size() < MOST) {
        all.add(new Subvolume(id, trimmed(line.substring(PATH.length()))));
        id = 0;
      }
    }
    long byDefault = number(defaultNumber.strip());
    return new Subvolumes(all, byDefault > 0 ? byDefault : Subvolume.TOP_ID);
  }

  private static long number(String digits) {
    return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
  }

  /** The one that is mounted when no option names one; empty when it is gone. */
  public Optional<Subvolume> byDefault() {
    return first(subvolume -> subvolume.id() == defaultId);
  }

  private Optional<Subvolume> first(Predicate<Subvolume> wanted) {
    return all.stream().filter(wanted).findFirst();
  }

  /**
   * Those that may hold a system, in the order in which it is looked for: the default one, then
   * those with the shortest paths. Snapshots of tools are left out, unless they are named.
   *
   * @param named the options {@code subvol=} and {@code subvolid=} of the guest's kernel command
   *     lines
   */
  public List<Subvolume> lookedAt(List<String> named) {
    List<Subvolume> wanted = new ArrayList<>();
    named.forEach(options -> mounted(options).subvolume().ifPresent(wanted::add));
    byDefault().ifPresent(wanted::add);
    all.stream()
        .filter(subvolume -> !subvolume.isAmongSnapshots())
        .sorted(Comparator.comparingInt(Subvolume::depth))
        .forEach(wanted::add);
    return wanted.stream().distinct().limit(MOST_LOOKED_AT).toList();
  }

  /**
   * What a mount with these options leads to.
   *
   * @param options separated by commas, such as {@code rw,subvolid=257,subvol=/@home}
   */
  public Mounted mounted(String options) {
    Optional<String> path = option(options, "subvol=").map(Subvolumes::trimmed);
    Optional<String> number = option(options, "subvolid=");
    if (path.isEmpty() && number.isEmpty()) {
      return byDefault()
          .map(subvolume -> new Mounted(Optional.of(subvolume), ""))
          .orElseGet(
              () -> Mounted.nothing("its default subvolume %d is gone".formatted(defaultId)));
    }
    // The kernel takes 0 for the top level.
    long id = number.map(Subvolumes::number).map(n -> n == 0 ? Subvolume.TOP_ID : n).orElse(-1L);
    Optional<Subvolume> found =
        first(
            subvolume ->
                path.filter(p -> !p.equals(subvolume.path())).isEmpty()
                    && (number.isEmpty() || subvolume.id() == id));
    if (found.isPresent()) {
      return new Mounted(found, "");
    }
    boolean both = path.isPresent() && number.isPresent() && names(path.get());
    return Mounted.nothing(
        both
            ? "its subvolume %s has another number than %s".formatted(path.get(), number.get())
            : "it has no subvolume "
                + path.orElseGet(() -> "with the number " + number.orElseThrow()));
  }

  private boolean names(String path) {
    return first(subvolume -> subvolume.path().equals(path)).isPresent();
  }

  /** Whether the options name this one, by its path or its number; a remount checks neither. */
  boolean isNamed(String options, Subvolume subvolume) {
    Optional<String> path = option(options, "subvol=").map(Subvolumes::trimmed);
    Optional<String> number = option(options, "subvolid=");
    return path.isEmpty() && number.isEmpty()
        ? subvolume.id() == defaultId
        : path.filter(subvolume.path()::equals).isPresent()
            || number.filter(n -> number(n) == subvolume.id()).isPresent();
  }

  /** Whether the options name any subvolume. */
  static boolean namesOne(String options) {
    return option(options, "subvol=").or(() -> option(options, "subvolid=")).isPresent();
  }

  /** The value of the last option of this name; the kernel too takes the last. */
  private static Optional<String> option(String options, String name) {
    String found = null;
    for (String option : options.split(",")) {
      if (option.startsWith(name)) {
        found = option.substring(name.length());
      }
    }
    return Optional.ofNullable(found);
  }

  private static String trimmed(String path) {
    int start = 0;
    int end = path.length();
    while (start < end && path.charAt(start) == '/') {
      start++;
    }
    while (end > start && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(start, end);
  }
}
