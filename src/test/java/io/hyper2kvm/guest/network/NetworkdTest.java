package io.hyper2kvm.guest.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NetworkdTest {
  private static final String FOLDER = "/etc/systemd/network/";

  @Test
  void photonsPatternMatchesTheNewCardToo() {
    Guest guest =
        Guest.with(
                FOLDER + "99-dhcp-en.network",
                "[Match]\nName=e*\n\n[Network]\nDHCP=yes\nIPv6AcceptRA=no\n")
            .full()
            .succeeds()
            .pinsNothing()
            .unchanged(FOLDER + "99-dhcp-en.network");

    assertThat(guest.plan().edits().warnings()).isEmpty();
    assertThat(guest.plan().configuredBy()).containsExactly("systemd-networkd");
  }

  @Test
  void patternOfTheOldNamesGetsACardThatItMatches() {
    Guest guest =
        Guest.with(FOLDER + "20-wired.network", "[Match]\nName=eth*\n[Network]\nDHCP=ipv4\n")
            .full()
            .succeeds()
            .pinsInOrder("eth0");

    assertThat(guest.plan().edits().warnings()).anySatisfy(w -> assertThat(w).contains("eth*"));
  }

  @Test
  void staticNetworkKeepsItsName() {
    Guest guest =
        Guest.with(
                FOLDER + "10-static-en.network",
                """
                [Match]
                Name=eth0

                [Network]
                Address=192.0.2.30/24
                Gateway=192.0.2.1
                DNS=192.0.2.53
                """)
            .full()
            .succeeds()
            .pins("eth0");

    assertThat(guest.networkInterface("eth0").addresses()).containsExactly("192.0.2.30/24");
    assertThat(guest.networkInterface("eth0").gateway()).contains("192.0.2.1");
  }

  @Test
  void networkByAddressOfTheOnlyCardMatchesTheDriver() {
    Guest guest =
        Guest.with(
                FOLDER + "10-lan.network",
                "[Match]\nMACAddress=00:50:56:9a:00:01\n\n[Network]\nAddress=192.0.2.30/24\n")
            .full()
            .succeeds();

    assertThat(guest.after(FOLDER + "10-lan.network"))
        .isEqualTo("[Match]\nDriver=virtio_net\n\n[Network]\nAddress=192.0.2.30/24\n");
  }

  @Test
  void networksByAddressOfTwoNamelessCardsFail() {
    Guest.with(FOLDER + "10-a.network", "[Match]\nMACAddress=00:50:56:9a:00:01\n")
        .and(FOLDER + "10-b.network", "[Match]\nMACAddress=00:50:56:9a:00:02\n")
        .full()
        .failsWith("10-a.network line 2")
        .failsWith("10-b.network line 2")
        .unchanged(FOLDER + "10-a.network");
  }

  @Test
  void networksByAddressTakeTheNamesOfTheLinks() {
    Guest guest =
        Guest.with(
                FOLDER + "10-a.link",
                "[Match]\nMACAddress=00:50:56:9a:00:01\n\n[Link]\nName=lan0\n")
            .and(
                FOLDER + "10-b.link",
                "[Match]\nPermanentMACAddress=00:50:56:9a:00:02\n[Link]\nMTUBytes=9000\nName=lan1\n")
            .and(FOLDER + "20-a.network", "[Match]\nMACAddress=00:50:56:9a:00:01\n")
            .and(FOLDER + "20-b.network", "[Match]\nMACAddress=00:50:56:9a:00:02\n")
            .full()
            .succeeds()
            .pinsNothing();

    assertThat(guest.after(FOLDER + "10-a.link"))
        .isEqualTo("[Match]\nDriver=virtio_net\nOriginalName=eth0\n\n[Link]\nName=lan0\n");
    assertThat(guest.after(FOLDER + "10-b.link"))
        .isEqualTo(
            "[Match]\nDriver=virtio_net\nOriginalName=eth1\n[Link]\nMTUBytes=9000\nName=lan1\n");
    assertThat(guest.after(FOLDER + "20-a.network")).isEqualTo("[Match]\nName=lan0\n");
    assertThat(guest.after(FOLDER + "20-b.network")).isEqualTo("[Match]\nName=lan1\n");
    assertThat(guest.changedLinks()).containsOnlyKeys(FOLDER + "10-a.link", FOLDER + "10-b.link");
  }

  @Test
  void linkOfTheOnlyCardMatchesTheDriver() {
    Guest guest =
        Guest.with(
                FOLDER + "10-lan.link",
                "# lan\n[Match]\nMACAddress=00:50:56:9a:00:01\nPath=pci-0000:0b:00.0\n\n[Link]\nName=lan0\n")
            .and(FOLDER + "20-lan.network", "[Match]\nName=lan0\n[Network]\nDHCP=yes\n")
            .full()
            .succeeds()
            .pinsNothing();

    assertThat(guest.after(FOLDER + "10-lan.link"))
        .isEqualTo("# lan\n[Match]\nDriver=virtio_net\n\n[Link]\nName=lan0\n");
  }

  @Test
  void linkThatTunesTheCardIsGivenTheNameAsWell() {
    Guest guest =
        Guest.with(
                FOLDER + "05-mtu.link",
                "[Match]\nDriver=vmxnet3\n\n[Link]\nNamePolicy=kernel slot\nMTUBytes=9000\n")
            .and(FOLDER + "20-lan.network", "[Match]\nName=ens192\n[Network]\nDHCP=yes\n")
            .full()
            .succeeds()
            .pinsNothing();

    // The first file that matches a card is the only one that is applied to it.
    assertThat(guest.after(FOLDER + "05-mtu.link"))
        .isEqualTo("[Match]\nDriver=virtio_net\n\n[Link]\nName=ens192\nMTUBytes=9000\n");
  }

  @Test
  void linkForEveryCardBeforeOursIsAFailure() {
    Guest.with(FOLDER + "00-all.link", "[Match]\nOriginalName=*\n[Link]\nWakeOnLan=off\n")
        .and(FOLDER + "20-lan.network", "[Match]\nName=ens192\n[Network]\nDHCP=yes\n")
        .full()
        .failsWith("00-all.link");
  }

  @Test
  void bridgeAndBondNetworksKeepWorking() {
    Guest guest =
        Guest.with(
                FOLDER + "br0.netdev",
                "[NetDev]\nName=lanbr\nKind=bridge\nMACAddress=02:00:00:00:00:01\n")
            .and(FOLDER + "br0.network", "[Match]\nName=lanbr\n[Network]\nAddress=10.0.0.2/24\n")
            .and(FOLDER + "port.network", "[Match]\nName=ens192\n[Network]\nBridge=lanbr\n")
            .full()
            .succeeds()
            .pins("ens192");

    assertThat(guest.link("lanbr")).isNull();
    assertThat(guest.plan().edits().leftAlone())
        .anySatisfy(n -> assertThat(n.text()).contains("02:00:"));
  }

  @Test
  void driverOfANetworkFileIsReplaced() {
    Guest guest =
        Guest.with(
                FOLDER + "wired.network",
                "[Match]\nDriver=vmxnet3 e1000\n[Network]\nDHCP=yes\n[Link]\nMACAddress=02:00:00:00:00:02\n")
            .full()
            .succeeds();

    assertThat(guest.after(FOLDER + "wired.network"))
        .isEqualTo(
            "[Match]\nDriver=virtio_net\n[Network]\nDHCP=yes\n[Link]\nMACAddress=02:00:00:00:00:02\n");
  }

  @Test
  void windowsLineEndsStay() {
    Guest guest =
        Guest.with(
                FOLDER + "lan.network",
                "[Match]\r\nMACAddress=00:50:56:9a:00:01\r\nName=ens192\r\n[Network]\r\nDHCP=yes\r\n")
            .full()
            .succeeds()
            .pins("ens192");

    assertThat(guest.after(FOLDER + "lan.network"))
        .isEqualTo("[Match]\r\nName=ens192\r\n[Network]\r\nDHCP=yes\r\n");
  }
}
