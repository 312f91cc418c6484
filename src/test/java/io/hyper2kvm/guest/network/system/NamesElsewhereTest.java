package io.hyper2kvm.guest.network.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.network.Guest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesElsewhereTest {

  private static final String GRUB = "/boot/grub2/grub.cfg";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/etc/netctl/lan|'Description=x\nInterface=ens192\nIP=static\nAddress=(''10.0.0.5/24'')'",
        "/etc/netctl/br|'Interface=br0\nConnection=bridge\nBindsToInterfaces=(ens192)'",
        "/etc/netctl/vlan|'Interface=vlan30\nConnection=vlan\nBindsToInterfaces=\"ens192\"'",
        "/etc/dhcpcd.conf|'hostname\n\ninterface ens192\nstatic ip_address=10.0.0.5/24'",
        "/etc/conf.d/net|'config_ens192=\"10.0.0.5/24\"\nroutes_ens192=\"default via 10.0.0.1\"'",
        "/boot/grub2/grub.cfg|linux /v root=x ip=10.0.0.5::10.0.0.1:255.255.255.0:h:ens192:none",
        "/boot/grub2/grub.cfg|linux /v ip=[2001:db8::5]::[2001:db8::1]:64:h:ens192:off quiet",
        "/boot/loader/entries/a.conf|options root=x ip=ens192:dhcp rd.neednet=1",
        "/etc/default/grub|GRUB_CMDLINE_LINUX=\"ip=ens192.30:dhcp vlan=ens192.30:ens192\""
      })
  void aNameThatNothingElseHasIsKept(String file, String text) {
    Guest.with(file, text + "\n").cards(1).full().succeeds().pins("ens192").unchanged(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "linux /v root=x ip=dhcp",
        "linux /v ip=10.0.0.5::10.0.0.1:255.255.255.0::bond0:none",
        "# linux /v ip=ens192:dhcp",
        "linux /v zip=ens192:dhcp rd.ip=ens192:dhcp",
        "linux /v ip=:::::",
        "linux /v ip="
      })
  void otherWordsNameNoCard(String line) {
    Guest guest = Guest.with(GRUB, line + "\n").cards(1).full().succeeds().pinsNothing();

    assertThat(guest.plan().edits().warnings()).isEmpty();
  }

  @Test
  void profilesBelowOtherFoldersAreExamples() {
    Guest.with("/etc/netctl/examples/ethernet-static", "Interface=eth0\n")
        .cards(1)
        .full()
        .pinsNothing();
  }

  @Test
  void aNameBesideThatOfTheConfigurationIsTold() {
    Guest.with("/etc/network/interfaces", "auto ens160\niface ens160 inet dhcp\n")
        .and(GRUB, "x\nlinux /v root=x ip=ens192:dhcp\n")
        .cards(1)
        .full()
        .succeeds()
        .pins("ens160")
        .warns(GRUB + ":2: ip=ens192:dhcp", "no card gets the name");
  }

  @Test
  void theSameNameIsNotToldTwice() {
    Guest guest =
        Guest.with("/etc/network/interfaces", "auto ens192\niface ens192 inet dhcp\n")
            .and(GRUB, "linux /v root=x ip=ens192:dhcp\n")
            .and("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"ip=ens192:dhcp\"\n")
            .cards(1)
            .full()
            .succeeds()
            .pins("ens192");

    assertThat(guest.plan().edits().warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"BOOTIF=01-00-50-56-9a-00-01", "ifname=ens192:00:50:56:9a:00:01"})
  void anOldHardwareAddressForTheKernelIsTold(String word) {
    Guest.with("/etc/network/interfaces", "auto ens192\niface ens192 inet dhcp\n")
        .and("/boot/loader/entries/a.conf", "title x\noptions root=x " + word + "\n")
        .cards(1)
        .full()
        .pins("ens192")
        .warns("/boot/loader/entries/a.conf:2: " + word, "old hardware address");
  }
}
