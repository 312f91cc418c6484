package io.hyper2kvm.guest.distribution;

import io.hyper2kvm.text.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What tells a guest's release where it has no os-release: systems older than that file (RHEL 6,
 * SLES 11, Debian 6, Ubuntu 12.04 and before), and those that have lost it.
 */
public final class ReleaseFiles {

  /** The names of os-release; only the first that is there counts. */
  public static final List<String> OS_RELEASE = List.of("/etc/os-release", "/usr/lib/os-release");

  private static final int MOST_BYTES = 4096;

  /** Words of Red Hat's kin, as they begin the line; the longer ones first. */
  private static final Map<String, String> IDS = new LinkedHashMap<>();

  static {
    IDS.put("red hat enterprise", "rhel");
    IDS.put("centos", "centos");
    IDS.put("rocky", "rocky");
    IDS.put("almalinux", "almalinux");
    IDS.put("oracle linux", "ol");
    IDS.put("enterprise linux enterprise linux", "ol");
    IDS.put("scientific", "scientific");
    IDS.put("fedora", "fedora");
    IDS.put("amazon linux", "amzn");
    IDS.put("cloudlinux", "cloudlinux");
    IDS.put("xenserver", "xenenterprise");
    IDS.put("virtuozzo", "virtuozzo");
    IDS.put("mageia", "mageia");
    IDS.put("vmware photon", "photon");
    IDS.put("suse linux enterprise server for sap", "sles_sap");
    IDS.put("suse linux enterprise server", "sles");
    IDS.put("suse linux enterprise desktop", "sled");
    IDS.put("opensuse", "opensuse");
    IDS.put("gentoo", "gentoo");
  }

  private static final Pattern RELEASE =
      Pattern.compile(
          "[^\\n]{0,100}?(?:release|version|Linux|OS) +([0-9][0-9.]{0,15})[^\\n]{0,100}");
  private static final Pattern SUSE =
      Pattern.compile(
          "(?m)^(VERSION|PATCHLEVEL)[ \\t]{0,9}=[ \\t]{0,9}([0-9][0-9.]{0,9})[ \\t]{0,9}$");
  private static final Pattern NUMBER = Pattern.compile("[0-9][0-9.]{0,15}");
  private static final Pattern ID = Pattern.compile("[a-z0-9._-]{1,40}");

  /** The files beside os-release, each with how it is read; the first that tells an id counts. */
  private static final Map<String, Function<String, Map<String, String>>> READERS =
      new LinkedHashMap<>();

  static {
    for (String file :
        List.of(
            "/etc/oracle-release",
            "/etc/enterprise-release",
            "/etc/centos-release",
            "/etc/redhat-release",
            "/etc/fedora-release",
            "/etc/photon-release",
            "/etc/gentoo-release",
            "/etc/system-release")) {
      READERS.put(file, ReleaseFiles::redHat);
    }
    READERS.put("/etc/SuSE-release", ReleaseFiles::suse);
    READERS.put("/etc/alpine-release", text -> numbered("alpine", "Alpine Linux", text, v -> v));
    READERS.put("/etc/lsb-release", ReleaseFiles::lsb);
    READERS.put(
        "/etc/debian_version",
        text -> numbered("debian", "Debian GNU/Linux", text, v -> v.split("\\.", 2)[0]));
  }

  private ReleaseFiles() {}

  /** The files that are read where there is no os-release; absolute paths. */
  public static List<String> files() {
    return List.copyOf(READERS.keySet());
  }

  /**
   * The keys of os-release, or the same keys as far as an older file tells them.
   *
   * @param osRelease the text of os-release; blank if there is none
   * @param text the text of one of {@link #files}, or null if the guest does not have it
   */
  public static Map<String, String> of(String osRelease, UnaryOperator<String> text) {
    Map<String, String> keys = OsRelease.parse(osRelease);
    if (keys.containsKey("ID")) {
      return keys;
    }
    for (Map.Entry<String, Function<String, Map<String, String>>> reader : READERS.entrySet()) {
      String found = text.apply(reader.getKey());
      if (found != null) {
        Map<String, String> told =
            reader.getValue().apply(found.substring(0, Math.min(found.length(), MOST_BYTES)));
        if (!told.isEmpty()) {
          Map<String, String> all = new LinkedHashMap<>(told);
          all.putAll(keys);
          return all;
        }
      }
    }
    return keys;
  }

  /** {@code CentOS release 6.10 (Final)}. */
  private static Map<String, String> redHat(String text) {
    String line = text.lines().findFirst().orElse("").strip();
    Matcher release = RELEASE.matcher(line);
    return release(id(line), release.matches() ? release.group(1) : "", line);
  }

  private static String id(String line) {
    String lower = line.toLowerCase(Locale.ROOT);
    return IDS.entrySet().stream()
        .filter(entry -> lower.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  /** The name, then {@code VERSION = 11} and {@code PATCHLEVEL = 4}. */
  private static Map<String, String> suse(String text) {
    String line = text.lines().findFirst().orElse("").strip();
    String version = "";
    String patch = "";
    Matcher matcher = SUSE.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).equals("VERSION")) {
        version = matcher.group(2);
      } else {
        patch = "." + matcher.group(2);
      }
    }
    return release(id(line), version.isEmpty() ? "" : version + patch, line);
  }

  /** Assignments; those of other distributions than Ubuntu and its kin often name none. */
  private static Map<String, String> lsb(String text) {
    Map<String, String> keys = OsRelease.parse(text);
    String id = keys.getOrDefault("DISTRIB_ID", "").toLowerCase(Locale.ROOT).replace(" ", "");
    return release(
        ID.matcher(id).matches() ? id : "",
        keys.getOrDefault("DISTRIB_RELEASE", ""),
        keys.getOrDefault("DISTRIB_DESCRIPTION", id));
  }

  /** A file with nothing but a version, or a name of one that was never released. */
  private static Map<String, String> numbered(
      String id, String name, String text, UnaryOperator<String> version) {
    String line = text.lines().findFirst().orElse("").strip();
    boolean number = NUMBER.matcher(line).matches();
    return release(id, number ? version.apply(line) : "", (name + " " + line).strip());
  }

  private static Map<String, String> release(String id, String version, String name) {
    if (id.isEmpty()) {
      return Map.of();
    }
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("ID", id);
    if (!version.isEmpty()) {
      keys.put("VERSION_ID", Printable.guestLine(version));
    }
    keys.put("PRETTY_NAME", Printable.guestLine(name));
    return keys;
  }
}
