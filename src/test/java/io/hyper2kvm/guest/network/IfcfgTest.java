package io.hyper2kvm.guest.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.network.survey.Interface;
import io.hyper2kvm.guest.network.survey.Level;
import org.junit.jupiter.api.Test;

class IfcfgTest {
  private static final String RED_HAT = "/etc/sysconfig/network-scripts/ifcfg-";
  private static final String SUSE = "/etc/sysconfig/network/ifcfg-";

  @Test
  void rhel7FileLosesItsAddressPinOnly() {
    Guest guest =
        Guest.with(
                RED_HAT + "ens192",
                """
                TYPE="Ethernet"
                BOOTPROTO="none"
                NAME="ens192"
                UUID="f3bc4a61-6e3c-4d5f-a8e5-1f0a1b2c3d4e"
                DEVICE="ens192"
                HWADDR="00:50:56:9A:00:01"
                ONBOOT="yes"
                IPADDR="192.0.2.50"
                PREFIX="24"
                GATEWAY="192.0.2.1"
                """)
            .full()
            .succeeds()
            .pins("ens192");

    assertThat(guest.after(RED_HAT + "ens192"))
        .isEqualTo(
            """
            TYPE="Ethernet"
            BOOTPROTO="none"
            NAME="ens192"
            UUID="f3bc4a61-6e3c-4d5f-a8e5-1f0a1b2c3d4e"
            DEVICE="ens192"
            ONBOOT="yes"
            IPADDR="192.0.2.50"
            PREFIX="24"
            GATEWAY="192.0.2.1"
            """);
    Interface card = guest.networkInterface("ens192");
    assertThat(card.addresses()).containsExactly("192.0.2.50/24");
    assertThat(card.gateway()).contains("192.0.2.1");
    assertThat(card.oldMac()).contains("00:50:56:9a:00:01");
    assertThat(guest.plan().configuredBy()).containsExactly("ifcfg");
  }

  @Test
  void fileWithoutDeviceIsToldByNameInsteadOfAddress() {
    Guest guest =
        Guest.with(
                RED_HAT + "eno16777984",
                "TYPE=Ethernet\nBOOTPROTO=dhcp\nHWADDR=00:50:56:9A:00:01\nONBOOT=yes\n")
            .full()
            .succeeds()
            .pins("eno16777984");

    assertThat(guest.after(RED_HAT + "eno16777984"))
        .isEqualTo("TYPE=Ethernet\nBOOTPROTO=dhcp\nDEVICE=eno16777984\nONBOOT=yes\n");
  }

  @Test
  void rhel6UsesAUdevRuleInsteadOfALink() {
    Guest guest =
        Guest.with(
                RED_HAT + "eth0",
                "DEVICE=eth0\nHWADDR=00:50:56:9A:00:01\nBOOTPROTO=static\nIPADDR=10.0.0.3\nNETMASK=255.255.0.0\nONBOOT=yes\n")
            .and(
                "/etc/udev/rules.d/70-persistent-net.rules",
                "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"?*\", ATTR{address}==\"00:50:56:9a:00:01\", NAME=\"eth0\"\n")
            .traits(false, false, 1)
            .full()
            .succeeds()
            .pinsNothing();

    assertThat(guest.after("/etc/udev/rules.d/70-persistent-net.rules")).isNull();
    assertThat(guest.after("/etc/udev/rules.d/70-hyper2kvm-net.rules"))
        .contains("DRIVERS==\"virtio_net\"", "KERNEL==\"eth*\", NAME=\"eth0\"");
    assertThat(guest.networkInterface("eth0").addresses()).containsExactly("10.0.0.3/16");
  }

  @Test
  void bondBridgeAndVlanKeepWorking() {
    Guest guest =
        Guest.with(RED_HAT + "bond0", "DEVICE=bond0\nTYPE=Bond\nBONDING_OPTS=mode=1\nBRIDGE=br0\n")
            .and(RED_HAT + "br0", "DEVICE=br0\nTYPE=Bridge\nIPADDR=10.0.0.3\nPREFIX=24\n")
            .and(
                RED_HAT + "ens224",
                "DEVICE=ens224\nMASTER=bond0\nSLAVE=yes\nHWADDR=00:50:56:9a:00:02\n")
            .and(
                RED_HAT + "ens192",
                "DEVICE=ens192\nMASTER=bond0\nSLAVE=yes\nHWADDR=00:50:56:9a:00:01\n")
            .and(RED_HAT + "br0.30", "DEVICE=br0.30\nVLAN=yes\nBOOTPROTO=dhcp\n")
            .full()
            .succeeds()
            .pinsInOrder("ens192", "ens224");

    assertThat(guest.link("bond0")).isNull();
    assertThat(guest.link("br0")).isNull();
    assertThat(guest.after(RED_HAT + "ens192")).doesNotContain("HWADDR");
  }

  @Test
  void spoofedAddressStays() {
    Guest guest =
        Guest.with(RED_HAT + "eth0", "DEVICE=eth0\nMACADDR=02:00:00:00:00:09\nBOOTPROTO=dhcp\n")
            .full()
            .succeeds()
            .unchanged(RED_HAT + "eth0");

    assertThat(guest.plan().edits().leftAlone()).hasSize(1);
  }

