package io.hyper2kvm.guest.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.network.survey.CardNaming;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Old pins that tell where a card was. */
class OldPlacesTest {
  private static final String RULES = "/etc/udev/rules.d/70-persistent-net.rules";
  private static final String OWN = "/etc/udev/rules.d/70-hyper2kvm-net.rules";

  private static String rule(String match, String name) {
    return "SUBSYSTEM==\"net\", ACTION==\"add\", %s, ATTR{type}==\"1\", NAME=\"%s\"\n"
        .formatted(match, name);
  }

  private static Guest guest(String rules, String... names) {
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      text.append("auto ").append(name).append("\niface ").append(name).append(" inet dhcp\n");
    }
    return Guest.with(RULES, rules).and("/etc/network/interfaces", text.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "KERNELS==\"0000:0b:00.0\"; KERNELS==\"0000:03:00.0\"",
        "ID==\"0000:0b:00.0\"; ID==\"0000:03:00.0\"",
        "KERNELS==\"0000:0b:*\"; KERNELS==\"0000:03:*\"",
        "KERNELS==\"*:0b:00.0\"; KERNELS==\"*:03:00.0\"",
        "KERNELS==\"0b:00.0\"; KERNELS==\"03:00.0\"",
        "ENV{ID_PATH}==\"pci-0000:0b:00.0\"; ENV{ID_PATH}==\"pci-0000:03:00.0\"",
        "ENV{ID_PATH}==\"pci-0000:0b:00.0*\"; ENV{ID_PATH}==\"pci-0000:03:00.0*\"",
        "ENV{ID_PATH_TAG}==\"pci-0000_0b_00_0\"; ENV{ID_PATH_TAG}==\"pci-0000_03_00_0\"",
        "DEVPATH==\"*/0000:0b:00.0/net/*\"; DEVPATH==\"*/0000:03:00.0/net/*\"",
        "ENV{ID_NET_NAME_SLOT}==\"ens192\"; ENV{ID_NET_NAME_SLOT}==\"ens160\"",
        "ENV{ID_NET_NAME_PATH}==\"enp11s0\"; ENV{ID_NET_NAME_PATH}==\"enp3s0\"",
        "ENV{ID_NET_NAME_ONBOARD}==\"eno2\"; ENV{ID_NET_NAME_ONBOARD}==\"eno1\"",
        "ENV{ID_NET_NAME_SLOT}==\"ens192\"; KERNELS==\"0000:03:00.0\"",
        "KERNELS==\"vif-1\"; KERNELS==\"vif-0\"",
        "KERNELS==\"0000:03:00.0\", ATTR{dev_port}==\"1\"; KERNELS==\"0000:03:00.0\", ATTR{dev_port}==\"0\"",
        "KERNELS==\"0000:03:00.1\"; KERNELS==\"0000:03:00.0\"",
        "DRIVERS==\"vmxnet3\", KERNELS==\"0000:0b:00.0\"; DRIVERS==\"vmxnet3\", KERNELS==\"0000:03:00.0\"",
        "KERNELS==\"0000:02:02.0\"; KERNELS==\"0000:02:01.0\""
      })
  void placesGiveTheOrder(String second, String first) {
    Guest guest =
        guest(rule(second, "lan0") + rule(first, "wan0"), "lan0", "wan0")
            .full()
            .succeeds()
            .pinsInOrder("wan0", "lan0");

    assertThat(guest.after(RULES)).isNull();
    assertThat(guest.plan().edits().warnings()).isEmpty();
  }

  @Test
  void rulesInSeveralFilesAreComparedWithEachOther() {
    guest(rule("KERNELS==\"0000:0b:00.0\"", "lan0"), "lan0", "wan0")
        .and("/etc/udev/rules.d/80-wan.rules", rule("KERNELS==\"0000:03:00.0\"", "wan0"))
        .full()
        .succeeds()
        .pinsInOrder("wan0", "lan0");
  }

  @Test
  void linesThatAreContinuedAreOneRule() {
    String rules =
        """
        SUBSYSTEM=="net", ACTION=="add", \\
          KERNELS=="0000:0b:00.0", \\
          NAME:="lan0"
        SUBSYSTEM=="net", ACTION=="add", \\
          KERNELS=="0000:03:00.0", \\
          NAME:="wan0"
        """;
    guest(rules, "lan0", "wan0").full().succeeds().pinsInOrder("wan0", "lan0");
  }

  @Test
  void theCommentOfAGeneratedRuleTellsThePlace() {
    String rules =
        """
        # PCI device 0x15ad:/sys/devices/pci0000:00/0000:00:16.0/0000:0b:00.0 (vmxnet3)
        SUBSYSTEM=="net", ACTION=="add", ATTR{address}=="00:50:56:9a:00:01", NAME="lan0"

        # PCI device 0x15ad:/sys/devices/pci0000:00/0000:00:15.0/0000:03:00.0 (vmxnet3)
        SUBSYSTEM=="net", ACTION=="add", ATTR{address}=="00:50:56:9a:00:02", NAME="wan0"
        """;
    guest(rules, "lan0", "wan0").full().succeeds().pinsInOrder("wan0", "lan0");
  }

  @Test
  void aNameOfUdevIsAPlaceBesideAPinnedOne() {
    guest(rule("KERNELS==\"0000:03:00.0\"", "lan0"), "ens192", "lan0")
        .full()
        .succeeds()
        .pinsInOrder("lan0", "ens192");
  }

  @Test
  void linksTellThePlaceAsWell() {
    Guest.with(
            "/etc/systemd/network/10-a.link", "[Match]\nPath=pci-0000:0b:00.0\n[Link]\nName=lan0\n")
        .and(
            "/etc/systemd/network/20-b.link", "[Match]\nPath=pci-0000:03:00.0\n[Link]\nName=wan0\n")
        .full()
        .succeeds()
        .unpinned("lan0", "wan0")
        .file("/etc/systemd/network/10-a.link", "OriginalName=eth1")
        .file("/etc/systemd/network/20-b.link", "OriginalName=eth0");
  }

  @Test
  void aProfileOfNetworkManagerTellsThePlaceOfItsInterface() {
    String profile =
        "[connection]\ntype=ethernet\ninterface-name=%s\n[match]\npath=pci-0000:%s:00.0;\n";
    Guest guest =
        Guest.with(
                "/etc/NetworkManager/system-connections/a.nmconnection",
                profile.formatted("lan0", "0b"))
            .and(
                "/etc/NetworkManager/system-connections/b.nmconnection",
                profile.formatted("wan0", "03"))
            .full()
            .succeeds()
            .pinsInOrder("wan0", "lan0");

    assertThat(guest.after("/etc/NetworkManager/system-connections/a.nmconnection"))
        .doesNotContain("path=");
  }

  @Test
  void aProfileByPlaceGetsTheNameOfThatPlace() {
    Guest guest =
        Guest.with(
                "/etc/NetworkManager/system-connections/a.nmconnection",
                "[connection]\ntype=ethernet\n[match]\npath=pci-0000:0b:00.0\n")
            .and("/etc/network/interfaces", "iface ens160 inet dhcp\niface ens192 inet manual\n")
            .full()
            .succeeds()
            .pinsInOrder("ens160", "ens192");

    assertThat(guest.after("/etc/NetworkManager/system-connections/a.nmconnection"))
        .isEqualTo("[connection]\ntype=ethernet\ninterface-name=ens192\n[match]\n");
  }

  @Test
  void aProfileByAnotherPlaceIsAnotherCard() {
    Guest.with(
            "/etc/NetworkManager/system-connections/a.nmconnection",
            "[connection]\ntype=ethernet\n[match]\npath=pci-0000:13:00.0\n")
        .and("/etc/network/interfaces", "iface ens192 inet dhcp\n")
        .full()
        .failsWith("a.nmconnection line 4")
        .pinsNothing();
  }

  @Test
  void ifcfgFilesForNetworkManagerTellThePlace() {
    Guest guest =
        Guest.with(
                "/etc/sysconfig/network-scripts/ifcfg-lan0",
                "DEVICE=lan0\nMATCH_PATH=pci-0000:0b:00.0\nMATCH_DRIVER=vmxnet3\n")
            .and(
                "/etc/sysconfig/network-scripts/ifcfg-wan0",
                "DEVICE=wan0\nMATCH_PATH=pci-0000:03:00.0\n")
            .full()
            .succeeds()
            .pinsInOrder("wan0", "lan0");

    assertThat(guest.after("/etc/sysconfig/network-scripts/ifcfg-lan0"))
        .isEqualTo("DEVICE=lan0\nMATCH_DRIVER=\"virtio_net\"\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ifcfg-eth-bus-pci-0000:02:01.0", "ifcfg-bus-pci-0000:02:01.0"})
  void aFileOfSuseThatIsNamedByAPlaceIsRefused(String file) {
    Guest.with("/etc/sysconfig/network/" + file, "BOOTPROTO='dhcp'\n")
        .full()
        .failsWith(file, "place on the bus");
  }

  // --- what crosses -----------------------------------------------------------------------------

  private static Guest crossing(String... names) {
    return guest(
        rule("KERNELS==\"0000:0b:00.0\"", names[0]) + rule("KERNELS==\"0000:03:00.0\"", names[1]),
        names);
  }

  @ParameterizedTest
  @ValueSource(strings = {"LINKS", "RULES", "KERNEL"})
  void kernelNamesThatCrossAreRefused(CardNaming naming) {
    crossing("eth0", "eth1")
        .naming(naming, true, 0)
        .full()
        .failsWith("card 1 should be eth1", "order of their names (eth0, eth1)")
        .unchanged(RULES);
  }

  @Test
  void anOldUdevExchangesKernelNames() {
    Guest guest =
        crossing("eth0", "eth1").naming(CardNaming.EXCHANGING_RULES, true, 0).full().succeeds();

    assertThat(guest.after(OWN))
        .contains("RESULT==\"1\", NAME=\"eth0\"", "RESULT==\"0\", NAME=\"eth1\"")
        .doesNotContain("KERNEL==");
  }

  @Test
  void kernelNamesInTheOrderOfThePlacesDoNotCross() {
    crossing("eth1", "eth0").full().succeeds().pinsInOrder("eth0", "eth1");
  }

  @Test
  void aNameThatTheKernelNeverGivesCannotCross() {
    crossing("eth0", "lan0").full().failsWith("card 2 should be eth0", "(eth0, lan0)");
    crossing("lan0", "eth0").full().succeeds().pinsInOrder("eth0", "lan0");
  }

  @Test
  void theOperatorsOrderOfTheCardsTurnsACrossingIntoNone() {
    crossing("eth0", "eth1")
        .machine("eth0=-", "eth1=-")
        .full()
        .succeeds()
        .pinsInOrder("eth0", "eth1");
  }

  @Test
  void placesDecideWhereTheMachineHasAsManyCards() {
    crossing("lan0", "wan0").machine("-", "-").full().succeeds().pinsInOrder("wan0", "lan0");
  }

  @Test
  void crossingPlacesAreRefusedWhereTheMachinesCardsAreKnown() {
    crossing("eth0", "eth1").machine("-", "-").full().failsWith("card 1 should be eth1");
  }

  @Test
  void placesAgainstTheNumbersOfSomeOfTheCardsAreRefused() {
    crossing("eth0", "eth1").machine("-", "-", "-").full().failsWith("eth1 before eth0");
  }

  @ParameterizedTest
  @CsvSource({
    "0b, 02, 192, 33",
    "0b, 03, 192, 160",
    "04, 0b, 1184, 192",
    "0b, 04, 192, 1184",
    "02, 0b, 33, 192"
  })
  void slotsOfTheMachinesDescriptionTellWhichCardIsWhere(
      String first, String second, int firstSlot, int secondSlot) {
    Guest guest =
        guest(
                rule("KERNELS==\"0000:%s:0%d.0\"".formatted(first, firstSlot % 32), "lan0")
                    + rule("KERNELS==\"0000:%s:0%d.0\"".formatted(second, secondSlot % 32), "wan0"),
                "wan0",
                "lan0")
            .slots(firstSlot, secondSlot)
            .full()
            .succeeds()
            .pinsInOrder("lan0", "wan0");

    assertThat(guest.plan().edits().warnings()).isEmpty();
  }

  @Test
  void aSlotTellsTheCardOfOneNameAmongSeveralCards() {
    Guest guest =
        guest(rule("KERNELS==\"0000:0b:00.0\"", "lan0"), "lan0")
            .slots(160, 192, 224)
            .full()
            .succeeds();

    assertThat(guest.link("lan0")).contains("OriginalName=eth1\n");
  }

  @Test
  void namesOfSlotsAreMatchedWithTheSlotsOfTheMachine() {
    guest("# none\n", "ens192", "ens33")
        .slots(192, 33)
        .full()
        .succeeds()
        .pinsInOrder("ens192", "ens33");
  }

  @Test
  void kernelNamesThatCrossTheSlotsAreRefused() {
    crossing("eth0", "eth1").slots(160, 192).full().failsWith("card 2 should be eth0");
  }

  // --- what is not known ------------------------------------------------------------------------

  @Test
  void aPlaceBesideAnAddressTellsNoOrder() {
    guest(
            rule("ATTR{address}==\"00:50:56:9a:00:01\"", "lan0")
                + rule("KERNELS==\"0000:03:00.0\"", "wan0"),
            "lan0",
            "wan0")
        .full()
        .failsWith("the old place of wan0 is known", "that of lan0 is not")
        .unchanged(RULES);
  }

  @Test
  void namesTellWhatAPlaceBesideAnAddressDoesNot() {
    guest(
            rule("ATTR{address}==\"00:50:56:9a:00:01\"", "lan0")
                + rule("KERNELS==\"0000:03:00.0\"", "lan1"),
            "lan0",
            "lan1")
        .full()
        .succeeds()
        .pinsInOrder("lan0", "lan1");
  }

  @Test
  void placesThatContradictTheNamesAreRefused() {
    guest(
            rule("ATTR{address}==\"00:50:56:9a:00:01\"", "lan0")
                + rule("KERNELS==\"0000:0b:00.0\"", "lan1")
                + rule("KERNELS==\"0000:03:00.0\"", "lan2"),
            "lan0",
            "lan1",
            "lan2")
        .full()
        .failsWith("lan1 before lan2", "lan2 before lan1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "KERNELS==\"0000:03:00.0\"; KERNELS==\"0000:03:00.0\"; no order",
        "KERNELS==\"0000:03:*\"; KERNELS==\"0000:03:00.0\"; no order",
        "KERNELS==\"0000:03:00.0\"; KERNELS==\"vif-0\"; no order",
        "KERNELS==\"0000:??:00.0\"; KERNELS==\"0000:03:00.0\"; that of lan0 is not",
        "KERNELS==\"vmbus_0_11\"; KERNELS==\"0000:03:00.0\"; that of lan0 is not"
      })
  void placesWithoutAnOrderAreRefused(String first, String second, String why) {
    guest(rule(first, "lan0") + rule(second, "wan0"), "lan0", "wan0")
        .full()
        .failsWith(why)
        .unchanged(RULES);
  }

  @Test
  void oneNameAtTwoPlacesIsRefused() {
    guest(
            rule("KERNELS==\"0000:03:00.0\"", "lan0")
                + rule("KERNELS==\"0000:0b:00.0\"", "lan0")
                + rule("KERNELS==\"0000:13:00.0\"", "wan0"),
            "lan0",
            "wan0")
        .full()
        .failsWith("lan0 is at 0000:03:00.0", "line 2");
  }

  @Test
  void theFifthCardOfVmwareIsBehindTheFirstFour() {
    String rules = "";
    for (String pin : List.of("03 a", "04 e", "0b b", "13 c", "1b d")) {
      rules +=
          rule(
              "DRIVERS==\"vmxnet3\", KERNELS==\"0000:%s:00.0\"".formatted(pin.substring(0, 2)),
              "net" + pin.charAt(3));
    }
    Guest guest =
        guest(rules, "neta", "netb", "netc", "netd", "nete")
            .full()
            .succeeds()
            .pinsInOrder("neta", "netb", "netc", "netd", "nete");

    assertThat(guest.plan().edits().warnings())
        .singleElement()
        .asString()
        .contains("not that of the bus");
  }

  @Test
  void theSamePlacesOfAnUnknownMachineAreRefused() {
    guest(
            rule("KERNELS==\"0000:03:00.0\"", "neta")
                + rule("KERNELS==\"0000:04:00.0\"", "netb")
                + rule("KERNELS==\"0000:0b:00.0\"", "netc"),
            "neta",
            "netb",
            "netc")
        .full()
        .failsWith("neta, netb, netc on the bus", "neta, netc, netb if");
  }

  @Test
  void twoKindsOfVmwaresCardsAreRefused() {
    guest(
            rule("DRIVERS==\"e1000\", KERNELS==\"0000:02:01.0\"", "lan0")
                + rule("DRIVERS==\"vmxnet3\", KERNELS==\"0000:0b:00.0\"", "wan0"),
            "lan0",
            "wan0")
        .full()
        .failsWith("each by itself");
  }

  @Test
  void theOrderOfPinsByAddressIsAnAssumption() {
    Guest guest =
        guest(
                rule("ATTR{address}==\"00:50:56:9a:00:01\"", "wan0")
                    + rule("ATTR{address}==\"00:50:56:9a:00:02\"", "lan0"),
                "lan0",
                "wan0")
            .full()
            .succeeds()
            .pinsInOrder("wan0", "lan0");

    assertThat(guest.plan().edits().warnings())
        .singleElement()
        .asString()
        .contains("wan0, lan0", "of the pins");
  }

  @Test
  void slotsOfBiosdevnameAreAnAssumption() {
    Guest guest =
        guest("# none\n", "p3p1", "p2p2", "p2p1")
            .full()
            .succeeds()
            .pinsInOrder("p2p1", "p2p2", "p3p1");

    assertThat(guest.plan().edits().warnings()).singleElement().asString().contains("slots");
  }

  // --- what cannot be read ----------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SUBSYSTEM==\"net\", PROGRAM=\"/usr/local/bin/ifname %k\", NAME=\"%c\"",
        "SUBSYSTEM==\"net\", PROGRAM=\"/usr/local/bin/ifname %k\", RESULT==\"a\", NAME=\"lan0\"",
        "SUBSYSTEM==\"net\", ENV{ID_NET_NAME_SLOT}==\"?*\", NAME=\"$env{ID_NET_NAME_SLOT}\"",
        "SUBSYSTEM==\"net\", IMPORT{program}=\"/bin/names %k\", NAME=\"$env{MINE}\"",
        "SUBSYSTEM==\"net\", KERNEL==\"eth*\", NAME=\"net%n\"",
        "SUBSYSTEM==\"net\", KERNEL==\"eth0\", RUN+=\"/sbin/ip link set eth0 name lan0\""
      })
  void aNameThatIsComputedIsToldWithItsLine(String rule) {
    Guest guest = guest("# names\n" + rule + "\n", "eth0").full().unchanged(RULES);

    assertThat(guest.plan().edits().warnings())
        .singleElement()
        .asString()
        .contains("70-persistent-net.rules line 2 decides on a card's name by");
  }

  @Test
  void aRuleForAnOldPlaceThatNamesNothingIsToldWithItsLine() {
    Guest guest =
        guest("SUBSYSTEM==\"net\", KERNELS==\"0000:03:00.0\", ENV{NM_UNMANAGED}=\"1\"\n", "eth0")
            .full()
            .unchanged(RULES);

    assertThat(guest.plan().edits().warnings())
        .singleElement()
        .asString()
        .contains("line 1 is for a card at its old place");
  }
}
