package io.hyper2kvm.guest.network.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.network.Guest;
import io.hyper2kvm.guest.network.NetworkFix;
import io.hyper2kvm.guest.network.NetworkPlan;
import io.hyper2kvm.guest.network.survey.CardNaming;
import io.hyper2kvm.guest.network.survey.GuestTraits;
import io.hyper2kvm.guest.network.survey.Interface;
import io.hyper2kvm.guest.network.survey.Level;
import io.hyper2kvm.guest.network.survey.Repair;
import org.junit.jupiter.api.Test;

class NetplanTest {
  private static final String FILE = "/etc/netplan/50-cloud-init.yaml";

  @Test
  void installersPlainNameIsPinnedAndTheFileStays() {
    Guest guest =
        Guest.with(
                "/etc/netplan/00-installer-config.yaml",
                """
                # This is the network config written by 'subiquity'
                network:
                  ethernets:
                    ens160:
                      addresses: [192.0.2.20/24]
                      routes:
                      - to: default
                        via: 192.0.2.1
                  version: 2
                """)
            .full()
            .succeeds()
            .pins("ens160")
            .unchanged("/etc/netplan/00-installer-config.yaml");

    assertThat(guest.networkInterface("ens160").addresses()).containsExactly("192.0.2.20/24");
    assertThat(guest.networkInterface("ens160").gateway()).contains("192.0.2.1");
    assertThat(guest.plan().configuredBy()).containsExactly("netplan");
  }

  @Test
  void cloudInitsMatchByAddressBecomesAMatchByName() {
    Guest guest =
        Guest.with(
                FILE,
                """
                # This file is generated from information provided by the datasource.
                network:
                    ethernets:
                        ens192:
                            dhcp4: true   # from the template
                            match:
                                macaddress: 00:50:56:9a:00:01
                            set-name: ens192
                    version: 2
                """)
            .full()
            .succeeds()
            .pins("ens192");

    assertThat(guest.after(FILE))
        .isEqualTo(
            """
            # This file is generated from information provided by the datasource.
            network:
                ethernets:
                    ens192:
                        dhcp4: true   # from the template
                        match:
                            name: ens192
                        set-name: ens192
                version: 2
            """);
    assertThat(guest.networkInterface("ens192").oldMac()).contains("00:50:56:9a:00:01");
    assertThat(guest.plan().edits().files())
        .filteredOn(edit -> edit.file().equals(FILE))
        .singleElement()
        .satisfies(
            edit -> {
              assertThat(edit.mode()).isEqualTo(FileEdit.KEEP_MODE);
              assertThat(edit.changes())
                  .containsExactly(
                      new Change(
                          FILE,
                          7,
                          "                macaddress: 00:50:56:9a:00:01",
                          "                name: ens192",
                          "netplan-match",
                          Repair.STALE_ADDRESS));
            });
  }

  @Test
  void flowStyleIsEditedInPlace() {
    Guest guest =
        Guest.with(
                FILE,
                "network: {version: 2, ethernets: {eth0: {match: {macaddress: \"00:50:56:9A:00:01\"},"
                    + " set-name: eth0, dhcp4: yes}}}\n")
            .full()
            .succeeds()
            .pins("eth0");

    assertThat(guest.after(FILE))
        .isEqualTo(
            "network: {version: 2, ethernets: {eth0: {match: {name: eth0},"
                + " set-name: eth0, dhcp4: yes}}}\n");
  }

  @Test
  void labelThatIsNoNameGetsTheDriver() {
    Guest guest =
        Guest.with(
                FILE,
                """
                network:
                  version: 2
                  ethernets:
                    primary:
                      match:
                        macaddress: "00:50:56:9a:00:01"
                      dhcp4: true
                """)
            .full()
            .succeeds()
            .pinsNothing();

    assertThat(Guest.yaml(guest.after(FILE)).at("/network/ethernets/primary/match/driver").asText())
        .isEqualTo("virtio_net");
  }

  @Test
  void labelUnderNetworkManagerCannotMatchADriver() {
    Guest.with(
            FILE,
            """
            network:
              version: 2
              renderer: NetworkManager
              ethernets:
                primary:
                  match: {macaddress: "00:50:56:9a:00:01"}
                  dhcp4: true
            """)
        .full()
        .failsWith("primary")
        .unchanged(FILE);
  }

  @Test
  void vmxnet3DriverBecomesVirtio() {
    Guest guest =
        Guest.with(
                FILE,
                """
                network:
                  version: 2
                  ethernets:
                    all:
                      match:
                        driver: vmxnet3   # the only card
                      dhcp4: true
                """)
            .full()
            .succeeds();

    assertThat(guest.after(FILE)).contains("        driver: virtio_net   # the only card\n");
  }

