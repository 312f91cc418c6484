package io.hyper2kvm.guest.network.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.network.Guest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What wicked and dhcpcd remember tells which card had which name. */
class OtherLeasesTest {

  private static final String A = "00:50:56:00:00:0a";
  private static final String B = "00:50:56:00:00:0b";

  /** The message of a server, as dhcpcd keeps it. */
  private static String bootp(String mac) {
    byte[] message = new byte[240];
    message[0] = 2;
    message[1] = 1;
    message[2] = 6;
    String[] bytes = mac.split(":");
    for (int i = 0; i < 6; i++) {
      message[28 + i] = (byte) Integer.parseInt(bytes[i], 16);
    }
    return new String(message, StandardCharsets.ISO_8859_1);
  }

  private static String wicked(String mac) {
    return "<lease>\n  <family>ipv4</family>\n  <type>dhcp</type>\n  <ipv4:dhcp>\n    <client-id>01:"
        + mac
        + "</client-id>\n  </ipv4:dhcp>\n</lease>\n";
  }

  /** Two cards that no file tells apart, whose names are in the other order. */
  private static Guest leased(String first, String second, String one, String other) {
    return Guest.with(
            "/etc/network/interfaces",
            "auto uplink\niface uplink inet dhcp\nauto san\niface san inet dhcp\n")
        .and(first, one)
        .and(second, other)
        .machine(A, B)
        .full();
  }

  @Test
  void leasesOfWickedTellTheCards() {
    leased(
            "/var/lib/wicked/lease-uplink-dhcp-ipv4.xml",
            "/var/lib/wicked/lease-san-dhcp-ipv4.xml",
            wicked(B),
            wicked(A))
        .succeeds()
        .pinsInOrder("san", "uplink")
        .warns("uplink", B, "DHCP lease");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/var/lib/dhcpcd/%s.lease", "/var/lib/dhcpcd5/dhcpcd-%s.lease"})
  void leasesOfDhcpcdTellTheCards(String path) {
    leased(path.formatted("uplink"), path.formatted("san"), bootp(B), bootp(A))
        .succeeds()
        .pinsInOrder("san", "uplink");
  }

  @Test
  void leasesOfDhcpcd3TellTheCards() {
    leased(
            "/var/lib/dhcpcd/dhcpcd-uplink.info",
            "/var/lib/dhcpcd/dhcpcd-san.info",
            "IPADDR='192.0.2.7'\nCLIENTID='01:" + B + "'\n",
            "IPADDR='192.0.2.8'\nCLIENTID='01:" + A + "'\n")
        .succeeds()
        .pinsInOrder("san", "uplink");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/var/lib/wicked/lease-eth0-dhcp-ipv6.xml",
        "/var/lib/wicked/duid.xml",
        "/var/lib/dhcpcd/duid",
        "/var/lib/dhcpcd/sub/eth0.lease",
        "/var/lib/other/eth0.lease",
        "/var/lib/dhcpcd/.lease"
      })
  void otherFilesAreNoLeases(String path) {
    assertThat(DhcpLeases.isLease(path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0002\u0001\u0006", "\u0002\u0001\u0006short", "<client-id>01:zz"})
  void aDamagedLeaseTellsNothing(String text) {
    leased("/var/lib/dhcpcd/uplink.lease", "/var/lib/dhcpcd/san.lease", text, text)
        .failsWith("uplink", "san");
  }
}
