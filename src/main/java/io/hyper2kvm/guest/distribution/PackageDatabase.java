package io.hyper2kvm.guest.distribution;

import java.util.List;

/** Where a guest's package manager keeps what is installed. */
public enum PackageDatabase {
  DPKG("dpkg", List.of("/var/lib/dpkg/status")),
  /** RPM's since Fedora 33, RHEL 9 and Photon 4. */
  RPM_SQLITE(
      "rpm (sqlite)", List.of("/usr/lib/sysimage/rpm/rpmdb.sqlite", "/var/lib/rpm/rpmdb.sqlite")),
  /** RPM's of SUSE since SLES 15 SP3 and Leap 15.3. */
  RPM_NDB("rpm (ndb)", List.of("/usr/lib/sysimage/rpm/Packages.db", "/var/lib/rpm/Packages.db")),
  /** RPM's of older releases: Berkeley DB. */
  RPM_BDB("rpm (bdb)", List.of("/var/lib/rpm/Packages", "/usr/lib/sysimage/rpm/Packages")),
  PACMAN("pacman", List.of("/var/lib/pacman/local/ALPM_DB_VERSION")),
  APK("apk", List.of("/lib/apk/db/installed", "/usr/lib/apk/db/installed")),
  PORTAGE("portage", List.of("/var/lib/portage/world"));

  private final String form;
  private final List<String> files;

  PackageDatabase(String form, List<String> files) {
    this.form = form;
    this.files = files;
  }

  /** The package manager and, where there are several, the form of its database. */
  public String form() {
    return form;
  }

  /** Files of which one is there where this one is in use; absolute paths. */
  public List<String> files() {
    return files;
  }
}
