package io.hyper2kvm.guest.distribution;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A guest's distribution and release, as the table knows them.
 *
 * @param id the {@code ID} that the guest states; empty if it states none
 * @param like the words of its {@code ID_LIKE}
 * @param version its {@code VERSION_ID}; empty if it states none, as rolling ones do
 * @param distribution its row: its own, or that of the first known one in {@code ID_LIKE}, or the
 *     generic one
 */
public record Release(String id, List<String> like, String version, Distribution distribution) {

  /** One of which nothing is known. */
  public static final Release UNKNOWN = of(Map.of());

  private static final int MOST_WORDS = 16;

  public Release {
    Objects.requireNonNull(id, "id");
    like = List.copyOf(like);
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(distribution, "distribution");
  }

  /**
   * The release of a guest.
   *
   * @param osRelease the keys of its os-release, or of what {@link ReleaseFiles} reads in its place
   */
  public static Release of(Map<String, String> osRelease) {
    String id = osRelease.getOrDefault("ID", "");
    List<String> like =
        List.of(osRelease.getOrDefault("ID_LIKE", "").split("[ \t]+")).stream()
            .filter(word -> !word.isEmpty())
            .limit(MOST_WORDS)
            .toList();
    Distribution row = DistributionTable.byId(id);
    for (String word : like) {
      if (row != Distribution.GENERIC) {
        break;
      }
      row = DistributionTable.byId(word);
    }
    return new Release(id, like, osRelease.getOrDefault("VERSION_ID", ""), row);
  }

  /** What it has in common with others. */
  public Family family() {
    return distribution.family();
  }

  /** The first number of its version; empty if it has none, or one of more than four digits. */
  public OptionalInt major() {
    return number(version, 0);
  }

  private static OptionalInt number(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end > start && end - start <= 4
        ? OptionalInt.of(Integer.parseInt(text.substring(start, end)))
        : OptionalInt.empty();
  }

  /**
   * Whether the row's counting is this guest's own. A child of another distribution counts its
   * releases in its own way.
   */
  boolean countsAsItsRow() {
    return distribution.ids().contains(id);
  }

  /** Whether its release is that one of its distribution's, or an older one, for certain. */
  boolean isAtMost(int release) {
    return countsAsItsRow() && major().isPresent() && major().getAsInt() <= release;
  }

  /** Whether its release is a later one of its distribution's than that, for certain. */
  private boolean isLaterThan(int release) {
    return countsAsItsRow() && major().isPresent() && major().getAsInt() > release;
  }

  /**
   * Why nothing reads the network settings of a kind in this guest; empty if something does, or if
   * that is not known.
   *
   * @param isThere whether the guest has a file; its path is absolute
   */
  public Optional<String> whyUnread(NetworkSettings settings, Predicate<String> isThere) {
    if (settings.readers().stream().anyMatch(isThere)) {
      return Optional.empty();
    }
    if (!family().networkSettings().contains(settings)) {
      return Optional.of("distributions of this family have nothing that reads it");
    }
    Integer last = distribution.lastReading().get(settings);
    if (last != null && isLaterThan(last)) {
      return Optional.of(
          "since release %d of %s only an additional package reads it, which is not installed: %s"
              .formatted(last + 1, id, settings.system()));
    }
    boolean searched =
        Stream.of(NetworkSettings.values())
            .flatMap(kind -> kind.readers().stream())
            .anyMatch(isThere);
    return searched && settings.readersAreKnown()
        ? Optional.of(settings.system() + " reads it, which is not installed")
        : Optional.empty();
  }

  /** Whether its udev is one that does not know the rules that pin names by a card's driver. */
  public boolean readsNoPins() {
    return distribution.lastWithoutRules().isPresent()
        && isAtMost(distribution.lastWithoutRules().getAsInt());
  }

  /** Whether its udev is one that cannot read {@code .link} files. */
  public boolean readsNoLinks() {
    return distribution.lastWithoutLinks().isPresent()
        && isAtMost(distribution.lastWithoutLinks().getAsInt());
  }
}
