package io.hyper2kvm.guest.network.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.network.Guest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CardOrderTest {

  private static Guest guest(String... names) {
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      text.append("auto ").append(name).append("\niface ").append(name).append(" inet dhcp\n");
    }
    return Guest.with("/etc/network/interfaces", text.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "ens224 ens192, ens192 ens224",
    "ens161 ens256 ens224 ens160 ens192, ens160 ens192 ens224 ens256 ens161",
    "ens34 ens33, ens33 ens34",
    "enp11s0 enp4s0, enp4s0 enp11s0",
    "enp2s5f1 enp2s5f0 enp2s1, enp2s1 enp2s5f0 enp2s5f1",
    "eno33554952 eno16777736, eno16777736 eno33554952",
    "em2 em1, em1 em2",
    "lan2 lan10 lan1, lan1 lan2 lan10",
    "eth1 eth0, eth0 eth1"
  })
  void namesTellTheOrder(String written, String ordered) {
    guest(written.split(" ")).full().succeeds().pinsInOrder(ordered.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "ens33 ens192, do not tell the order",
    "ens192 eth0, do not tell the order",
    "front back, do not tell the order",
    "eth0 eth2, cannot be told",
    "eth1 eth2, cannot be told"
  })
  void orderThatCannotBeKnownIsAFailure(String written, String why) {
    guest(written.split(" ")).full().failsWith(why).pinsNothing();
  }

  @Test
  void numberOfCardsClosesAGapOfKernelNames() {
    Guest guest = guest("eth0", "eth2").cards(3).full().succeeds();

    assertThat(guest.link("eth2")).contains("OriginalName=eth2");
  }

  @Test
  void kernelNameOfAnotherCardCannotBeTaken() {
    guest("eth1", "eth2").cards(2).full().failsWith("eth1").pinsNothing();
  }

  @Test
  void oldUdevCanMoveKernelNames() {
    Guest guest = guest("eth1", "eth2").traits(false, false, 2).full().succeeds();

    assertThat(guest.after("/etc/udev/rules.d/70-hyper2kvm-net.rules"))
        .contains("RESULT==\"0\", NAME=\"eth1\"", "RESULT==\"1\", NAME=\"eth2\"")
        .doesNotContain("KERNEL");
  }

  @Test
  void onlyCardMayBeEth1() {
    guest("eth1").full().succeeds().pins("eth1");
  }

  @Test
  void oneNameForTwoCardsIsAFailure() {
    guest("ens192").cards(2).full().failsWith("ens192", "2 network cards").pinsNothing();
  }

  @Test
  void firstKernelNameOfTwoCardsIsPinnedByItsNumber() {
    Guest guest = guest("eth0").cards(2).full().succeeds();

    assertThat(guest.link("eth0")).contains("OriginalName=eth0");
  }

  @Test
  void moreNamesThanCardsIsAFailure() {
    guest("ens192", "ens224").cards(1).full().failsWith("1 network card(s)").pinsNothing();
  }

  @Test
  void failureKeepsThePinsThatItCouldNotReplace() {
    String link = "/etc/systemd/network/10-x.link";
    Guest.with(link, "[Match]\nMACAddress=00:50:56:9a:00:01\n[Link]\nName=inside\n")
        .and("/etc/network/interfaces", "iface outside inet dhcp\n")
        .full()
        .failsWith("10-x.link line 2")
        .unchanged(link);
  }

  @Test
  void tooManyCardsIsAFailure() {
    String[] names = new String[100];
    for (int i = 0; i < names.length; i++) {
      names[i] = "eth" + i;
    }
    guest(names).full().failsWith("100 network cards").pinsNothing();
  }

  @Test
  void reportListsCardsInTheirOrder() {
    Guest guest = guest("ens256", "ens192", "br0").full();

    assertThat(guest.plan().interfaces())
        .extracting(Interface::name)
        .isEqualTo(List.of("ens192", "ens256", "br0"));
  }
}
