package io.hyper2kvm.guest.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Network settings that nothing in the guest's release reads keep no name and tell no address. */
class UnreadFilesTest {

  private static final String IFCFG = "/etc/sysconfig/network-scripts/ifcfg-ens192";
  private static final String SUSE = "/etc/sysconfig/network/ifcfg-ens192";
  private static final String INTERFACES = "/etc/network/interfaces";
  private static final String NETPLAN = "/etc/netplan/01-netcfg.yaml";
  private static final String KEYFILE =
      "/etc/NetworkManager/system-connections/ens192.nmconnection";
  private static final String NETWORKD = "/etc/systemd/network/10-ens192.network";
  private static final String PLUGIN =
      "/usr/lib64/NetworkManager/libnm-settings-plugin-ifcfg-rh.so";
  private static final String SCRIPTS = "/etc/sysconfig/network-scripts/ifup-eth";
  private static final String SAID = ": nothing in this guest reads this: ";

  /** The guest with one file in that place, which gives ens192 its address. */
  private static Guest with(String place) {
    String text =
        switch (place) {
          case IFCFG -> "DEVICE=ens192\nONBOOT=yes\nIPADDR=192.0.2.9\nPREFIX=24\n";
          case SUSE -> "STARTMODE=auto\nBOOTPROTO=static\nIPADDR=192.0.2.9/24\n";
          case INTERFACES -> "auto ens192\niface ens192 inet static\n\taddress 192.0.2.9/24\n";
          case NETPLAN -> "network: {ethernets: {ens192: {addresses: [192.0.2.9/24]}}}\n";
          case NETWORKD -> "[Match]\nName=ens192\n[Network]\nAddress=192.0.2.9/24\n";
          default ->
              "[connection]\nid=a\ntype=ethernet\ninterface-name=ens192\n[ipv4]\nmethod=manual\naddress1=192.0.2.9/24\n";
        };
    return Guest.with(place, text).cards(1);
  }

  private static void assertRead(Guest guest) {
    guest.full().succeeds();
    assertThat(guest.networkInterface("ens192").addresses()).containsExactly("192.0.2.9/24");
    assertThat(guest.link("ens192")).contains("Name=ens192");
    assertThat(guest.plan().edits().warnings()).isEmpty();
  }

  private static void assertUnread(Guest guest, String file, String reason) {
    guest.full().succeeds();
    assertThat(guest.plan().interfaces()).isEmpty();
    assertThat(guest.plan().configuredBy()).isEmpty();
    assertThat(guest.plan().edits().files()).isEmpty();
    assertThat(guest.plan().edits().warnings())
        .singleElement()
        .asString()
        .startsWith(file + SAID + reason);
  }

  @ParameterizedTest
  @CsvSource({
    "rhel, 6.10",
    "centos, 7",
    "rhel, 8.10",
    "rocky, 9.4",
    "almalinux, 9.6",
    "ol, 9.5",
    "fedora, 35",
    "amzn, 2018.03",
    "amzn, 2",
    "mageia, 9",
    "openeuler, 24.03",
    "unheard-of, 40",
    "rhel, ''"
  })
  void ifcfgFilesAreReadByTheReleasesThatHaveAReader(String id, String version) {
    assertRead(with(IFCFG).release(id, version));
  }

  @ParameterizedTest
  @CsvSource({
    "rhel, 10.0, since release 10 of rhel",
    "centos, 10, since release 10 of centos",
    "rocky, 10.1, since release 10 of rocky",
    "almalinux, 10.0, since release 10 of almalinux",
    "ol, 10.0, since release 10 of ol",
    "cloudlinux, 10.0, since release 10 of cloudlinux",
    "fedora, 41, since release 36 of fedora",
    "amzn, 2023, since release 2023 of amzn",
    "photon, 5.0, distributions of this family",
    "ubuntu, 24.04, distributions of this family",
    "flatcar, 3975.2.1, distributions of this family"
  })
  void ifcfgFilesAreNotReadByOthers(String id, String version, String reason) {
    assertUnread(with(IFCFG).release(id, version), IFCFG, reason);
  }

  @ParameterizedTest
  @CsvSource({"fedora, 41, " + PLUGIN, "rocky, 10.0, " + PLUGIN, "fedora, 39, " + SCRIPTS})
  void anAdditionalPackageReadsThem(String id, String version, String reader) {
    assertRead(with(IFCFG).and(reader, "").release(id, version));
  }

