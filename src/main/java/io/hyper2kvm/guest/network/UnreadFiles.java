package io.hyper2kvm.guest.network;

import io.hyper2kvm.guest.distribution.NetworkSettings;
import io.hyper2kvm.guest.distribution.Release;
import io.hyper2kvm.guest.network.survey.Findings;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Network settings that nothing in the guest reads, such as ifcfg files on RHEL 10: what they say
 * is not how the guest's cards are configured, and no name is kept for them.
 */
final class UnreadFiles {

  private static final int MOST_NAMED = 3;

  /** Debian's NetworkManager takes interfaces from ifupdown's file where it is told to. */
  private static final Pattern MANAGES_INTERFACES =
      Pattern.compile("(?m)^[ \\t]{0,9}managed[ \\t]{0,9}=[ \\t]{0,9}true");

  private static final Pattern PLUGINS =
      Pattern.compile("(?m)^[ \\t]{0,9}plugins[ \\t]{0,9}=([^\\n]{0,200})");

  private static final String NM_FILE = "/etc/NetworkManager/NetworkManager.conf";
  private static final String NM_FOLDER = "/etc/NetworkManager/conf.d/";

  private UnreadFiles() {}

  /**
   * Takes the files that nothing reads out of the guest's, and tells of them.
   *
   * @param files the guest's files; what reads them is among them, by its path
   */
  static void removeFrom(Map<String, String> files, Release release, Findings findings) {
    Map<NetworkSettings, String> reasons = new EnumMap<>(NetworkSettings.class);
    for (NetworkSettings settings : NetworkSettings.values()) {
      why(settings, files, release).ifPresent(reason -> reasons.put(settings, reason));
    }
    reasons.forEach((settings, reason) -> remove(settings, reason, files, findings));
  }

  private static Optional<String> why(
      NetworkSettings settings, Map<String, String> files, Release release) {
    if (settings == NetworkSettings.INTERFACES
        && files.entrySet().stream()
            .anyMatch(
                it -> isNm(it.getKey()) && MANAGES_INTERFACES.matcher(it.getValue()).find())) {
      return Optional.empty();
    }
    Optional<String> why = release.whyUnread(settings, files::containsKey);
    return settings == NetworkSettings.IFCFG && why.isEmpty() ? withoutPlugin(files) : why;
  }

  private static boolean isNm(String path) {
    return path.equals(NM_FILE) || path.startsWith(NM_FOLDER) && path.endsWith(".conf");
  }

  /** NetworkManager reads them with its plug-in alone, and the old scripts where they are. */
  private static Optional<String> withoutPlugin(Map<String, String> files) {
    if (files.containsKey(NetworkSettings.IFCFG.readers().get(0))) {
      return Optional.empty();
    }
    return files.entrySet().stream()
        .filter(file -> isNm(file.getKey()))
        .flatMap(
            file ->
                PLUGINS
                    .matcher(file.getValue())
                    .results()
                    .filter(list -> !list.group(1).contains("ifcfg-rh"))
                    .map(list -> file.getKey() + " has plugins=" + list.group(1).strip()))
        .map(it -> it + ", without ifcfg-rh, and network-scripts are not installed")
        .findFirst();
  }

  private static void remove(
      NetworkSettings settings, String reason, Map<String, String> files, Findings findings) {
    List<String> unread =
        files.entrySet().stream()
            .filter(file -> settings.has(file.getKey()) && speaks(file.getKey(), file.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    files.keySet().removeIf(settings::has);
    unread.forEach(file -> findings.note(file, 0, "", "nothing in this guest reads it: " + reason));
    if (!unread.isEmpty()) {
      String more =
          unread.size() > MOST_NAMED ? " and %d more".formatted(unread.size() - MOST_NAMED) : "";
      findings.warning(
          "%s%s: nothing in this guest reads this: %s; it stays as it is, and no card gets a name or an address by it: write what is wanted of it for what the guest has"
              .formatted(
                  String.join(", ", unread.subList(0, Math.min(MOST_NAMED, unread.size()))),
                  more,
                  reason));
    }
  }

  /** Whether it says anything of a card; files with comments or the loopback alone are usual. */
  static boolean speaks(String path, String text) {
    return !path.endsWith("/ifcfg-lo")
        && text.lines()
            .map(String::strip)
            .anyMatch(
                line ->
                    !line.isEmpty()
                        && !line.startsWith("#")
                        && !line.matches(
                            "(auto|allow-hotplug|iface) {1,9}lo\\b.{0,40}|source.{0,200}"));
  }
}
