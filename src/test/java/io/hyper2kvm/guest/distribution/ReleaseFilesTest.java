package io.hyper2kvm.guest.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseFilesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redhat-release | CentOS release 6.10 (Final) | centos | 6.10",
        "redhat-release | CentOS Linux release 7.9.2009 (Core) | centos | 7.9.2009",
        "redhat-release | Red Hat Enterprise Linux Server release 5.11 (Tikanga) | rhel | 5.11",
        "redhat-release | Red Hat Enterprise Linux AS release 4 (Nahant Update 9) | rhel | 4",
        "redhat-release | Scientific Linux release 6.9 (Carbon) | scientific | 6.9",
        "redhat-release | Fedora release 14 (Laughlin) | fedora | 14",
        "redhat-release | Rocky Linux release 9.4 (Blue Onyx) | rocky | 9.4",
        "oracle-release | Oracle Linux Server release 6.10 | ol | 6.10",
        "enterprise-release | Enterprise Linux Enterprise Linux Server release 5.5 (Carthage) | ol | 5.5",
        "redhat-release | XenServer release 7.6.0 (xenenterprise) | xenenterprise | 7.6.0",
        "system-release | Amazon Linux AMI release 2011.09 | amzn | 2011.09",
        "photon-release | VMware Photon OS 3.0 | photon | 3.0",
        "gentoo-release | Gentoo Base System release 2.2 | gentoo | 2.2",
        "alpine-release | 3.12.9 | alpine | 3.12.9",
        "debian_version | 6.0.10 | debian | 6",
        "debian_version | 12.5 | debian | 12",
      })
  void aReleaseFileTellsIdAndVersion(String file, String line, String id, String version) {
    assertThat(read(Map.of("/etc/" + file, line + "\n")))
        .containsEntry("ID", id)
        .containsEntry("VERSION_ID", version);
  }

  private static Map<String, String> read(Map<String, String> files) {
    return ReleaseFiles.of("", files::get);
  }

  @ParameterizedTest
  @CsvSource({
    "SUSE Linux Enterprise Server 11 (x86_64), 11, 4, sles, 11.4",
    "SUSE Linux Enterprise Server 10 (x86_64), 10, 3, sles, 10.3",
    "SUSE Linux Enterprise Desktop 11 (x86_64), 11, 2, sled, 11.2",
    "openSUSE 13.1 (x86_64), 13.1, , opensuse, 13.1",
    "openSUSE 11.4 (i586), 11.4, , opensuse, 11.4"
  })
  void suseTellsVersionAndPatchLevelApart(
      String name, String version, String patch, String id, String whole) {
    String text =
        name + "\nVERSION = " + version + "\n" + (patch == null ? "" : "PATCHLEVEL = " + patch);

    assertThat(read(Map.of("/etc/SuSE-release", text)))
        .isEqualTo(Map.of("ID", id, "VERSION_ID", whole, "PRETTY_NAME", name));
  }

  @Test
  void ubuntuIsToldBeforeTheDebianThatItComesFrom() {
    assertThat(
            read(
                Map.of(
                    "/etc/debian_version",
                    "squeeze/sid\n",
                    "/etc/lsb-release",
                    "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\nDISTRIB_CODENAME=lucid\n"
                        + "DISTRIB_DESCRIPTION=\"Ubuntu 10.04.4 LTS\"\n")))
        .isEqualTo(
            Map.of("ID", "ubuntu", "VERSION_ID", "10.04", "PRETTY_NAME", "Ubuntu 10.04.4 LTS"));
  }

  @Test
  void aDebianThatWasNeverReleasedHasNoVersion() {
    assertThat(read(Map.of("/etc/debian_version", "wheezy/sid\n")))
        .isEqualTo(Map.of("ID", "debian", "PRETTY_NAME", "Debian GNU/Linux wheezy/sid"));
  }

  @Test
  void anLsbReleaseThatNamesNobodyIsPassedOver() {
    assertThat(
            read(
                Map.of(
                    "/etc/lsb-release",
                    "LSB_VERSION=base-4.0-amd64\n",
                    "/etc/debian_version",
                    "5.0.10\n")))
        .containsEntry("ID", "debian")
        .containsEntry("VERSION_ID", "5");
  }

  @Test
  void osReleaseIsBelievedBeforeAnyOtherFile() {
    assertThat(
            ReleaseFiles.of(
                "ID=ol\nVERSION_ID=\"8.9\"\n",
                Map.of("/etc/redhat-release", "Red Hat Enterprise Linux release 8.9 (Ootpa)\n")
                    ::get))
        .isEqualTo(Map.of("ID", "ol", "VERSION_ID", "8.9"));
  }

  @Test
  void anOsReleaseWithoutIdIsCompletedByAnOlderFile() {
    assertThat(
            ReleaseFiles.of(
                "NAME=Odd\nPRETTY_NAME=\"Odd 1\"\n", Map.of("/etc/alpine-release", "3.2.3\n")::get))
        .isEqualTo(
            Map.of("ID", "alpine", "VERSION_ID", "3.2.3", "NAME", "Odd", "PRETTY_NAME", "Odd 1"));
  }

  @ParameterizedTest
  @CsvSource({
    "debian, '', DEBIAN",
    "Ubuntu, '', DEBIAN",
    "rocky, rhel centos fedora, RED_HAT",
    "newclone, rhel centos fedora, RED_HAT",
    "newclone, unheard-of suse, SUSE",
    "pop, ubuntu debian, DEBIAN",
    "biglinux, manjaro arch, ARCH",
    "flatcar, coreos, FLATCAR",
    "photon, '', PHOTON",
    "chimeraos, arch, ARCH",
    "sles_sap, suse, SUSE",
    "void, '', GENERIC",
    "'', '', GENERIC"
  })
  void aDistributionWithoutARowGetsThatOfItsParent(String id, String like, Family family) {
    assertThat(Release.of(Map.of("ID", id, "ID_LIKE", like)).family()).isEqualTo(family);
  }

  @ParameterizedTest
  @CsvSource({
    "ubuntu, 14.04, true",
    "ubuntu, 16.04, false",
    "ubuntu-child, 14.04, false",
    "rhel, 6, true",
    "rhel, , false",
    "rhel, rawhide, false",
    "rhel, 99999999999, false",
    "opensuse-tumbleweed, 20240901, false"
  })
  void aChildOfAnotherDistributionCountsItsReleasesInItsOwnWay(
      String id, String version, boolean none) {
    Map<String, String> keys = new HashMap<>(Map.of("ID", id, "ID_LIKE", "ubuntu"));
    if (version != null) {
      keys.put("VERSION_ID", version);
    }

    assertThat(Release.of(keys).readsNoLinks()).isEqualTo(none);
  }

  @ParameterizedTest
  @CsvSource({
    "redhat, rhel, true",
    "RedHat, rhel, true",
    "redhat, ol, true",
    "redhat, rocky, false",
    "rocky, rocky, true",
    "ubuntu, linuxmint, true",
    "opensuse, opensuse-leap, true",
    "sles, sles_sap, true",
    "Manjaro, manjaro, true",
    "own, own-edition, true",
    "debian, proxmox, true",
    "debian, ubuntu, false",
    "debian, '', false"
  })
  void theFolderOfABootLoaderIsCalledAsItsDistributionCallsIt(
      String folder, String id, boolean own) {
    assertThat(Distribution.isEfiFolderOf(folder, id)).isEqualTo(own);
  }
}