  @ParameterizedTest
  @CsvSource({
    "/etc/NetworkManager/NetworkManager.conf, keyfile",
    "/etc/NetworkManager/conf.d/90-plugins.conf, 'keyfile,ibft'"
  })
  void networkManagerThatIsToldNotToReadThemDoesNot(String file, String plugins) {
    Guest guest = with(IFCFG).and(file, "[main]\nplugins=" + plugins + "\n").release("rhel", "9.4");

    assertUnread(guest, IFCFG, file + " has plugins=" + plugins + ", without ifcfg-rh");
  }

  @Test
  void theOldScriptsReadThemWhateverNetworkManagerIsTold() {
    assertRead(
        with(IFCFG)
            .and("/etc/NetworkManager/NetworkManager.conf", "[main]\nplugins=keyfile\n")
            .and(SCRIPTS, "#!/bin/bash\n")
            .release("rhel", "8.9"));
  }

  @ParameterizedTest
  @CsvSource({
    "sles, 12.5",
    "sles, 15.6",
    "sled, 15.5",
    "opensuse-leap, 15.6",
    "opensuse, 42.3",
    "opensuse-tumbleweed, 20251101",
    "sle-micro, 5.5"
  })
  void wickedsFilesAreReadByTheReleasesThatHaveIt(String id, String version) {
    assertRead(with(SUSE).release(id, version));
  }

  @ParameterizedTest
  @CsvSource({
    "sles, 16.0, since release 16 of sles",
    "opensuse-leap, 16.0, since release 16 of opensuse-leap",
    "sl-micro, 6.0, since release 6 of sl-micro",
    "rhel, 9.4, distributions of this family"
  })
  void wickedsFilesAreNotReadByOthers(String id, String version, String reason) {
    assertUnread(with(SUSE).release(id, version), SUSE, reason);
  }

  @ParameterizedTest
  @CsvSource({
    "ubuntu, 24.04, " + INTERFACES + ", /usr/sbin/netplan, ifupdown reads it",
    "debian, 12, " + INTERFACES + ", /usr/sbin/NetworkManager, ifupdown reads it",
    "debian, 12, " + KEYFILE + ", /sbin/ifup, NetworkManager reads it",
    "debian, 12, " + NETPLAN + ", /sbin/ifup, netplan reads it",
    "rhel, 9.4, " + NETWORKD + ", /usr/sbin/NetworkManager, systemd-networkd reads it",
    "sles, 15.6, " + SUSE + ", /usr/sbin/NetworkManager, wicked reads it"
  })
  void whatIsNotInstalledReadsNothing(
      String id, String version, String file, String reader, String reason) {
    assertUnread(with(file).and(reader, "").release(id, version), file, reason);
  }

  @ParameterizedTest
  @CsvSource({
    "ubuntu, 16.04, " + INTERFACES + ", /sbin/ifup",
    "ubuntu, 22.04, " + INTERFACES + ", /usr/sbin/ifup",
    "debian, 12, " + KEYFILE + ", /usr/sbin/NetworkManager",
    "arch, '', " + KEYFILE + ", /usr/bin/NetworkManager",
    "ubuntu, 24.04, " + NETPLAN + ", /usr/sbin/netplan",
    "debian, 12, " + NETWORKD + ", /lib/systemd/systemd-networkd",
    "photon, 5.0, " + NETWORKD + ", /usr/lib/systemd/systemd-networkd",
    "sles, 16.0, " + SUSE + ", /usr/sbin/wicked"
  })
  void whatIsInstalledReadsItsFiles(String id, String version, String file, String reader) {
    assertRead(with(file).and(reader, "").release(id, version));
  }

  @Test
  void aLeftOverFileDoesNotDisturbTheOneThatIsRead() {
    Guest guest =
        with(KEYFILE)
            .and(
                "/etc/sysconfig/network-scripts/ifcfg-eth0",
                "DEVICE=eth0\nHWADDR=00:50:56:9a:00:01\nONBOOT=yes\nIPADDR=192.0.2.77\n")
            .release("rocky", "10.0")
            .full()
            .succeeds()
            .pins("ens192");

    assertThat(guest.plan().interfaces()).hasSize(1);
  }

  @Test
  void networkManagerReadsInterfacesWhereItIsToldTo() {
    assertRead(
        with(INTERFACES)
            .and("/usr/sbin/NetworkManager", "")
            .and("/etc/NetworkManager/NetworkManager.conf", "[ifupdown]\nmanaged=true\n")
            .release("debian", "12"));
  }

  @Test
  void aFileThatSaysNothingOfACardIsNotSpokenOf() {
    Guest guest =
        with(NETPLAN)
            .and("/usr/sbin/netplan", "")
            .and(INTERFACES, "# netplan is used\nauto lo\niface lo inet loopback\n")
            .release("ubuntu", "24.04");

    assertRead(guest);
  }
}
