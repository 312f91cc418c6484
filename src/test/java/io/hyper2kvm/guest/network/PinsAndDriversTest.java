package io.hyper2kvm.guest.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.network.survey.Interface;
import io.hyper2kvm.guest.network.survey.Level;
import org.junit.jupiter.api.Test;

class PinsAndDriversTest {
  private static final String RULES = "/etc/udev/rules.d/70-persistent-net.rules";

  @Test
  void namesOfRulesCountWhenNoConfigurationNamesACard() {
    Guest guest =
        Guest.with(
                RULES, "SUBSYSTEM==\"net\", ATTR{address}==\"00:50:56:9a:00:01\", NAME=\"corp0\"\n")
            .full()
            .succeeds()
            .pins("corp0");

    assertThat(guest.after(RULES)).isNull();
  }

  @Test
  void customNamesTakeTheOrderOfTheirRules() {
    Guest guest =
        Guest.with(
                "/etc/network/interfaces",
                "iface inside inet dhcp\niface outside inet static\n address 192.0.2.9/24\n")
            .and(
                RULES,
                """
                SUBSYSTEM=="net", ATTR{address}=="00:50:56:9a:00:01", NAME="outside"
                SUBSYSTEM=="net", ATTR{address}=="00:50:56:9a:00:02", NAME="inside"
                """)
            .full()
            .succeeds()
            .pinsInOrder("outside", "inside");

    assertThat(guest.plan().interfaces()).extracting(Interface::name).startsWith("outside");
  }

  @Test
  void customNamesWithoutAnyOrderFailAndLosePinsOnlyWhereTold() {
    Guest.with("/etc/network/interfaces", "iface inside inet dhcp\niface outside inet dhcp\n")
        .full()
        .failsWith("inside", "outside", "do not tell the order")
        .pinsNothing();
  }

  @Test
  void rulesForOtherDevicesAndOtherPurposesStay() {
    String rules =
        """
        KERNEL=="sda", SYMLINK+="root"
        SUBSYSTEM=="net", ATTR{address}=="00:50:56:9a:00:07", ENV{NM_UNMANAGED}="1"
        SUBSYSTEM=="net", ACTION=="add", ATTR{address}=="00:50:56:9a:00:01", \\
          NAME="eth0"
        ACTION=="add", SUBSYSTEM=="net", KERNEL=="eth*", RUN+="/sbin/ethtool -K %k tso off"
        """;
    Guest guest =
        Guest.with("/etc/udev/rules.d/10-local.rules", rules)
            .and("/etc/network/interfaces", "iface eth0 inet dhcp\n")
            .full()
            .succeeds();

    assertThat(guest.after("/etc/udev/rules.d/10-local.rules"))
        .isEqualTo(
            """
            KERNEL=="sda", SYMLINK+="root"
            SUBSYSTEM=="net", ATTR{address}=="00:50:56:9a:00:07", ENV{NM_UNMANAGED}="1"
            ACTION=="add", SUBSYSTEM=="net", KERNEL=="eth*", RUN+="/sbin/ethtool -K %k tso off"
            """);
    assertThat(guest.plan().edits().leftAlone()).anySatisfy(n -> assertThat(n.line()).isEqualTo(2));
  }

  @Test
  void rulesByBusPlaceGoToo() {
    Guest guest =
        Guest.with(
                "/etc/udev/rules.d/10-net.rules",
                "SUBSYSTEM==\"net\", KERNELS==\"0000:0b:00.0\", NAME=\"lan0\"\n")
            .and("/etc/network/interfaces", "iface lan0 inet dhcp\n")
            .full()
            .succeeds()
            .pins("lan0");

    assertThat(guest.after("/etc/udev/rules.d/10-net.rules")).isNull();
  }

  @Test
  void iftabGoes() {
    Guest guest =
        Guest.with("/etc/iftab", "# names\neth0 mac 00:50:56:9a:00:01 arp 1\n")
            .and("/etc/network/interfaces", "iface eth0 inet dhcp\n")
            .traits(false, false, 0)
            .full()
            .succeeds();

    assertThat(guest.after("/etc/iftab")).isNull();
    assertThat(guest.networkInterface("eth0").oldMac()).contains("00:50:56:9a:00:01");
  }

  @Test
  void driverNamesFollowTheNewCard() {
    Guest guest =
        Guest.with("/etc/modprobe.conf", "alias eth0 vmxnet3\nalias scsi_hostadapter mptspi\n")
            .and(
                "/etc/modprobe.d/net.conf",
                "alias  eth1\te1000  \noptions vmxnet3 debug=1\nblacklist e1000e\n")
            .and("/etc/modules", "# modules\nloop\nvmxnet3\n")
            .full()
            .succeeds();

    assertThat(guest.after("/etc/modprobe.conf"))
        .isEqualTo("alias eth0 virtio_net\nalias scsi_hostadapter mptspi\n");
    assertThat(guest.after("/etc/modprobe.d/net.conf"))
        .isEqualTo("alias  eth1\tvirtio_net  \noptions vmxnet3 debug=1\nblacklist e1000e\n");
    assertThat(guest.after("/etc/modules")).isEqualTo("# modules\nloop\n");
  }

  @Test
  void blacklistedVirtioIsAWarning() {
    Guest guest = Guest.with("/etc/modprobe.d/x.conf", "blacklist virtio_net\n").full();

    assertThat(guest.plan().edits().warnings())
        .singleElement()
        .asString()
        .contains("x.conf line 1");
  }

  @Test
  void kernelArgumentThatNamesByAddressIsAWarning() {
    Guest guest =
        Guest.with(
                "/etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet ifname=lan0:00:50:56:9a:00:01\"\n")
            .full()
            .unchanged("/etc/default/grub");

    assertThat(guest.plan().edits().warnings()).singleElement().asString().contains("ifname=");
  }

  @Test
  void noneChangesNothing() {
    Guest guest =
        Guest.with(RULES, "SUBSYSTEM==\"net\", ATTR{address}==\"00:50:56:9a:00:01\", NAME=\"e0\"\n")
            .plan(Level.NONE);

    assertThat(guest.plan()).isEqualTo(NetworkPlan.NOTHING);
  }

  @Test
  void basicRemovesStaleRulesAndAddsNoFile() {
    Guest guest =
        Guest.with(
                RULES, "SUBSYSTEM==\"net\", ATTR{address}==\"00:50:56:9a:00:01\", NAME=\"eth0\"\n")
            .and("/etc/network/interfaces", "iface eth0 inet dhcp\n")
            .traits(true, false, 0)
            .plan(Level.BASIC)
            .succeeds();

    assertThat(guest.plan().edits().files()).extracting(FileEdit::file).containsExactly(RULES);
    assertThat(guest.plan().edits().warnings()).isEmpty();
  }

  @Test
  void linkFilesAreWhatAnInitramfsNeeds() {
    Guest guest = Guest.with("/etc/network/interfaces", "iface ens192 inet dhcp\n").full();

    assertThat(guest.changedLinks())
        .containsOnlyKeys("/etc/systemd/network/10-hyper2kvm-ens192.link");
    assertThat(guest.plan().edits().files().get(0).mode()).isEqualTo(0644);
  }
}
