package io.hyper2kvm.guest.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.network.survey.CardNaming;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bonds, bridges, VLANs and teams on two cards, in every configuration that there is: the ports
 * keep their names, and what is built on them keeps its addresses, under new hardware addresses.
 */
class BuiltOnCardsTest {

  private static final String A = "00:50:56:00:00:01";
  private static final String B = "00:50:56:00:00:02";
  private static final String IFUPDOWN = "/etc/network/interfaces";
  private static final String NETPLAN = "/etc/netplan/01-all.yaml";
  private static final String NETWORKD = "/etc/systemd/network/";
  private static final String KEYFILES = "/etc/NetworkManager/system-connections/";
  private static final String REDHAT = "/etc/sysconfig/network-scripts/ifcfg-";
  private static final String SUSE = "/etc/sysconfig/network/ifcfg-";

  /** A guest on two cards of VMware, the second one in slot 224. */
  private static Guest guest(String path, String text) {
    return Guest.with(path, text).vmware(A + " 192", B + " 224");
  }

  private static Guest bothPinned(Guest guest) {
    return guest.full().succeeds().pinsInOrder("ens192", "ens224");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        auto bond0
        iface bond0 inet static
          address 192.0.2.5/24
          bond-slaves ens192 ens224
          bond-mode active-backup
        auto bond0.100
        iface bond0.100 inet static
          address 198.51.100.5/24
        """,
        """
        auto ens192
        iface ens192 inet manual
          bond-master bond0
        auto ens224
        iface ens224 inet manual
          bond-master bond0
        auto bond0
        iface bond0 inet static
          address 192.0.2.5/24
          bond-slaves none
        iface bond0.100 inet static
          address 198.51.100.5/24
        """,
        """
        auto bond0
        iface bond0 inet static
          address 192.0.2.5
          netmask 255.255.255.0
          bond_mode 802.3ad
          slaves ens192 ens224
        auto vlan100
        iface vlan100 inet static
          vlan_raw_device bond0
          address 198.51.100.5/24
        """,
        """
        iface ens192 inet manual
        iface ens224 inet manual
        auto bond0
        iface bond0 inet static
          bridge_ports ens192 ens224
          address 192.0.2.5/24
        """,
      })
  void portsOfIfupdownKeepTheirNames(String text) {
    Guest guest = bothPinned(guest(IFUPDOWN, text)).unchanged(IFUPDOWN);

    assertThat(guest.networkInterface("bond0").addresses()).containsExactly("192.0.2.5/24");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        network:
          version: 2
          ethernets:
            ens192: {}
            ens224: {}
          bonds:
            bond0:
              interfaces: [ens192, ens224]
              parameters: {mode: active-backup, primary: ens192}
              addresses: [192.0.2.5/24]
          vlans:
            bond0.100: {id: 100, link: bond0, addresses: [198.51.100.5/24]}
        """,
        """
        network:
          version: 2
          ethernets:
            ens192:
              match: {macaddress: "00:50:56:00:00:01"}
              set-name: ens192
            ens224:
              match:
                macaddress: 00:50:56:00:00:02
              set-name: ens224
          bonds:
            bond0:
              macaddress: 00:50:56:00:00:01
              interfaces: [ens192, ens224]
              addresses: [192.0.2.5/24]
        """,
        """
        network:
          version: 2
          ethernets:
            first:
              match: {macaddress: "00:50:56:00:00:01"}
            second:
              match: {macaddress: "00:50:56:00:00:02"}
          bonds:
            bond0:
              interfaces: [first, second]
              addresses: [192.0.2.5/24]
        """,
        """
        network:
          version: 2
          ethernets:
            ens192: {dhcp4: false}
            ens224: {dhcp4: false}
          bridges:
            bond0:
              interfaces: [ens192, ens224]
              addresses: [192.0.2.5/24]
        """,
      })
  void portsOfNetplanKeepTheirNames(String text) {
    Guest guest = bothPinned(guest(NETPLAN, text));

    assertThat(guest.networkInterface("bond0").addresses()).containsExactly("192.0.2.5/24");
    assertThat(Guest.yaml(guest.after(NETPLAN)).findValues("match"))
        .allSatisfy(match -> assertThat(match.has("macaddress")).isFalse());
  }

  @Test
  void portsOfNetplanByAddressAloneGetTheNamesOfTheirSlots() {
    Guest guest =
        guest(
                NETPLAN,
                """
                network:
                  ethernets:
                    first:
                      match: {macaddress: "00:50:56:00:00:01"}
                    second:
                      match: {macaddress: "00:50:56:00:00:02"}
                  bonds:
                    bond0: {interfaces: [first, second]}
                """)
            .full()
            .succeeds()
            .warns(A, "ens192", "load.network_cards");

    assertThat(Guest.yaml(guest.after(NETPLAN)).at("/network/ethernets/second/match/name").asText())
        .isEqualTo("ens224");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Name=ens192 ens224",
        "MACAddress=00:50:56:00:00:01 00:50:56:00:00:02",
        "PermanentMACAddress=00:50:56:00:00:01\nPermanentMACAddress=00:50:56:00:00:02",
        "Name=ens*",
      })
  void portsOfNetworkdKeepTheirNames(String match) {
    Guest guest =
        guest(NETWORKD + "10-ports.network", "[Match]\n" + match + "\n\n[Network]\nBond=bond0\n")
            .and(NETWORKD + "bond0.netdev", "[NetDev]\nName=bond0\nKind=bond\n")
            .and(NETWORKD + "vlan100.netdev", "[NetDev]\nName=vlan100\nKind=vlan\n[VLAN]\nId=100\n")
            .and(
                NETWORKD + "20-bond0.network",
                "[Match]\nName=bond0\n[Network]\nVLAN=vlan100\nAddress=192.0.2.5/24\n")
            .and(
                NETWORKD + "30-vlan.network",
                "[Match]\nName=vlan100\n[Network]\nAddress=198.51.100.5/24\n");
    bothPinned(guest);

    assertThat(guest.networkInterface("bond0").addresses()).containsExactly("192.0.2.5/24");
    assertThat(guest.networkInterface("vlan100").addresses()).containsExactly("198.51.100.5/24");
    assertThat(guest.after(NETWORKD + "10-ports.network"))
        .containsPattern("Name=(ens192 ens224|ens\\*)\n")
        .doesNotContain("MACAddress");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "interface-name=ens224\nmaster=bond0\nslave-type=bond",
        "interface-name=ens224\ncontroller=3f1e6f1e-aaaa-bbbb-cccc-0123456789ab\nport-type=bond",
        "interface-name=ens224\nmaster=bond0\nslave-type=team\n\n[ethernet]\nmac-address=00:50:56:00:00:02",
        "master=bond0\nslave-type=bridge\n\n[ethernet]\nmac-address=00:50:56:00:00:02",
        "controller=bond0\nport-type=bond\n\n[802-3-ethernet]\nmac-address=00:50:56:00:00:02",
      })
  void portsOfKeyfilesKeepTheirNames(String second) {
    Guest guest =
        guest(
                KEYFILES + "a.nmconnection",
                "[connection]\nid=a\nuuid=u1\ntype=ethernet\ninterface-name=ens192\nmaster=bond0\nslave-type=bond\n")
            .and(
                KEYFILES + "b.nmconnection",
                "[connection]\nid=b\nuuid=u2\ntype=ethernet\n" + second + "\n")
            .and(
                KEYFILES + "bond0.nmconnection",
                "[connection]\nid=bond0\nuuid=3f1e6f1e-aaaa-bbbb-cccc-0123456789ab\ntype=bond\ninterface-name=bond0\n\n[ipv4]\naddress1=192.0.2.5/24,192.0.2.1\nmethod=manual\n")
            .and(
                KEYFILES + "v.nmconnection",
                "[connection]\nid=v\nuuid=u3\ntype=vlan\ninterface-name=bond0.100\n\n[vlan]\nid=100\nparent=bond0\n");
    bothPinned(guest);

    assertThat(guest.networkInterface("bond0").addresses()).containsExactly("192.0.2.5/24");
    assertThat(guest.after(KEYFILES + "b.nmconnection"))
        .contains("interface-name=ens224\n")
        .doesNotContain("mac-address");
  }

  @Test
  void aVlanOfAKeyfileThatKnowsItsParentByAddressGetsTheParentsName() {
    Guest guest =
        bothPinned(
            guest(
                    KEYFILES + "v.nmconnection",
                    "[connection]\nid=v\nuuid=u1\ntype=vlan\ninterface-name=vlan7\n\n[ethernet]\nmac-address=00:50:56:00:00:02\n\n[vlan]\nid=7\nflags=1\n")
                .and(
                    KEYFILES + "a.nmconnection",
                    "[connection]\nid=a\nuuid=u2\ntype=ethernet\ninterface-name=ens192\n"));

    assertThat(guest.after(KEYFILES + "v.nmconnection"))
        .contains("[vlan]\nparent=ens224\nid=7\n")
        .doesNotContain("mac-address");
  }

  @Test
  void aVlanOfAKeyfileWithAParentLosesTheAddressOnly() {
    Guest guest =
        guest(
                KEYFILES + "v.nmconnection",
                "[connection]\nid=v\nuuid=u1\ntype=vlan\ninterface-name=vlan7\n\n[ethernet]\nmac-address=00:50:56:00:00:02\n\n[vlan]\nid=7\nparent=ens224\n")
            .and(
                KEYFILES + "a.nmconnection",
                "[connection]\nid=a\nuuid=u2\ntype=ethernet\ninterface-name=ens192\n")
            .full()
            .succeeds()
            .pinsInOrder("ens192", "ens224");

    assertThat(guest.after(KEYFILES + "v.nmconnection"))
        .isEqualTo(
            "[connection]\nid=v\nuuid=u1\ntype=vlan\ninterface-name=vlan7\n\n[ethernet]\n\n[vlan]\nid=7\nparent=ens224\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DEVICE=ens224\nMASTER=bond0\nSLAVE=yes\n",
        "DEVICE=ens224\nHWADDR=00:50:56:00:00:02\nMASTER=bond0\nSLAVE=yes\n",
        "HWADDR=00:50:56:00:00:02\nMASTER=bond0\nSLAVE=yes\nONBOOT=yes\n",
        "HWADDR=00:50:56:00:00:02\nTEAM_MASTER=bond0\nDEVICETYPE=TeamPort\nONBOOT=yes\n",
        "TYPE=Ethernet\nHWADDR=00:50:56:00:00:02\nBRIDGE=bond0\nONBOOT=yes\n",
      })
  void portsOfIfcfgKeepTheirNames(String second) {
    Guest guest =
        guest(REDHAT + "a", "DEVICE=ens192\nMASTER=bond0\nSLAVE=yes\n")
            .and(REDHAT + "b", second)
            .and(
                REDHAT + "bond0",
                "DEVICE=bond0\nTYPE=Bond\nBONDING_MASTER=yes\nBONDING_OPTS=\"mode=1 primary=ens192\"\nIPADDR=192.0.2.5\nPREFIX=24\n")
            .and(
                REDHAT + "bond0.100",
                "DEVICE=bond0.100\nVLAN=yes\nIPADDR=198.51.100.5\nPREFIX=24\n");
    bothPinned(guest);

    assertThat(guest.networkInterface("bond0").addresses()).containsExactly("192.0.2.5/24");
    assertThat(guest.after(REDHAT + "b")).contains("DEVICE=ens224\n").doesNotContain("HWADDR");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BONDING_MASTER=yes\nBONDING_SLAVE0=ens192\nBONDING_SLAVE1='ens224'\n",
        "BONDING_MASTER='yes'\nBONDING_SLAVE_1='ens192'\nBONDING_SLAVE_2='ens224'\n",
        "BRIDGE='yes'\nBRIDGE_PORTS='ens192 ens224'\n",
        "TEAM_RUNNER='activebackup'\nTEAM_PORT_DEVICE_1='ens192'\nTEAM_PORT_DEVICE_2='ens224'\n",
        "OVS_BRIDGE=yes\nOVS_BRIDGE_PORT_DEVICE_1='ens192'\nOVS_BRIDGE_PORT_DEVICE_2='ens224'\n",
      })
  void portsOfWickedKeepTheirNames(String ports) {
    Guest guest =
        bothPinned(
            guest(SUSE + "bond0", ports + "BOOTPROTO=static\nIPADDR=192.0.2.5/24\nSTARTMODE=auto\n")
                .and(
                    SUSE + "vlan100",
                    "ETHERDEVICE='bond0'\nVLAN_ID=100\nIPADDR=198.51.100.5/24\n"));

    assertThat(guest.networkInterface("bond0").addresses()).containsExactly("192.0.2.5/24");
  }

  @Test
  void aVlanNamesTheCardBelowIt() {
    guest(REDHAT + "ens192.100", "DEVICE=ens192.100\nVLAN=yes\nIPADDR=192.0.2.5\nPREFIX=24\n")
        .and(REDHAT + "ens224", "DEVICE=ens224\n")
        .full()
        .succeeds()
        .pinsInOrder("ens192", "ens224");
  }

  @Test
  void whereTheKernelNamesTheCardsNothingIsPinnedBySlot() {
    guest(REDHAT + "a", "HWADDR=00:50:56:00:00:01\nMASTER=bond0\nSLAVE=yes\n")
        .and(REDHAT + "b", "HWADDR=00:50:56:00:00:02\nMASTER=bond0\nSLAVE=yes\n")
        .naming(CardNaming.EXCHANGING_RULES, false, 2)
        .full()
        .failsWith(REDHAT + "a line 1", "load.network_cards");
  }
}
