package io.hyper2kvm.guest.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.network.survey.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The machine's own cards decide which of the configured names live, and in which order. */
class MachineCardsTest {
  private static final String A = "00:50:56:9a:20:01";
  private static final String B = "00:50:56:9a:20:77";
  private static final String C = "00:50:56:9a:20:99";
  private static final String RULE_FILE = "/etc/udev/rules.d/70-hyper2kvm-net.rules";
  private static final String LEASE = "/var/lib/NetworkManager/";
  private static final String PROFILE = "/etc/NetworkManager/system-connections/";

  private static Map<String, String> map(String... namesAndMacs) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndMacs.length; i += 2) {
      map.put(namesAndMacs[i], namesAndMacs[i + 1]);
    }
    return map;
  }

  @ParameterizedTest
  @EnumSource(Cards.class)
  void nameBoundToTheOnlyCardLivesAndTheOtherIsLeftAlone(Cards cards) {
    Guest guest = cards.guest(map("eth0", A, "eth1", B)).machine(B).full().succeeds().pins("eth1");

    assertThat(guest.link("eth0")).isNull();
    guest.unchanged(cards.path("eth0")).warns("eth0 gets no card", A);
    assertThat(guest.after(Cards.RULES)).isNull();
    assertThat(guest.after(cards.path("eth1"))).doesNotContainIgnoringCase(B);
  }

  @ParameterizedTest
  @EnumSource(Cards.class)
  void oldUdevGetsOneRuleForTheNameThatLives(Cards cards) {
    Guest guest =
        cards
            .guest(map("eth0", A, "eth1", B))
            .traits(false, false, 0)
            .machine(B)
            .full()
            .succeeds()
            .pinsNothing();

    assertThat(guest.after(RULE_FILE))
        .contains("KERNEL==\"eth*\", NAME=\"eth1\"")
        .doesNotContain("eth0");
  }

  @ParameterizedTest
  @EnumSource(Cards.class)
  void addressesDecideTheOrderOfNamesThatDoNot(Cards cards) {
    cards
        .guest(map("ens192", A, "eth0", B))
        .machine(B, A)
        .full()
        .succeeds()
        .pinsInOrder("eth0", "ens192");
  }

  @ParameterizedTest
  @EnumSource(Cards.class)
  void addressesWinOverTheOrderOfTheNames(Cards cards) {
    cards
        .guest(map("ens192", A, "ens224", B))
        .machine(B, A)
        .full()
        .succeeds()
        .pinsInOrder("ens224", "ens192");
  }

  @ParameterizedTest
  @EnumSource(Cards.class)
  void oneNameOfTwoCardsIsPinnedToItsOwn(Cards cards) {
    Guest guest = cards.guest(map("ens224", B)).machine(A, B).full().succeeds();

    guest.pinsAt(1, "ens224");
  }

  @ParameterizedTest
  @EnumSource(Cards.class)
  void theSecondOfTwoCardsMayBeTheOnlyOneThatIsConfigured(Cards cards) {
    cards.guest(map("eth1", B)).machine(A, B).full().succeeds().pinsAt(1, "eth1");
  }

  @ParameterizedTest
  @EnumSource(Cards.class)
  void twoOfThreeNamesLiveOnTwoCards(Cards cards) {
    Guest guest =
        cards
            .guest(map("ens33", C, "ens192", A, "ens224", B))
            .machine(A, B)
            .full()
            .succeeds()
            .pinsInOrder("ens192", "ens224");

    assertThat(guest.link("ens33")).isNull();
    guest.warns("ens33 gets no card");
  }

  @ParameterizedTest
  @EnumSource(Cards.class)
  void addressesThatNoCardHasDecideNothing(Cards cards) {
    cards
        .guest(map("ens192", A, "ens224", B))
        .machine(C, "00:50:56:9a:20:9a")
        .full()
        .succeeds()
        .pinsInOrder("ens192", "ens224")
        .warns("ens192 was bound to " + A);
  }

  @ParameterizedTest
  @EnumSource(Cards.class)
  void twoNamesForOneCardThatHasNeitherAddressAreRefused(Cards cards) {
    cards
        .guest(map("eth0", A, "eth1", B))
        .machine(C)
        .full()
        .failsWith("1 network card(s)", C, "eth0 (" + A + ")", "eth1 (" + B + ")")
        .pinsNothing();
  }

  @ParameterizedTest
  @EnumSource(Cards.class)
  void theOperatorsNamesWinOverEverything(Cards cards) {
    cards
        .guest(map("eth0", A, "eth1", B))
        .machine("ens192=" + A, "ens224=" + C)
        .full()
        .succeeds()
        .pinsInOrder("ens192", "ens224")
        .warns("eth0 gets no card");
  }

  @ParameterizedTest
  @CsvSource({
    "ens192 eth1, ens192= eth1=, ens192 eth1",
    "ens192 eth0, eth0= ens192=, eth0 ens192",
    "eth0 eth1 enp3s0, eth0= eth1= enp3s0=, eth0 eth1 enp3s0",
    "front back, back= front=, back front",
    "eth0 eth2, eth0= - eth2=, eth0 - eth2",
    "ens33 ens192, ens192= -, ens192 ens33",
    "ens192, - ens192=, - ens192"
  })
  void namesThatTellNoOrderAreToldByTheOperator(String written, String cards, String ordered) {
    StringBuilder text = new StringBuilder();
    for (String name : written.split(" ")) {
      text.append("auto %1$s\niface %1$s inet dhcp\n".formatted(name));
    }
    Guest guest =
        Guest.with("/etc/network/interfaces", text.toString())
            .machine(cards.split(" "))
            .full()
            .succeeds();

    String[] names = ordered.split(" ");
    for (int i = 0; i < names.length; i++) {
      if (!names[i].equals("-")) {
        guest.pinsAt(i, names[i]);
      }
    }
  }

  @Test
  void aNameThatTheGuestBindsToAnotherAddressIsWarnedOf() {
    Cards.RED_HAT
        .guest(map("eth0", A))
        .machine("eth0=" + B)
        .full()
        .succeeds()
        .pins("eth0")
        .warns("binds eth0 to " + A, B);
  }

  @Test
  void aLoneNameOfAnotherAddressIsTheLoneCards() {
    Cards.RED_HAT.guest(map("eth0", A)).machine(B).full().succeeds().pins("eth0").warns(A, B);
  }

  @Test
  void oneOfTwoNamesForACardIsTheOneThatAPinGives() {
    Guest guest =
        Cards.RED_HAT
            .card(Cards.RED_HAT.guest(map("eth1", B)), "eth0", B, "10.77.4.9")
            .machine(B)
            .full()
            .succeeds()
            .pins("eth1");

    guest.warns("eth0 gets no card", "which is eth1");
  }

  @Test
  void oneOfTwoProfilesForACardIsTheOneThatComesUp() {
    String profile =
        "[connection]\nid=x\ntype=ethernet\ninterface-name=%s\nautoconnect=%s\n[ethernet]\nmac-address=%s\n[ipv4]\nmethod=auto\n";
    Guest guest =
        Guest.with(PROFILE + "a.nmconnection", profile.formatted("ens33", "false", B))
            .and(PROFILE + "b.nmconnection", profile.formatted("ens192", "true", B))
            .machine(B)
            .full()
            .succeeds()
            .pins("ens192");

    assertThat(guest.link("ens33")).isNull();
  }

  @Test
  void twoLiveNamesForOneCardAreRefused() {
    Guest guest = Cards.NETWORKD.card(new Guest(), "ens33", B, "10.77.4.9");
    Cards.NETWORKD
        .card(guest, "ens192", B, "10.77.4.10")
        .machine(B)
        .full()
        .failsWith("ens33", "ens192", "are all bound to the card " + B)
        .pinsNothing();
  }

  @Test
  void aNameForTwoCardsIsRefused() {
    Cards.RED_HAT
        .guest(map("eth0", A))
        .and(Cards.RULES, "SUBSYSTEM==\"net\", ATTR{address}==\"%s\", NAME=\"eth0\"\n".formatted(B))
        .machine(A, B)
        .full()
        .failsWith("eth0 is bound to the card " + A)
        .pinsNothing();
  }

  @Test
  void aProfileWithoutNameForACardThatIsGoneStaysBoundToIt() {
    String profile =
        "[connection]\nid=Wired connection %d\ntype=ethernet\n[ethernet]\nmac-address=%s\n[ipv4]\nmethod=manual\naddress1=10.77.4.%d/24\n";
    Guest guest =
        Guest.with(PROFILE + "w1.nmconnection", profile.formatted(1, A, 1))
            .and(PROFILE + "w2.nmconnection", profile.formatted(2, B, 2))
            .machine(B)
            .full()
            .succeeds()
            .unchanged(PROFILE + "w1.nmconnection");

    assertThat(guest.after(PROFILE + "w2.nmconnection")).doesNotContain("mac-address");
  }

  @Test
  void profilesWithoutNamesForTwoCardsGetTheNamesThatTheOperatorSays() {
    String profile = "[connection]\nid=w\ntype=ethernet\n[ethernet]\nmac-address=%s\n";
    Guest guest =
        Guest.with(PROFILE + "w1.nmconnection", profile.formatted(A))
            .and(PROFILE + "w2.nmconnection", profile.formatted(B))
            .machine("ens192=" + A, "ens224=" + B)
            .full()
            .succeeds()
            .pinsInOrder("ens192", "ens224");

    assertThat(guest.after(PROFILE + "w1.nmconnection")).contains("interface-name=ens192");
    assertThat(guest.after(PROFILE + "w2.nmconnection")).contains("interface-name=ens224");
  }

  @Test
  void leasesTellTheNamesOfProfilesWithoutNames() {
    String profile =
        "[connection]\nid=w\nuuid=1111111%d-2222-4333-8444-555555555555\ntype=ethernet\n[ethernet]\nmac-address=%s\n[ipv4]\nmethod=auto\n";
    Guest guest =
        Guest.with(PROFILE + "w1.nmconnection", profile.formatted(1, A))
            .and(PROFILE + "w2.nmconnection", profile.formatted(2, B))
            .and(LEASE + "internal-11111111-2222-4333-8444-555555555555-ens224.lease", "")
            .and(LEASE + "internal-11111112-2222-4333-8444-555555555555-ens192.lease", "")
            .machine(A, B)
            .full()
            .succeeds()
            .pinsInOrder("ens224", "ens192");

    assertThat(guest.after(PROFILE + "w1.nmconnection")).contains("interface-name=ens224");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/var/lib/NetworkManager/internal-11111111-2222-4333-8444-555555555555-eth0.lease|CLIENTID=010050569a2077",
        "/var/lib/NetworkManager/dhclient-11111111-2222-4333-8444-555555555555-eth0.lease|  option dhcp-client-identifier 1:0:50:56:9a:20:77;",
        "/var/lib/dhclient/dhclient--eth0.lease|  option dhcp-client-identifier 01:00:50:56:9a:20:77;",
        "/var/lib/dhclient/dhclient-eth0.leases|  option dhcp-client-identifier 1:0:50:56:9a:20:77;",
        "/var/lib/dhcp/dhclient.eth0.leases|  option dhcp-client-identifier 1:0:50:56:9a:20:77;"
      })
  void aLeaseWithAnAddressTellsTheCardOfAName(String path, String line) {
    Guest.with("/etc/network/interfaces", "auto eth0 ens192\niface eth0 inet dhcp\n")
        .and(path, "lease {\n" + line + "\n}\n")
        .traits(false, false, 0)
        .machine(A, B)
        .full()
        .succeeds()
        .warns("eth0", "DHCP lease", B);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/var/lib/NetworkManager/internal-1-eth0.lease|CLIENTID=010050569a2077",
        "/var/lib/NetworkManager/timestamps|CLIENTID=010050569a2077",
        "/var/lib/dhcp/dhclient.eth0.leases|  option dhcp-client-identifier ff:0:50:56:9a:20:77;",
        "/var/lib/dhcp/dhclient.eth0.leases|  option dhcp-client-identifier 1:0:50:56:9a:20;",
        "/srv/dhclient.eth0.leases|  option dhcp-client-identifier 1:0:50:56:9a:20:77;"
      })
  void whatIsNoLeaseOfThisCardTellsNothing(String path, String line) {
    Guest.with("/etc/network/interfaces", "auto eth0 ens192\niface eth0 inet dhcp\n")
        .and(path, line + "\n")
        .machine(A, B)
        .full()
        .failsWith("do not tell the order");
  }

  @Test
  void profilesWithoutNamesForTwoCardsAreRefusedOtherwise() {
    String profile = "[connection]\nid=w\ntype=ethernet\n[ethernet]\nmac-address=%s\n";
    Guest.with(PROFILE + "w1.nmconnection", profile.formatted(A))
        .and(PROFILE + "w2.nmconnection", profile.formatted(B))
        .machine(A, B)
        .full()
        .failsWith("w1.nmconnection line 5")
        .pinsNothing();
  }

  @Test
  void theOnlyConnectedCardIsTheOnlyNamesWithAWarning() {
    Guest.with("/etc/network/interfaces", "auto ens192\niface ens192 inet dhcp\n")
        .machine("-!", "-")
        .full()
        .succeeds()
        .pinsAt(1, "ens192")
        .warns("no other is connected");
  }

  @Test
  void oneNameForTwoConnectedCardsIsRefused() {
    Guest.with("/etc/network/interfaces", "auto ens192\niface ens192 inet dhcp\n")
        .machine("-", "-")
        .full()
        .failsWith("2 network cards", "ens192")
        .pinsNothing();
  }

  @Test
  void aMachineWithoutCardsIsWarnedOf() {
    Guest.with("/etc/network/interfaces", "auto ens192\niface ens192 inet dhcp\n")
        .machine()
        .full()
        .succeeds()
        .pins("ens192")
        .warns("no network card", "ens192");
  }

  @Test
  void basicLeavesWhatIsForACardThatIsGone() {
    Cards.RED_HAT
        .guest(map("eth0", A, "eth1", B))
        .machine(B)
        .plan(Level.BASIC)
        .succeeds()
        .pinsNothing();
  }

  @Test
  void aNameBoundToNoAddressIsTheOnlyCardsBesideOneBoundToAnother() {
    Guest guest =
        Cards.RED_HAT
            .card(new Guest(), "eth0", A, "10.77.4.9")
            .and(Cards.RED_HAT.path("eth1"), "DEVICE=eth1\nONBOOT=yes\nBOOTPROTO=dhcp\n")
            .machine(B)
            .full()
            .succeeds()
            .pins("eth1");

    guest.warns("eth0 gets no card").unchanged(Cards.RED_HAT.path("eth0"));
  }

  @Test
  void netplansLabelForACardThatIsGoneStays() {
    String path = "/etc/netplan/50-cloud-init.yaml";
    Guest guest =
        Guest.with(
                path,
                """
                network:
                  version: 2
                  ethernets:
                    old0:
                      match:
                        macaddress: %s
                      dhcp4: true
                    ens192:
                      match:
                        macaddress: %s
                      addresses: [10.77.4.20/24]
                """
                    .formatted(A, B))
            .machine(B)
            .full()
            .succeeds()
            .pins("ens192");

    assertThat(guest.after(path)).contains("macaddress: " + A, "name: ens192").doesNotContain(B);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/etc/systemd/network/90-any.network|[Match];Name=en*;[Network];DHCP=yes;",
        "/etc/systemd/network/90-any.network|[Match];Name=e*;[Network];DHCP=yes;",
        "/etc/systemd/network/90-any.network|[Match];Type=ether;[Network];DHCP=yes;",
        "/etc/systemd/network/90-any.network|[Network];DHCP=yes;",
        "/etc/NetworkManager/system-connections/w|[connection];id=w;type=ethernet;",
        "/etc/NetworkManager/system-connections/w|[connection];id=w;type=ethernet;[match];interface-name=en*;",
        "/etc/netplan/90.yaml|network: {ethernets: {all: {match: {name: 'en*'}, dhcp4: true}}};",
        "/etc/netplan/90.yaml|network: {ethernets: {all: {match: {driver: virtio_net}, dhcp4: true}}};"
      })
  void aNameBesideAFileForAnyCardIsPinnedToOneCardOnly(String path, String text) {
    Guest guest =
        Guest.with("/etc/network/interfaces", "auto ens192\niface ens192 inet dhcp\n")
            .and(path, text.replace(';', '\n'))
            .full()
            .succeeds()
            .pinsAt(0, "ens192");

    guest.warns(path, "load.network_cards");
  }

  @Test
  void aFileForAnyCardIsNoDoubtWhereTheCardsAreKnown() {
    Guest guest =
        Guest.with("/etc/network/interfaces", "auto ens192\niface ens192 inet dhcp\n")
            .and("/etc/systemd/network/90-any.network", "[Match]\nName=en*\n[Network]\nDHCP=yes\n")
            .machine("-")
            .full()
            .succeeds()
            .pins("ens192");

    assertThat(guest.plan().edits().warnings()).isEmpty();
  }

  @Test
  void aLaterKernelNameBesideAFileForAnyCardIsRefused() {
    Guest.with("/etc/network/interfaces", "auto eth1\niface eth1 inet dhcp\n")
        .and("/etc/systemd/network/90-any.network", "[Match]\nName=eth*\n[Network]\nDHCP=yes\n")
        .full()
        .failsWith("eth1")
        .pinsNothing();
  }
}
