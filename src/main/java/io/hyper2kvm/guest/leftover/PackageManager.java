package io.hyper2kvm.guest.leftover;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A package manager of guests: what it is asked, and how its answers are read. Its commands remove
 * the named packages and no other one that is wanted: they refuse where another package needs them.
 */
public enum PackageManager {
  DPKG(
      "dpkg",
      List.of("/var/lib/dpkg/status"),
      List.of("/usr/bin/dpkg"),
      "dpkg-query -W -f='${Status}\\t${Package}\\t${Version}\\n'",
      "dpkg --no-act --purge",
      "dpkg --purge"),
  RPM(
      "rpm",
      List.of("/var/lib/rpm", "/usr/lib/sysimage/rpm"),
      List.of("/usr/bin/rpm", "/bin/rpm"),
      "rpm -qa --qf 'install ok installed\\t%{NAME}\\t%{VERSION}-%{RELEASE}\\n'",
      "rpm -e --test",
      "rpm -e"),
  PACMAN(
      "pacman",
      List.of("/var/lib/pacman/local"),
      List.of("/usr/bin/pacman"),
      "pacman -Q",
      "pacman -R --print",
      "pacman -R --noconfirm"),
  APK(
      "apk",
      List.of("/lib/apk/db/installed", "/usr/lib/apk/db/installed"),
      List.of("/sbin/apk", "/usr/sbin/apk"),
      "apk info -v",
      "apk del --simulate",
      "apk del --no-network");

  /** What may be part of a shell's command without quotes. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+_-]{0,127}");

  private static final int MAX_PACKAGES = 100;

  private final String text;
  private final List<String> databases;
  private final List<String> programs;
  private final String query;
  private final String simulation;
  private final String removal;

  PackageManager(
      String text,
      List<String> databases,
      List<String> programs,
      String query,
      String simulation,
      String removal) {
    this.text = text;
    this.databases = databases;
    this.programs = programs;
    this.query = query;
    this.simulation = simulation;
    this.removal = removal;
  }

  /** Its name in the report. */
  public String text() {
    return text;
  }

  /** Where a guest's keeps what is installed. */
  public String database(GuestTree tree) {
    return databases.stream().filter(tree::has).findFirst().orElse(databases.get(0));
  }

  /** Where it may keep what is installed. */
  public List<String> databases() {
    return databases;
  }

  /** Where its program is, one of them. */
  public List<String> programs() {
    return programs;
  }

  /** The one that a guest has; empty for none that is known. */
  public static Optional<PackageManager> of(GuestTree tree) {
    return List.of(values()).stream()
        .filter(manager -> manager.programs.stream().anyMatch(tree::has))
        // Some systems have the program of another one's packages as a tool.
        .filter(manager -> manager.databases.stream().anyMatch(tree::has))
        .findFirst();
  }

  /** The shell command that lists all packages. */
  public String query() {
    return query;
  }

  /** The shell command that tries a removal and changes nothing. */
  public String simulation(Map<String, String> packages) {
    return simulation + " " + String.join(" ", packages.keySet());
  }

  /** The shell command that removes. */
  public String removal(Map<String, String> packages) {
    return removal + " " + String.join(" ", packages.keySet());
  }

  /**
   * The tools among the packages that are installed, with their versions.
   *
   * @param answer what the query printed; anything
   */
  public Map<String, String> tools(String answer) {
    Map<String, String> tools = new LinkedHashMap<>();
    answer
        .lines()
        .forEach(
            line -> {
              String[] installed = installed(line);
              if (installed.length == 2
                  && NAME.matcher(installed[0]).matches()
                  && GuestTools.isPackage(installed[0])
                  && tools.size() < MAX_PACKAGES) {
                tools.put(installed[0], installed[1]);
              }
            });
    return tools;
  }

  /** Name and version; nothing for another line. */
  private String[] installed(String line) {
    String[] nothing = {};
    switch (this) {
      case DPKG, RPM:
        String[] columns = line.split("\t", 4);
        // Of a package that was removed, dpkg keeps the settings: its status does not end so.
        return columns.length == 3 && columns[0].endsWith(" installed")
            ? new String[] {columns[1], columns[2].strip()}
            : nothing;
      case PACMAN:
        String[] words = line.strip().split(" ", 3);
        return words.length == 2 ? words : nothing;
      default:
        int release = line.lastIndexOf('-');
        int version = release > 0 ? line.lastIndexOf('-', release - 1) : -1;
        return version > 0
            ? new String[] {line.substring(0, version), line.substring(version + 1).strip()}
            : nothing;
    }
  }

  /**
   * What a simulation would remove beside the named packages. dpkg, rpm and pacman refuse by their
   * exit code where others need a package, and remove nothing else.
   *
   * @param world apk's list of the packages that somebody asked for
   */
  public List<String> others(String simulated, Map<String, String> packages, String world) {
    List<String> others = new ArrayList<>();
    if (this == APK) {
      List<String> wanted = world.lines().map(line -> line.split("[=<>~@]", 2)[0].strip()).toList();
      for (String name : purged(simulated)) {
        if (!packages.containsKey(name) && wanted.contains(name)) {
          others.add(name);
        }
      }
    }
    return others;
  }

  /** {@code (1/3) Purging open-vm-tools (12.3.5-r0)}. */
  private static List<String> purged(String simulated) {
    List<String> purged = new ArrayList<>();
    simulated
        .lines()
        .limit(2000)
        .forEach(
            line -> {
              int at = line.indexOf(") Purging ");
              if (line.startsWith("(") && at > 0) {
                purged.add(line.substring(at + 10).strip().split(" ", 2)[0]);
              }
            });
    return purged;
  }
}
