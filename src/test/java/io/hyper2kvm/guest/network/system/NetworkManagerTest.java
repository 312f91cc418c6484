package io.hyper2kvm.guest.network.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.network.Guest;
import io.hyper2kvm.guest.network.survey.Interface;
import org.junit.jupiter.api.Test;

class NetworkManagerTest {
  private static final String FOLDER = "/etc/NetworkManager/system-connections/";

  @Test
  void rhel9KeyfileByNameIsPinnedAndStays() {
    String file = FOLDER + "ens192.nmconnection";
    Guest guest =
        Guest.with(
                file,
                """
                [connection]
                id=ens192
                uuid=5b1d7bd4-7f5b-3a5e-8c0e-0d2f0d0f5b11
                type=ethernet
                autoconnect-priority=-999
                interface-name=ens192

                [ethernet]

                [ipv4]
                address1=192.0.2.40/24,192.0.2.1
                dns=192.0.2.53;
                method=manual

                [ipv6]
                method=auto
                """)
            .full()
            .succeeds()
            .pins("ens192")
            .unchanged(file);

    Interface card = guest.networkInterface("ens192");
    assertThat(card.addresses()).containsExactly("192.0.2.40/24");
    assertThat(card.gateway()).contains("192.0.2.1");
    assertThat(guest.plan().configuredBy()).containsExactly("NetworkManager");
  }

  @Test
  void addressPinGoesAndTheClonedAddressStays() {
    String file = FOLDER + "lan.nmconnection";
    Guest guest =
        Guest.with(
                file,
                """
                [connection]
                id=lan
                type=ethernet
                interface-name=ens192
                [ethernet]
                mac-address=00:50:56:9A:00:01
                cloned-mac-address=02:00:00:00:00:07
                [ipv4]
                method=auto
                """)
            .full()
            .succeeds()
            .pins("ens192");

    assertThat(guest.after(file))
        .isEqualTo(
            """
            [connection]
            id=lan
            type=ethernet
            interface-name=ens192
            [ethernet]
            cloned-mac-address=02:00:00:00:00:07
            [ipv4]
            method=auto
            """);
    assertThat(guest.networkInterface("ens192").oldMac()).contains("00:50:56:9a:00:01");
    assertThat(guest.plan().edits().leftAlone())
        .anySatisfy(n -> assertThat(n.text()).startsWith("cloned-mac-address"));
  }

  @Test
  void connectionOfTheOnlyCardFitsAnyCardAfterwards() {
    String file = FOLDER + "Wired connection 1.nmconnection";
    Guest guest =
        Guest.with(
                file,
                "[connection]\nid=Wired connection 1\ntype=802-3-ethernet\n\n"
                    + "[802-3-ethernet]\nmac-address=00:0C:29:01:02:03\n\n[ipv4]\nmethod=auto\n")
            .full()
            .succeeds();

    assertThat(guest.after(file)).contains("[802-3-ethernet]\n\n[ipv4]").doesNotContain("00:0C");
  }

  @Test
  void connectionsByAddressTakeTheNamesOfTheRules() {
    String a = FOLDER + "a.nmconnection";
    String b = FOLDER + "b.nmconnection";
    Guest guest =
        Guest.with(
                a, "[connection]\nid=a\ntype=ethernet\n[ethernet]\nmac-address=00:50:56:9A:00:01\n")
            .and(
                b, "[connection]\nid=b\ntype=ethernet\n[ethernet]\nmac-address=00:50:56:9A:00:02\n")
            .and(
                "/etc/udev/rules.d/70-persistent-net.rules",
                """
                SUBSYSTEM=="net", ATTR{address}=="00:50:56:9a:00:01", NAME="eth0"
                SUBSYSTEM=="net", ATTR{address}=="00:50:56:9a:00:02", NAME="eth1"
                """)
            .full()
            .succeeds()
            .pinsInOrder("eth0", "eth1");

    assertThat(guest.after(a))
        .isEqualTo("[connection]\nid=a\ntype=ethernet\ninterface-name=eth0\n[ethernet]\n");
    assertThat(guest.after(b)).contains("interface-name=eth1");
  }

  @Test
  void twoNamelessConnectionsFail() {
    Guest.with(
            FOLDER + "a",
            "[connection]\ntype=ethernet\n[ethernet]\nmac-address=00:50:56:9A:00:01\n")
        .and(
            FOLDER + "b",
            "[connection]\ntype=ethernet\n[ethernet]\nmac-address=00:50:56:9A:00:02\n")
        .full()
        .failsWith("line 4")
        .unchanged(FOLDER + "a");
  }

  @Test
  void bondPortsAreCardsAndTheBondIsNot() {
    Guest guest =
        Guest.with(
                FOLDER + "bond.nmconnection",
                "[connection]\ntype=bond\ninterface-name=uplink\n[ipv4]\naddress1=10.0.0.8/24\nmethod=manual\n")
            .and(
                FOLDER + "p1.nmconnection",
                "[connection]\ntype=ethernet\ninterface-name=ens256\nmaster=uplink\nslave-type=bond\n")
            .and(
                FOLDER + "p2.nmconnection",
                "[connection]\ntype=ethernet\ninterface-name=ens161\nmaster=uplink\nslave-type=bond\n")
            .and(
                FOLDER + "v.nmconnection",
                "[connection]\ntype=vlan\ninterface-name=office\n[vlan]\nid=7\nparent=uplink\n")
            .full()
            .succeeds()
            .pinsInOrder("ens256", "ens161");

    assertThat(guest.link("uplink")).isNull();
    assertThat(guest.networkInterface("uplink").addresses()).containsExactly("10.0.0.8/24");
  }

  @Test
  void matchByPlaceAndDriverIsMoved() {
    String file = FOLDER + "lan.nmconnection";
    Guest guest =
        Guest.with(
                file,
                "[connection]\ntype=ethernet\n[match]\npath=pci-0000:0b:00.0;\ndriver=vmxnet3;\n")
            .full()
            .succeeds();

    assertThat(guest.after(file))
        .isEqualTo("[connection]\ntype=ethernet\n[match]\ndriver=virtio_net;\n");
  }

  @Test
  void deviceSettingsFollowTheDriver() {
    String file = "/etc/NetworkManager/conf.d/10-managed.conf";
    Guest guest =
        Guest.with(
                file,
                "[keyfile]\nunmanaged-devices = *,except:driver:e1000,except:driver:e1000e,except:interface-name:ens192\n")
            .full()
            .succeeds();

    assertThat(guest.after(file))
        .isEqualTo(
            "[keyfile]\nunmanaged-devices = *,except:driver:virtio_net,except:driver:virtio_net,except:interface-name:ens192\n");
  }
}
