package io.hyper2kvm.guest.network.survey;

import io.hyper2kvm.guest.distribution.Release;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What gives network cards their names in a guest, and can therefore keep them. */
public enum CardNaming {
  /** The udev of systemd, which reads {@code .link} files; it cannot exchange two names. */
  LINKS,
  /** A udev that reads rules only, or rules first; it cannot exchange two names. */
  RULES,
  /**
   * A udev that reads rules only, and gives a name that another card has as soon as that card has
   * got another one: both are renamed for a moment.
   */
  EXCHANGING_RULES,
  /**
   * Nothing that could pin a name to a virtio card: the cards have the names that the kernel gives
   * them.
   */
  KERNEL;

  /** Where udev looks for rules, the first folder first. */
  public static final List<String> RULE_FOLDERS =
      List.of(
          "/etc/udev/rules.d/",
          "/usr/local/lib/udev/rules.d/",
          "/usr/lib/udev/rules.d/",
          "/lib/udev/rules.d/");

  private static final List<String> OWN_FOLDERS = RULE_FOLDERS.subList(1, RULE_FOLDERS.size());

  /** The rule that makes udev read {@code .link} files. */
  private static final String LINK_RULE = "80-net-setup-link.rules";

  /** Writes a pin for each new card at its turn, and would give it a name before a link does. */
  private static final String GENERATOR = "75-persistent-net-generator.rules";

  private static final Pattern READS_LINKS =
      Pattern.compile("(?m)^(?![ \\t]*#).{0,400}\\{builtin\\}[!+]?=[ \\t]*\"net_setup_link\\b");
  private static final Pattern TAKES_NAME =
      Pattern.compile("(?m)^(?![ \\t]*#).{0,400}NAME:?=[ \\t]*\"(?:\\$env|%E)\\{ID_NET_NAME\\}");

  /**
   * What names the cards of a guest.
   *
   * @param files the guest's files by path; one that is there and says nothing, such as a link to
   *     {@code /dev/null}, has an empty text
   * @param systemd whether systemd is the guest's init
   * @param release its distribution and release
   */
  public static CardNaming of(Map<String, String> files, boolean systemd, Release release) {
    if (release.readsNoPins()) {
      return KERNEL;
    }
    boolean seen =
        files.keySet().stream().anyMatch(path -> OWN_FOLDERS.stream().anyMatch(path::startsWith));
    boolean generator = effective(files, GENERATOR).filter(text -> !text.isBlank()).isPresent();
    boolean old = !systemd || release.readsNoLinks();
    if (generator) {
      return old || release.distribution().exchangesNames() ? EXCHANGING_RULES : RULES;
    }
    if (!seen && !systemd && !release.distribution().udev()) {
      return KERNEL;
    }
    Optional<String> linkRule = effective(files, LINK_RULE);
    boolean reads = linkRule.map(CardNaming::readsLinks).orElse(!seen && !old);
    if (reads && systemd) {
      return LINKS;
    }
    return old && !seen && linkRule.isEmpty() ? EXCHANGING_RULES : RULES;
  }

  private static boolean readsLinks(String rule) {
    return READS_LINKS.matcher(rule).find() && TAKES_NAME.matcher(rule).find();
  }

  /** Of several files of one name udev reads the first only. */
  private static Optional<String> effective(Map<String, String> files, String name) {
    return RULE_FOLDERS.stream()
        .map(folder -> Optional.ofNullable(files.get(folder + name)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Whether the names are pinned by udev rules. */
  public boolean byRules() {
    return this == RULES || this == EXCHANGING_RULES;
  }
}
