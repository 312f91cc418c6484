package io.hyper2kvm.guest.network.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.network.Guest;
import io.hyper2kvm.guest.network.survey.Interface;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IfupdownTest {
  private static final String FILE = "/etc/network/interfaces";

  @Test
  void debian12StaticAddressKeepsItsName() {
    Guest guest =
        Guest.with(
                FILE,
                """
                # This file describes the network interfaces available on your system
                source /etc/network/interfaces.d/*

                auto lo
                iface lo inet loopback

                allow-hotplug ens192
                iface ens192 inet static
                \taddress 192.0.2.10/24
                \tgateway 192.0.2.1
                \tdns-nameservers 192.0.2.53
                """)
            .full()
            .succeeds()
            .pins("ens192")
            .unchanged(FILE);

    assertThat(guest.plan().configuredBy()).containsExactly("ifupdown");
    Interface card = guest.networkInterface("ens192");
    assertThat(card.addresses()).containsExactly("192.0.2.10/24");
    assertThat(card.gateway()).contains("192.0.2.1");
    assertThat(card.configuredIn()).isEqualTo(FILE);
    assertThat(card.oldMac()).isEmpty();
  }

  @Test
  void separateNetmaskBecomesAPrefix() {
    Guest guest =
        Guest.with(
                FILE,
                "auto eth0\niface eth0 inet static\n  address 10.1.2.3\n  netmask 255.255.252.0\n")
            .full();

    assertThat(guest.networkInterface("eth0").addresses()).containsExactly("10.1.2.3/22");
  }

  @Test
  void debian11DhcpKeepsItsName() {
    Guest guest =
        Guest.with(FILE, "auto lo\niface lo inet loopback\nauto ens33\niface ens33 inet dhcp\n")
            .full()
            .succeeds()
            .pins("ens33");

    assertThat(guest.networkInterface("ens33").addresses()).containsExactly("dhcp");
  }

  @Test
  void filesOfInterfacesDotDCount() {
    Guest.with("/etc/network/interfaces.d/lan", "auto lan0\niface lan0 inet dhcp\n")
        .full()
        .succeeds()
        .pins("lan0");
  }

  @Test
  void scriptsBelowEtcNetworkAreNoConfiguration() {
    Guest guest =
        Guest.with("/etc/network/if-up.d/route", "#!/bin/sh\niface ens9 inet dhcp\n").full();

    assertThat(guest.plan().interfaces()).isEmpty();
    guest.pinsNothing();
  }

  @Test
  void bondMembersArePinnedAndTheBondIsNot() {
    Guest guest =
        Guest.with(
                FILE,
                """
                auto bond0
                iface bond0 inet static
                  address 10.0.0.5/24
                  bond-slaves ens192 ens224
                  bond-mode active-backup
                """)
            .full()
            .succeeds()
            .pinsInOrder("ens192", "ens224");

    assertThat(guest.link("bond0")).isNull();
    assertThat(guest.networkInterface("bond0").addresses()).containsExactly("10.0.0.5/24");
    assertThat(guest.plan().interfaces())
        .extracting(Interface::name)
        .containsExactly("ens192", "ens224", "bond0");
  }

  @Test
  void bridgePortsArePinnedWhateverTheBridgeIsCalled() {
    Guest guest =
        Guest.with(
                FILE,
                """
                iface ens18 inet manual
                auto uplink
                iface uplink inet static
                  address 10.0.0.5/24
                  bridge_ports ens18
                  bridge_stp off
                """)
            .full()
            .succeeds()
            .pins("ens18");

    assertThat(guest.link("uplink")).isNull();
  }

  @Test
  void vlanPinsTheCardBelow() {
    Guest guest =
        Guest.with(FILE, "auto eth0.100\niface eth0.100 inet static\n  address 10.0.0.5/24\n")
            .full()
            .succeeds()
            .pins("eth0");

    assertThat(guest.networkInterface("eth0.100").addresses()).containsExactly("10.0.0.5/24");
  }

  @Test
  void vlanByRawDevicePinsTheCard() {
    Guest guest =
        Guest.with(FILE, "iface vlan7 inet dhcp\n  vlan-raw-device ens160\n")
            .full()
            .succeeds()
            .pins("ens160");

    assertThat(guest.link("vlan7")).isNull();
  }

  @Test
  void aliasStandsForItsCard() {
    Guest guest =
        Guest.with(
                FILE,
                "iface eth0 inet static\n address 10.0.0.5/24\n"
                    + "iface eth0:1 inet static\n address 10.0.0.6/24\n")
            .full()
            .succeeds()
            .pins("eth0");

    assertThat(guest.networkInterface("eth0").addresses())
        .containsExactly("10.0.0.5/24", "10.0.0.6/24");
  }

  @Test
  void chosenHardwareAddressStaysAndIsNoted() {
    Guest guest =
        Guest.with(FILE, "iface eth0 inet dhcp\n  hwaddress ether 02:01:02:03:04:08\n")
            .full()
            .succeeds()
            .unchanged(FILE);

    assertThat(guest.plan().edits().leftAlone())
        .anySatisfy(
            note -> {
              assertThat(note.line()).isEqualTo(2);
              assertThat(note.reason()).contains("operator chose");
            });
  }

  @Test
  void cardOutsideOfPersistentRulesIsPinnedByTheirNames() {
    String rules = "/etc/udev/rules.d/70-persistent-net.rules";
    Guest guest =
        Guest.with(FILE, "auto eth0\niface eth0 inet static\n  address 10.0.0.5/24\n")
            .and(
                rules,
                """
                # This file was automatically generated by the /lib/udev/write_net_rules program.

                # PCI device 0x15ad:0x07b0 (vmxnet3)
                SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="00:50:56:9a:00:01", \
                ATTR{dev_id}=="0x0", ATTR{type}=="1", KERNEL=="eth*", NAME="eth0"
                """)
            .full()
            .succeeds()
            .pins("eth0");

    assertThat(guest.after(rules)).isNull();
    assertThat(guest.networkInterface("eth0").oldMac()).contains("00:50:56:9a:00:01");
    FileEdit removal =
        guest.plan().edits().files().stream()
            .filter(e -> e.file().equals(rules))
            .findFirst()
            .orElseThrow();
    assertThat(removal.after()).isEqualTo(Optional.empty());
    assertThat(removal.changes())
        .extracting(Change::line)
        .as("the rule and the comment that describes it")
        .containsExactly(3, 4);
  }
}
