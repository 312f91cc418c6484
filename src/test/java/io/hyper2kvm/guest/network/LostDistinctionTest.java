package io.hyper2kvm.guest.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What told two configurations apart on the old machine tells nothing on the new one. */
class LostDistinctionTest {
  private static final String A = "00:50:56:9a:20:01";
  private static final String B = "00:50:56:9a:20:77";
  private static final String C = "00:50:56:9a:20:99";
  private static final String NM = "/etc/NetworkManager/system-connections/";
  private static final String IFCFG = "/etc/sysconfig/network-scripts/ifcfg-";
  private static final String NETWORKD = "/etc/systemd/network/";

  private static String profile(String line, String mac) {
    return "[connection]\ntype=ethernet\n%s[ethernet]\n%s[ipv4]\nmethod=auto\n"
        .formatted(line, mac.isEmpty() ? "" : "mac-address=" + mac + "\n");
  }

  private static Guest byDriver(String system, String first, String second) {
    String netplan =
        "network: {ethernets: {lan: {match: {driver: %s}}, wan: {match: {driver: %s}}}}";
    return switch (system) {
      case "netplan" -> Guest.with("/etc/netplan/a.yaml", netplan.formatted(first, second) + "\n");
      case "networkd" ->
          Guest.with(NETWORKD + "a.network", "[Match]\nDriver=%s\n".formatted(first))
              .and(NETWORKD + "b.network", "[Match]\nDriver=%s\n".formatted(second));
      case "ifcfg" ->
          Guest.with(IFCFG + "Lan", "TYPE=Ethernet\nMATCH_DRIVER=%s\n".formatted(first))
              .and(IFCFG + "Wan", "TYPE=Ethernet\nMATCH_DRIVER=%s\n".formatted(second));
      default ->
          Guest.with(NM + "a.nmconnection", profile("", "") + "[match]\ndriver=" + first + ";\n")
              .and(NM + "b.nmconnection", profile("", "") + "[match]\ndriver=" + second + ";\n");
    };
  }

  /** A bridge that states its port's address is no card, so that card has no name of its own. */
  @Test
  void anAddressThatOnlyABridgeNamesIsACardWithoutName() {
    String bridge = "DEVICE=br0\nHWADDR=%s\nONBOOT=yes\n".formatted(A);
    String card = "network: {ethernets: {id1: {match: {macaddress: \"%s\"}, dhcp4: true}}}\n";

    Guest.with("/etc/netplan/a.yaml", card.formatted(A))
        .and(IFCFG + "br0", bridge)
        .and("/etc/network/interfaces", "auto eth0\niface eth0 inet dhcp\n")
        .full()
        .failsWith("some cards are configured by name (eth0)", "others by hardware address");
    Guest.with(IFCFG + "br0", bridge)
        .and(IFCFG + "eth0", "DEVICE=eth0\nBRIDGE=br0\n")
        .full()
        .succeeds();
  }

  @ParameterizedTest
  @CsvSource({"netplan", "networkd", "ifcfg", "NetworkManager"})
  void driversOfOneMachineAreRefused(String system) {
    byDriver(system, "e1000", "vmxnet3").full().failsWith("tell cards apart", "e1000; vmxnet3");
  }

  @ParameterizedTest
  @CsvSource({"netplan", "networkd", "ifcfg", "NetworkManager"})
  void driversOfDifferentHypervisorsAreWarnedOf(String system) {
    byDriver(system, "hv_netvsc", "vmxnet3").full().succeeds().warns("tell cards apart");
  }

  @ParameterizedTest
  @CsvSource({"netplan", "networkd", "ifcfg", "NetworkManager"})
  void oneDriverTwiceIsAsBefore(String system) {
    Guest guest = byDriver(system, "vmxnet3", "vmxnet3").full().succeeds();

    assertThat(guest.plan().edits().warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/etc/systemd/network/20-any.network|[Match];Name=en*;[Network];DHCP=yes;",
        "/etc/systemd/network/20-any.network|[Match];Type=ether;[Network];DHCP=yes;",
        "/etc/systemd/network/20-lan.network|[Match];Name=ens192;[Network];DHCP=yes;",
      })
  void aDriverBesideOtherCardsIsWarnedOf(String path, String text) {
    Guest.with(NETWORKD + "10-lan.network", "[Match]\nDriver=vmxnet3\n[Network]\nDHCP=yes\n")
        .and(path, text.replace(';', '\n'))
        .full()
        .succeeds()
        .warns("10-lan.network is for cards by their driver (vmxnet3)");
  }

