package io.hyper2kvm.guest.distribution;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * One row of the table: a distribution, or several that differ by their {@code ID} alone.
 *
 * @param ids their {@code ID} in os-release, lower case; empty for the generic row
 * @param family what they have in common with others
 * @param efiFolders the folders of their boot loaders below {@code EFI}, lower case, beside those
 *     that are called as their ids
 * @param lastWithoutLinks the last release, by the first number of its version, whose udev reads no
 *     {@code .link} files (systemd before 209); empty when every one reads them
 * @param lastWithoutRules the last release whose udev does not know the keys of the rules that pin
 *     names by a card's driver (before 098); empty when every one does
 * @param exchangesNames whether its udev could exchange the names of two network cards for as long
 *     as it pinned the names by rules
 * @param udev whether its own installation has a udev
 * @param lastReading the last release that reads network settings of a form as it is installed;
 *     later ones do so only with a further package, if at all
 */
public record Distribution(
    List<String> ids,
    Family family,
    Set<String> efiFolders,
    OptionalInt lastWithoutLinks,
    OptionalInt lastWithoutRules,
    boolean exchangesNames,
    boolean udev,
    Map<NetworkSettings, Integer> lastReading) {

  /** One of which nothing is known. */
  public static final Distribution GENERIC = of(Family.GENERIC);

  public Distribution {
    ids = List.copyOf(ids);
    Objects.requireNonNull(family, "family");
    efiFolders = Set.copyOf(efiFolders);
    Objects.requireNonNull(lastWithoutLinks, "lastWithoutLinks");
    Objects.requireNonNull(lastWithoutRules, "lastWithoutRules");
    lastReading = Map.copyOf(lastReading);
  }

  static Distribution of(Family family, String... ids) {
    return new Distribution(
        List.of(ids),
        family,
        Set.of(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        false,
        true,
        Map.of());
  }

  Distribution efi(String... folders) {
    return new Distribution(
        ids,
        family,
        Set.of(folders),
        lastWithoutLinks,
        lastWithoutRules,
        exchangesNames,
        udev,
        lastReading);
  }

  Distribution withoutLinksUntil(int release) {
    OptionalInt last = OptionalInt.of(release);
    return new Distribution(
        ids, family, efiFolders, last, lastWithoutRules, exchangesNames, udev, lastReading);
  }

  Distribution withoutRulesUntil(int release) {
    OptionalInt last = OptionalInt.of(release);
    return new Distribution(
        ids, family, efiFolders, lastWithoutLinks, last, exchangesNames, udev, lastReading);
  }

  Distribution exchangingNames() {
    return new Distribution(
        ids, family, efiFolders, lastWithoutLinks, lastWithoutRules, true, udev, lastReading);
  }

  Distribution readingUntil(int release, NetworkSettings settings) {
    Map<NetworkSettings, Integer> last = new EnumMap<>(NetworkSettings.class);
    last.putAll(lastReading);
    last.put(settings, release);
    return new Distribution(
        ids, family, efiFolders, lastWithoutLinks, lastWithoutRules, exchangesNames, udev, last);
  }

  Distribution withoutUdev() {
    return new Distribution(
        ids,
        family,
        efiFolders,
        lastWithoutLinks,
        lastWithoutRules,
        exchangesNames,
        false,
        lastReading);
  }

  /**
   * Whether a folder below {@code EFI} has the name of such a distribution's boot loader.
   *
   * @param id the {@code ID} of the distribution, which need not be one of the table's
   */
  public static boolean isEfiFolderOf(String folder, String id) {
    if (id.isEmpty()) {
      return false;
    }
    String own = id.toLowerCase(Locale.ROOT);
    Set<String> names = new TreeSet<>(DistributionTable.byId(own).efiFolders());
    names.add(own);
    names.add(own.split("[-_]", 2)[0]);
    return names.contains(folder.toLowerCase(Locale.ROOT));
  }
}
