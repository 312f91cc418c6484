package io.hyper2kvm.guest.network.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.network.Guest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations of ifupdown that a script or a word chooses, and ports by an expression. */
class IfupdownMappingTest {

  private static final String FILE = "/etc/network/interfaces";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auto eth0=home\niface home inet static\n  address 192.0.2.5/24\n",
        "allow-hotplug eth0=home\niface home inet dhcp\niface work inet dhcp\n",
        "auto eth0\nmapping eth0\n  script /etc/net.sh\n  map office home\niface home inet dhcp\n",
        "mapping eth*\n  script get-mac-address.sh\n  map 00:50:56:00:00:01 home\nauto eth0\niface home inet dhcp\n",
      })
  void aConfigurationThatIsChosenIsNoCard(String text) {
    Guest.with(FILE, "auto lo\n" + text).cards(1).full().succeeds().pins("eth0").unpinned("home");
  }

  @Test
  void aMappingIsToldWithFileAndLine() {
    Guest.with(FILE, "auto eth0\nmapping eth0\n  script /etc/net.sh\niface home inet dhcp\n")
        .cards(1)
        .full()
        .warns(FILE + " line 2", "script");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bridge_ports regex ens.*",
        "bridge-ports eth9 regex (eth|ens)[0-9]+",
        "bridge_ports regex eth.* noregex"
      })
  void portsByAnExpressionAreToldWithFileAndLine(String ports) {
    Guest.with(FILE, "auto br0\niface br0 inet dhcp\n  " + ports + "\n")
        .full()
        .warns(FILE + " line 3", "expression");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bridge_ports regex en.*", "bridge_ports regex .*", "bridge-ports regex e.*"})
  void anExpressionForAnyCardIsQuiet(String ports) {
    Guest guest = Guest.with(FILE, "auto br0\niface br0 inet dhcp\n  " + ports + "\n").full();

    assertThat(guest.plan().edits().warnings()).isEmpty();
  }
}