  @ParameterizedTest
  @CsvSource(value = {"00:50:56:9a:20:77", "''"})
  void aProfileOfALiveNameForAnotherMachinesCardStaysUnused(String live) {
    Guest.with(NM + "old.nmconnection", profile("interface-name=ens192\n", A))
        .and(NM + "new.nmconnection", profile("interface-name=ens192\n", live))
        .machine(B)
        .full()
        .succeeds()
        .pins("ens192")
        .unchanged(NM + "old.nmconnection");
  }

  @ParameterizedTest
  @CsvSource(value = {"HWADDR=00:50:56:9a:20:77", "''"})
  void anIfcfgFileOfALiveNameForAnotherMachinesCardStaysUnused(String live) {
    Guest.with(IFCFG + "eth0", "DEVICE=eth0\nHWADDR=%s\nIPADDR=10.0.0.5\n".formatted(A))
        .and(IFCFG + "new", "DEVICE=eth0\n%s\nIPADDR=10.0.0.6\n".formatted(live))
        .machine(B)
        .full()
        .succeeds()
        .pins("eth0")
        .unchanged(IFCFG + "eth0");
  }

  @ParameterizedTest
  @CsvSource(value = {"MACAddress=00:50:56:9a:20:77", "''"})
  void aNetworkFileOfALiveNameForAnotherMachinesCardStaysUnused(String live) {
    Guest.with(NETWORKD + "10-old.network", "[Match]\nName=ens192\nMACAddress=%s\n".formatted(A))
        .and(NETWORKD + "20-new.network", "[Match]\nName=ens192\n%s\n".formatted(live))
        .machine(B)
        .full()
        .succeeds()
        .pins("ens192")
        .unchanged(NETWORKD + "10-old.network");
  }

  @Test
  void aProfileThatDoesNotComeUpIsNotTheLiveOne() {
    Guest guest =
        Guest.with(NM + "a.nmconnection", profile("interface-name=ens192\n", A))
            .and(NM + "b.nmconnection", profile("interface-name=ens192\nautoconnect=no\n", ""))
            .machine(B)
            .full()
            .succeeds()
            .warns("ens192 was bound to " + A);

    assertThat(guest.after(NM + "a.nmconnection")).doesNotContain(A);
  }

  @ParameterizedTest
  @CsvSource({"00:50:56:9a:20:77", "-"})
  void twoProfilesByAddressForOneCardThatHasNeitherAreRefused(String card) {
    Guest.with(NM + "a.nmconnection", profile("", A))
        .and(NM + "b.nmconnection", profile("", C))
        .machine(card)
        .full()
        .failsWith("1 network card(s)", A, C);
  }

  @Test
  void aNameAndAProfileByAddressForOneCardOfAnUnknownAddressAreRefused() {
    Guest.with(NM + "a.nmconnection", profile("", A))
        .and(NM + "b.nmconnection", profile("interface-name=ens192\n", ""))
        .machine("-")
        .full()
        .failsWith("1 network card(s)", A, "ens192");
  }

  @Test
  void theLoneProfileByAnotherAddressIsTheLoneCardsWithAWarning() {
    Guest guest =
        Guest.with(NM + "a.nmconnection", profile("", A)).machine(B).full().succeeds().warns(A, B);

    assertThat(guest.after(NM + "a.nmconnection")).doesNotContain(A);
  }

  @Test
  void aProfileByAddressBesideOneForAnyCardIsWarnedOf() {
    Guest.with(NM + "a.nmconnection", profile("", A))
        .and(NM + "b.nmconnection", profile("", ""))
        .full()
        .succeeds()
        .warns("b.nmconnection is for any card", "load.network_cards");
  }

