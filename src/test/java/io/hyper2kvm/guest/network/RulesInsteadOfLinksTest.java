package io.hyper2kvm.guest.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.network.survey.CardNaming;
import io.hyper2kvm.guest.network.survey.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guests whose udev reads no {@code .link} files. */
class RulesInsteadOfLinksTest {
  private static final String RULES = "/etc/udev/rules.d/70-persistent-net.rules";
  private static final String OWN = "/etc/udev/rules.d/70-hyper2kvm-net.rules";
  private static final String START =
      "SUBSYSTEM==\"net\", ACTION==\"add\", DRIVERS==\"virtio_net\", ATTR{type}==\"1\",";

  private static Guest pinned() {
    return Guest.with(
            RULES,
            """
            SUBSYSTEM=="net", ACTION=="add", ATTR{address}=="00:0c:29:4d:00:01", NAME="lan0"
            SUBSYSTEM=="net", ACTION=="add", ATTR{address}=="00:0c:29:4d:00:0b", NAME="wan0"
            """)
        .and("/etc/network/interfaces", "iface lan0 inet dhcp\niface wan0 inet dhcp\n");
  }

  @ParameterizedTest
  @EnumSource(
      value = CardNaming.class,
      names = {"RULES", "EXCHANGING_RULES"})
  void stalePinsBecomeRulesThatHoldOnVirtio(CardNaming naming) {
    Guest guest = pinned().naming(naming, true, 0).full().succeeds().pinsNothingByLink();

    assertThat(guest.after(RULES)).isNull();
    assertThat(guest.after(OWN))
        .contains(START + " KERNEL==\"eth0\", NAME=\"lan0\"\n")
        .contains(START + " KERNEL==\"eth1\", NAME=\"wan0\"\n");
  }

  @Test
  void theOnlyCardIsTakenWhateverItsNameIs() {
    Guest guest =
        Guest.with("/etc/network/interfaces", "iface ens192 inet dhcp\n")
            .naming(CardNaming.RULES, true, 0)
            .full()
            .succeeds();

    assertThat(guest.after(OWN)).contains(START + " NAME=\"ens192\"\n").doesNotContain("KERNEL");
  }

  @Test
  void namesInLinksThatNobodyReadsAreNoNames() {
    Guest guest =
        Guest.with(
                "/etc/systemd/network/10-a.link",
                "[Match]\nMACAddress=00:0c:29:4d:00:01\n[Link]\nName=lan0\n")
            .and("/etc/network/interfaces", "iface eth0 inet dhcp\n")
            .naming(CardNaming.RULES, false, 0)
            .full()
            .succeeds()
            .unchanged("/etc/systemd/network/10-a.link");

    assertThat(guest.after(OWN)).contains("NAME=\"eth0\"").doesNotContain("lan0");
  }

  @Test
  void basicPinsNothing() {
    Guest guest = pinned().naming(CardNaming.RULES, true, 0).plan(Level.BASIC);

    assertThat(guest.after(OWN)).isNull();
  }

  @Test
  void theInitramfsGetsTheRules() {
    Guest guest = pinned().naming(CardNaming.RULES, true, 0).full();

    assertThat(guest.initramfsFiles()).containsOnlyKeys(OWN);
  }

  @Test
  void staleCopiesInTheInitramfsAreEmptied() {
    Guest guest = pinned().naming(CardNaming.LINKS, true, 0).full();

    assertThat(guest.initramfsFiles("/lib/udev/rules.d/70-persistent-net.rules"))
        .containsOnlyKeys(
            "/etc/systemd/network/10-hyper2kvm-lan0.link",
            "/etc/systemd/network/10-hyper2kvm-wan0.link",
            "/lib/udev/rules.d/70-persistent-net.rules")
        .extractingByKey("/lib/udev/rules.d/70-persistent-net.rules")
        .asString()
        .startsWith("# Emptied")
        .hasLineCount(1);
  }

  @Test
  void withoutUdevTheKernelsNameStays() {
    Guest.with("/etc/network/interfaces", "iface eth0 inet dhcp\n")
        .naming(CardNaming.KERNEL, false, 0)
        .full()
        .succeeds()
        .pinsNothing();
  }

  @Test
  void withoutUdevNoOtherNameCanBeGiven() {
    Guest.with("/etc/network/interfaces", "iface ens192 inet dhcp\n")
        .naming(CardNaming.KERNEL, false, 0)
        .full()
        .failsWith("no udev", "ens192", "use eth0")
        .pinsNothing();
  }
}