  @Test
  void backupCopiesAreNoConfiguration() {
    Guest.with(RED_HAT + "ens192", "DEVICE=ens192\nBOOTPROTO=dhcp\n")
        .and(RED_HAT + "eth0.bak", "DEVICE=eth0\nHWADDR=00:50:56:9a:00:01\n")
        .and(RED_HAT + "lo", "DEVICE=lo\nIPADDR=127.0.0.1\n")
        .full()
        .succeeds()
        .pins("ens192")
        .unchanged(RED_HAT + "eth0.bak");
  }

  @Test
  void leftoverFileOfACardThatIsGoneIsToldByTheNumberOfCards() {
    Guest guest =
        Guest.with(RED_HAT + "ens192", "DEVICE=ens192\nONBOOT=yes\nBOOTPROTO=dhcp\n")
            .and(RED_HAT + "ens33", "DEVICE=ens33\nONBOOT=no\n")
            .cards(1)
            .full()
            .succeeds()
            .pins("ens192");

    assertThat(guest.link("ens33")).isNull();
  }

  @Test
  void basicTakesThePinAndWarnsOfTheName() {
    Guest guest =
        Guest.with(RED_HAT + "ens192", "DEVICE=ens192\nHWADDR=00:50:56:9a:00:01\nBOOTPROTO=dhcp\n")
            .plan(Level.BASIC)
            .succeeds()
            .pinsNothing();

    assertThat(guest.after(RED_HAT + "ens192")).isEqualTo("DEVICE=ens192\nBOOTPROTO=dhcp\n");
    assertThat(guest.plan().edits().warnings()).anySatisfy(w -> assertThat(w).contains("ens192"));
  }

  @Test
  void slesStaticCardKeepsItsName() {
    Guest guest =
        Guest.with(
                SUSE + "eth0",
                "BOOTPROTO='static'\nIPADDR='192.0.2.60/24'\nSTARTMODE='auto'\nZONE=public\n")
            .and(SUSE + "lo", "IPADDR=127.0.0.1/8\n")
            .full()
            .succeeds()
            .pins("eth0")
            .unchanged(SUSE + "eth0");

    assertThat(guest.networkInterface("eth0").addresses()).containsExactly("192.0.2.60/24");
    assertThat(guest.plan().configuredBy()).containsExactly("wicked");
  }

  @Test
  void slesBondAndBridgeAndVlanPinTheirMembers() {
    Guest guest =
        Guest.with(
                SUSE + "uplink",
                "BONDING_MASTER='yes'\nBONDING_SLAVE_0='eth0'\nBONDING_SLAVE_1='eth1'\nSTARTMODE='auto'\n")
            .and(SUSE + "eth0", "BOOTPROTO='none'\nSTARTMODE='hotplug'\n")
            .and(SUSE + "kvm", "BRIDGE='yes'\nBRIDGE_PORTS='uplink'\nIPADDR='10.0.0.4/24'\n")
            .and(SUSE + "office", "ETHERDEVICE='eth0'\nVLAN_ID='12'\nBOOTPROTO='dhcp'\n")
            .full()
            .succeeds()
            .pinsInOrder("eth0", "eth1");

    assertThat(guest.link("uplink")).isNull();
    assertThat(guest.link("kvm")).isNull();
    assertThat(guest.link("office")).isNull();
  }

  @Test
  void suseFileNamedAfterAnAddressIsAFailureAndSaysWhatToDo() {
    Guest guest =
        Guest.with(SUSE + "eth-id-00:50:56:9a:00:01", "BOOTPROTO='static'\nIPADDR='10.0.0.4/24'\n")
            .full()
            .failsWith("ifcfg-eth-id-00:50:56:9a:00:01", "give it the card's name");

    assertThat(guest.plan().edits().leftAlone()).hasSize(1);
  }

  @Test
  void sles11PersistentRulesGo() {
    String rules = "/etc/udev/rules.d/70-persistent-net.rules";
    Guest guest =
        Guest.with(
                SUSE + "eth1",
                "BOOTPROTO='static'\nIPADDR='10.0.0.4/24'\nLLADDR='02:00:00:00:00:03'\n")
            .and(
                rules,
                """
                # PCI device 0x15ad:0x07b0 (vmxnet3)
                SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="00:50:56:9a:00:01", KERNEL=="eth*", NAME="eth0"
                SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="00:50:56:9a:00:02", KERNEL=="eth*", NAME="eth1"
                """)
            .traits(false, false, 1)
            .full()
            .succeeds();

    assertThat(guest.after(rules)).isNull();
    assertThat(guest.after("/etc/udev/rules.d/70-hyper2kvm-net.rules"))
        .contains("NAME=\"eth1\"")
        .doesNotContain("eth0");
    assertThat(guest.plan().edits().warnings()).anySatisfy(w -> assertThat(w).contains("eth0"));
  }
}