  @ParameterizedTest
  @CsvSource({
    "allow-hotplug /mac/00:50:56:9a:20:01=lan",
    "auto lo /mac/00:50:56:9a:20:01=lan",
    "rename mac/00:50:56:9a:20:01=lan",
    "iface mac/00:50:56:9a:20:01 inet dhcp"
  })
  void ifupdownsPatternsOfAddressesAreRefused(String line) {
    Guest.with("/etc/network/interfaces", "auto lan\niface lan inet dhcp\n" + line + "\n")
        .full()
        .failsWith("line 3", "hardware address");
  }

  @ParameterizedTest
  @CsvSource({
    "eth0 eth1, 192 160",
    "eth0 eth1, 160 33",
    "eth0, 192 160",
    "eth1, 192 160",
    "eth0 eth1 eth2 eth3 eth4, 160 192 224 256 1184"
  })
  void kernelNamesOfCardsThatWereInAnotherOrderOnTheBusAreRefused(String names, String slots) {
    interfaces(names).slots(numbers(slots)).full().failsWith("on the bus", "load.network_cards");
  }

  @ParameterizedTest
  @CsvSource({"eth0 eth1, 160 192", "eth0 eth1, 33 160", "ens192 ens160, 192 160"})
  void namesOfCardsInTheOrderOfTheBusOrByPlaceAreNot(String names, String slots) {
    interfaces(names).slots(numbers(slots)).full().succeeds().pinsInOrder(names.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "VmxNet3 E1000, true",
    "E1000e PCNet32, true",
    "E1000 VmxNet3, false",
    "E1000 ?, false"
  })
  void kernelNamesOfModelsThatCrossTheBusAreRefused(String models, boolean refused) {
    Guest guest = interfaces("eth0 eth1").models(models.split(" ")).full();

    assertThat(guest.plan().edits().failures()).hasSize(refused ? 1 : 0);
    interfaces("ens160 ens192").models(models.split(" ")).full().succeeds();
  }

  @Test
  void aNameOfAnotherPlaceThanTheCardsIsWarnedOf() {
    interfaces("ens33").slots(192).full().succeeds().pins("ens33").warns("another place", "ens33");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "KERNEL==\"eth*\", SYSFS{address}==\"%s\", NAME=\"%s\"",
        "KERNEL==\"eth?\", ATTR{address}==\"%s\", NAME=\"%s\"",
        "ATTR{address}==\"%s\", NAME=\"%s\"",
        "ACTION==\"add\", SUBSYSTEMS==\"net\", ATTRS{address}==\"%s\", NAME:=\"%s\"",
        "SUBSYSTEM==\"net\", SYSFS{address}==\"%s\", IMPORT=\"/lib/udev/rename_netiface %%k %s\"",
      })
  void rulesOfOldGuidesTellTheCards(String rule) {
    String path = "/etc/udev/rules.d/10-net.rules";
    Guest guest =
        interfaces("lan0 wan0")
            .and(path, rule.formatted(A, "wan0") + "\n" + rule.formatted(B, "lan0") + "\n")
            .machine(B, A)
            .full()
            .succeeds()
            .pinsInOrder("lan0", "wan0");

    assertThat(guest.after(path)).isNull();
  }

  @Test
  void aRuleForOtherDevicesStays() {
    String path = "/etc/udev/rules.d/10-disk.rules";
    String rules =
        "KERNEL==\"sd*\", NAME=\"%k\"\nSUBSYSTEM==\"bluetooth\", ATTR{address}==\"" + A + "\"\n";
    interfaces("ens192").and(path, rules).full().succeeds().pins("ens192").unchanged(path);
  }

  @Test
  void aNameMadeOfAnAddressIsThatCards() {
    interfaces("enx0050569a2001 enx0050569a2077")
        .machine(B, A)
        .full()
        .succeeds()
        .pinsInOrder("enx0050569a2077", "enx0050569a2001");
    interfaces("enx0050569a2001 ens192")
        .machine(B)
        .full()
        .succeeds()
        .pins("ens192")
        .warns("enx0050569a2001 gets no card");
  }

  private static Guest interfaces(String names) {
    return Guest.with("/etc/network/interfaces", "auto " + names + "\n");
  }

  private static int[] numbers(String words) {
    return java.util.Arrays.stream(words.split(" ")).mapToInt(Integer::parseInt).toArray();
  }
}
