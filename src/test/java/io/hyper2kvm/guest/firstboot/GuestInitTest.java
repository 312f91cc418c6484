package io.hyper2kvm.guest.firstboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.leftover.GuestTree;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which init a guest has, by the files that its distribution puts there. */
class GuestInitTest {

  private static GuestTree tree(String initLink, boolean systemd, String... paths) {
    return new GuestTree(new TreeMap<>(), new TreeSet<>(List.of(paths)), systemd, initLink);
  }

  private static GuestTree table(String inittab) {
    return new GuestTree(
        new TreeMap<>(Map.of("/etc/inittab", inittab)),
        new TreeSet<>(List.of("/sbin/init")),
        false,
        "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/lib/systemd/systemd",
        "../lib/systemd/systemd",
        "/usr/lib/systemd/systemd",
        "../usr/lib/systemd/systemd"
      })
  void theLinkToSystemdIsSystemd(String link) {
    assertThat(GuestInit.of(tree(link, true, "/sbin/init"))).contains(GuestInit.SYSTEMD);
  }

  @Test
  void systemdWithoutALinkIsNamedByTheKernelsCommandLine() {
    assertThat(GuestInit.of(tree("", true))).contains(GuestInit.SYSTEMD);
  }

  @Test
  void systemdThatIsInstalledBesideAnotherInitIsNotTaken() {
    assertThat(GuestInit.of(tree("", true, "/sbin/init", "/sbin/initctl", "/etc/init/rc.conf")))
        .contains(GuestInit.UPSTART);
    assertThat(GuestInit.of(tree("", true, "/sbin/init"))).isEmpty();
    assertThat(GuestInit.of(tree("/usr/bin/runit-init", true, "/sbin/init"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/sbin/openrc, /bin/busybox", // Alpine
    "/sbin/openrc, ''", // Gentoo with the init of System V
    "/usr/sbin/openrc, openrc-init",
    "/usr/bin/openrc, openrc-init", // Artix
    "/sbin/rc, ''" // before OpenRC 0.13
  })
  void openRcIsKnownByItsProgramAndItsRunlevel(String program, String link) {
    assertThat(
            GuestInit.of(tree(link, false, "/sbin/init", program, "/etc/runlevels/default/sshd")))
        .contains(GuestInit.OPENRC);
    assertThat(GuestInit.of(tree(link, false, "/sbin/init", program))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id:2:initdefault:\nl2:2:wait:/etc/init.d/rc 2\n", // Debian
        "id:3:initdefault:\nl3:3:wait:/etc/rc.d/rc 3\n", // RHEL 5
        "l5:5:wait:/etc/init.d/rc 5\r\n", // with foreign line ends
        "# a comment\n  l3:3:wait:/sbin/rc default\n",
        "rc:2345:wait:/etc/rc.d/rc.M\n" // Slackware
      })
  void aTableOfRunlevelsIsTheInitOfSystemV(String inittab) {
    assertThat(GuestInit.of(table(inittab))).contains(GuestInit.SYSV);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "id:3:initdefault:\n", // RHEL 6 and 7 leave only that, or comments
        "::sysinit:/etc/init.d/rcS\n::wait:/bin/sh /x\n", // busybox
        "#l2:2:wait:/etc/init.d/rc 2\n",
        "~~:S:wait:/sbin/sulogin\nl0:0:wait:/etc/init.d/rc 0\n",
        "l2:2:respawn:/sbin/getty tty1\n",
        "l2:2:wait:"
      })
  void anotherTableIsNot(String inittab) {
    assertThat(GuestInit.of(table(inittab))).isEmpty();
  }

  @Test
  void aTableOfAnySizeIsRead() {
    assertThat(GuestInit.of(table("2".repeat(900_000) + "\nl2:2:wait:/x\n" + "l:2".repeat(9999))))
        .contains(GuestInit.SYSV);
  }
}
