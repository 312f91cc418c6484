package io.hyper2kvm.guest.leftover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of package managers, which are a guest's programs and may say anything. */
class PackageManagerTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "open-vm-tools",
        "open-vm-tools-desktop",
        "open-vm-tools-openrc",
        "libvmtools0",
        "VMwareTools",
        "vmware-tools-core",
        "virtualbox-guest-utils",
        "virtualbox-guest-additions-iso",
        "hyperv-daemons",
        "hypervkvpd",
        "linux-cloud-tools-6.8.0-31-generic",
        "xe-guest-utilities-latest",
        "xen-guest-agent"
      })
  void packagesOfToolsAreKnown(String name) {
    assertThat(GuestTools.isPackage(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xserver-xorg-video-vmware",
        "linux-image-amd64",
        "xen-utils",
        "libxenstore4",
        "virtualbox",
        "qemu-guest-agent",
        "walinuxagent",
        "open-vm",
        ""
      })
  void otherPackagesAreNot(String name) {
    assertThat(GuestTools.isPackage(name)).isFalse();
  }

  @Test
  void dpkgListsWhatIsInstalledAndNotWhatWas() {
    assertThat(
            PackageManager.DPKG.tools(
                "install ok installed\topen-vm-tools\t2:12.2.0-1+deb12u2\n"
                    + "hold ok installed\topen-vm-tools-desktop\t2:12.2.0-1\n"
                    + "deinstall ok config-files\tvirtualbox-guest-utils\t6\n"
                    + "install ok installed\tbash\t5.2\nexit 0\n"))
        .isEqualTo(
            Map.of("open-vm-tools", "2:12.2.0-1+deb12u2", "open-vm-tools-desktop", "2:12.2.0-1"));
  }

  @Test
  void rpmPacmanAndApkListTheirsInTheirWay() {
    assertThat(
            PackageManager.RPM.tools(
                "install ok installed\topen-vm-tools\t12.3.5-2.el9\ninstall ok installed\tbash\t5.1.8-9\n"))
        .isEqualTo(Map.of("open-vm-tools", "12.3.5-2.el9"));
    assertThat(PackageManager.PACMAN.tools("bash 5.2-1\nvirtualbox-guest-utils 7.0.14-1\n"))
        .isEqualTo(Map.of("virtualbox-guest-utils", "7.0.14-1"));
    assertThat(
            PackageManager.APK.tools(
                "WARNING: opening from cache\nmusl-1.2.4-r2\nopen-vm-tools-12.3.5-r0\nopen-vm-tools-plugins-all-12.3.5-r0\n"))
        .isEqualTo(Map.of("open-vm-tools", "12.3.5-r0", "open-vm-tools-plugins-all", "12.3.5-r0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "install ok installed\topen-vm-tools;reboot\t1\n",
        "install ok installed\topen-vm-tools-$(id)\t1\n",
        "install ok installed\topen-vm-tools -a\t1\n",
        "install ok installed\t--all\t1\n",
        "install ok installed\topen-vm-tools-`x`\t1\n"
      })
  void aNameThatTheShellWouldReadIsNoPackage(String line) {
    assertThat(PackageManager.DPKG.tools(line)).isEmpty();
  }

  @Test
  void theCommandsNameThePackagesAlone() {
    Map<String, String> packages = new TreeMap<>(Map.of("open-vm-tools", "1", "libvmtools0", "1"));

    assertThat(PackageManager.DPKG.removal(packages))
        .isEqualTo("dpkg --purge libvmtools0 open-vm-tools");
    assertThat(PackageManager.RPM.simulation(packages))
        .isEqualTo("rpm -e --test libvmtools0 open-vm-tools");
  }

  @Test
  void apkMustNotTakeWhatSomebodyAskedFor() {
    String simulated =
        "(1/4) Purging open-vm-tools (12.3.5-r0)\n(2/4) Purging glib (2.78.1-r0)\n"
            + "(3/4) Purging curl (8.5.0-r0)\nOK: 10 MiB in 30 packages\n";
    Map<String, String> packages = Map.of("open-vm-tools", "12.3.5-r0");

    assertThat(PackageManager.APK.others(simulated, packages, "alpine-base\nopen-vm-tools\n"))
        .isEmpty();
    assertThat(PackageManager.APK.others(simulated, packages, "alpine-base\ncurl>8\n"))
        .containsExactly("curl");
  }

  @ParameterizedTest
  @CsvSource({
    "/usr/bin/dpkg,/var/lib/dpkg/status,DPKG",
    "/usr/bin/rpm,/var/lib/rpm,RPM",
    "/bin/rpm,/usr/lib/sysimage/rpm,RPM",
    "/usr/bin/pacman,/var/lib/pacman/local,PACMAN",
    "/sbin/apk,/lib/apk/db/installed,APK"
  })
  void theManagerIsFoundByItsProgramAndItsDatabase(
      String program, String database, PackageManager manager) {
    GuestTree tree =
        new GuestTree(
            new TreeMap<>(), new TreeSet<>(List.of(program, database, "/usr/bin/dpkg")), true);

    assertThat(PackageManager.of(tree)).contains(manager);
  }
}