  @Test
  void listOfDriversKeepsItsOtherMembers() {
    Guest guest =
        Guest.with(
                FILE,
                """
                network:
                  ethernets:
                    all:
                      match:
                        driver: ["vmxnet3", "mlx5_core"]
                      dhcp4: true
                """)
            .full()
            .succeeds();

    assertThat(guest.after(FILE)).contains("driver: [virtio_net, \"mlx5_core\"]");
  }

  @Test
  void addressGoesFromAMatchThatNamesTheCardToo() {
    Guest guest =
        Guest.with(
                FILE,
                """
                network:
                  ethernets:
                    lan:
                      match:
                        macaddress: 00:50:56:9a:00:01
                        name: ens192
                      dhcp4: true
                    wan:
                      match: {macaddress: "00:50:56:9a:00:02", name: ens224}
                      dhcp4: true
                """)
            .full()
            .succeeds()
            .pinsInOrder("ens192", "ens224");

    assertThat(guest.after(FILE))
        .isEqualTo(
            """
            network:
              ethernets:
                lan:
                  match:
                    name: ens192
                  dhcp4: true
                wan:
                  match: {name: ens224}
                  dhcp4: true
            """);
  }

  @Test
  void twoCardsKeepTheirOrderAndTheirAddresses() {
    Guest guest =
        Guest.with(
                FILE,
                """
                network:
                  version: 2
                  ethernets:
                    ens224:
                      match: {macaddress: "00:50:56:9a:00:02"}
                      set-name: ens224
                      addresses: [10.0.0.9/24]
                    ens192:
                      match: {macaddress: "00:50:56:9a:00:01"}
                      set-name: ens192
                      addresses: [192.0.2.9/24]
                      gateway4: 192.0.2.1
                """)
            .full()
            .succeeds()
            .pinsInOrder("ens192", "ens224");

    assertThat(guest.after(FILE)).doesNotContain("macaddress");
    assertThat(guest.plan().interfaces())
        .extracting(Interface::name)
        .containsExactly("ens192", "ens224");
  }

  @Test
  void mergedFilesAreOneDevice() {
    Guest guest =
        Guest.with(
                FILE,
                """
                network:
                  ethernets:
                    lan0:
                      match: {macaddress: "00:50:56:9a:00:01"}
                """)
            .and(
                "/etc/netplan/99-name.yaml",
                "network:\n  ethernets:\n    lan0:\n      set-name: corp0\n      dhcp4: true\n")
            .full()
            .succeeds()
            .pins("corp0");

    assertThat(guest.after(FILE)).contains("match: {name: corp0}");
  }

  @Test
  void bondOfMatchedCardsKeepsItsMembers() {
    Guest guest =
        Guest.with(
                FILE,
                """
                network:
                  version: 2
                  ethernets:
                    ens192:
                      match: {macaddress: "00:50:56:9a:00:01"}
                      set-name: ens192
                    ens224:
                      match: {macaddress: "00:50:56:9a:00:02"}
                      set-name: ens224
                  bonds:
                    bond0:
                      interfaces: [ens192, ens224]
                      addresses: [10.0.0.9/24]
                      macaddress: 00:50:56:9a:00:01
                  vlans:
                    office:
                      id: 10
                      link: bond0
                      dhcp4: true
                """)
            .full()
            .succeeds()
            .pinsInOrder("ens192", "ens224");

    assertThat(guest.after(FILE)).contains("      macaddress: 00:50:56:9a:00:01\n");
    assertThat(guest.plan().edits().leftAlone())
        .anySatisfy(n -> assertThat(n.line()).isEqualTo(14));
    assertThat(guest.networkInterface("office").addresses()).containsExactly("dhcp");
  }

  @Test
  void aliasedYamlIsLeftAlone() {
    Guest guest =
        Guest.with(
                FILE,
                """
                network:
                  ethernets:
                    ens192: &base
                      match: {macaddress: "00:50:56:9a:00:01"}
                    ens224: *base
                """)
            .full()
            .unchanged(FILE);

    assertThat(guest.plan().edits().warnings()).anySatisfy(w -> assertThat(w).contains(FILE));
  }

  @Test
  void brokenYamlIsLeftAloneAndSaid() {
    NetworkPlan plan =
        new NetworkFix()
            .plan(
                java.util.Map.of(FILE, "network:\n  - ethernets: [\n"),
                Level.FULL,
                new GuestTraits(CardNaming.LINKS, true, 0));

    assertThat(plan.edits().files()).isEmpty();
    assertThat(plan.edits().warnings()).anySatisfy(w -> assertThat(w).contains(FILE));
  }

  @Test
  void basicRelaxesTheMatchAndAddsNoFile() {
    Guest guest =
        Guest.with(
                FILE,
                """
                network:
                  ethernets:
                    ens192:
                      match: {macaddress: "00:50:56:9a:00:01"}
                      set-name: ens192
                      dhcp4: true
                """)
            .plan(Level.BASIC)
            .pinsNothing();

    assertThat(guest.after(FILE)).contains("match: {driver: virtio_net}");
    assertThat(guest.changedLinks()).isEmpty();
  }
}
