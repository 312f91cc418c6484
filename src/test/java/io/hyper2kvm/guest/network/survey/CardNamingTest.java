package io.hyper2kvm.guest.network.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.distribution.Release;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CardNamingTest {
  private static final String RULE = "80-net-setup-link.rules";
  private static final String READS =
      """
      SUBSYSTEM!="net", GOTO="net_setup_link_end"
      IMPORT{builtin}="path_id"
      ACTION!="add", GOTO="net_setup_link_end"
      IMPORT{builtin}="net_setup_link"
      NAME=="", ENV{ID_NET_NAME}!="", NAME="$env{ID_NET_NAME}"
      LABEL="net_setup_link_end"
      """;
  private static final Map<String, String> DEBIAN = Map.of("ID", "debian", "VERSION_ID", "12");

  private final Map<String, String> files = new HashMap<>();

  private CardNaming systemd() {
    return CardNaming.of(files, true, Release.of(DEBIAN));
  }

  @Test
  void systemdReadsLinksByItsRule() {
    files.put("/usr/lib/udev/rules.d/" + RULE, READS);

    assertThat(systemd()).isEqualTo(CardNaming.LINKS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# empty on purpose\n",
        "SUBSYSTEM==\"net\", NAME=\"$env{ID_NET_NAME_SLOT}\"\n",
        "#IMPORT{builtin}=\"net_setup_link\"\nNAME=\"$env{ID_NET_NAME}\"\n",
        "IMPORT{builtin}=\"net_setup_link\"\n# NAME=\"$env{ID_NET_NAME}\"\n"
      })
  void aFileThatHidesTheRuleKeepsLinksFromBeingRead(String text) {
    files.put("/usr/lib/udev/rules.d/" + RULE, READS);
    files.put("/etc/udev/rules.d/" + RULE, text);

    assertThat(systemd()).isEqualTo(CardNaming.RULES);
  }

  @Test
  void aMaskCountsWhereTheFoldersOfUdevWereNotSeen() {
    files.put("/etc/udev/rules.d/" + RULE, "");

    assertThat(systemd()).isEqualTo(CardNaming.RULES);
  }

  @Test
  void aCopyOfTheRuleReadsLinksAsWell() {
    files.put("/usr/lib/udev/rules.d/" + RULE, "");
    files.put("/etc/udev/rules.d/" + RULE, READS);

    assertThat(systemd()).isEqualTo(CardNaming.LINKS);
  }

  @Test
  void aRuleThatIsNotThereReadsNoLinks() {
    files.put("/lib/udev/rules.d/50-udev-default.rules", "");

    assertThat(systemd()).isEqualTo(CardNaming.RULES);
  }

  @Test
  void theFirstFolderWithTheRuleDecides() {
    files.put("/usr/lib/udev/rules.d/" + RULE, "");
    files.put("/lib/udev/rules.d/" + RULE, READS);

    assertThat(systemd()).isEqualTo(CardNaming.RULES);
  }

  @ParameterizedTest
  @CsvSource({
    "debian, 7, EXCHANGING_RULES",
    "debian, 8, LINKS",
    "debian, , LINKS",
    "ubuntu, 14.04, EXCHANGING_RULES",
    "ubuntu, 16.04, LINKS",
    "rhel, 6.10, EXCHANGING_RULES",
    "centos, 7, LINKS",
    "sles, 11.4, EXCHANGING_RULES",
    "sles, 12.5, LINKS",
    "fedora, 20, EXCHANGING_RULES",
    "opensuse-leap, 15.5, LINKS",
    "arch, , LINKS",
    "scientific, 6.9, EXCHANGING_RULES",
    "linuxmint, 17.3, EXCHANGING_RULES",
    "linuxmint, 21, LINKS",
    "opensuse, 13.2, EXCHANGING_RULES",
    "opensuse, 42.3, LINKS",
    "opensuse-tumbleweed, 20240901, LINKS",
    "amzn, 2, LINKS",
    "rocky, 9.4, LINKS"
  })
  void theReleaseDecidesWhereTheFoldersOfUdevWereNotSeen(
      String id, String version, CardNaming naming) {
    Map<String, String> release = new HashMap<>(Map.of("ID", id));
    if (version != null) {
      release.put("VERSION_ID", version);
    }

    assertThat(CardNaming.of(files, true, Release.of(release))).isEqualTo(naming);
  }

  @ParameterizedTest
  @CsvSource({
    "debian, true, EXCHANGING_RULES",
    "ubuntu, true, EXCHANGING_RULES",
    "rhel, false, EXCHANGING_RULES",
    "sles, true, RULES",
    "openEuler, true, RULES"
  })
  void theGeneratorOfPinsIsOvertakenByRulesOnly(String id, boolean systemd, CardNaming naming) {
    files.put("/lib/udev/rules.d/75-persistent-net-generator.rules", "SUBSYSTEM!=\"net\"\n");
    files.put("/lib/udev/rules.d/" + RULE, READS);

    assertThat(CardNaming.of(files, systemd, Release.of(Map.of("ID", id)))).isEqualTo(naming);
  }

  @Test
  void aUdevWithoutSystemdIsPinnedByRules() {
    files.put("/lib/udev/rules.d/" + RULE, READS);

    assertThat(CardNaming.of(files, false, Release.of(Map.of("ID", "devuan"))))
        .isEqualTo(CardNaming.RULES);
  }

  @ParameterizedTest
  @CsvSource({
    "centos, 5.11, KERNEL",
    "rhel, 5, KERNEL",
    "rhel, 4, KERNEL",
    "ol, 5.5, KERNEL",
    "sles, 10.3, KERNEL",
    "rhel, 6, EXCHANGING_RULES",
    "sles, 11.4, EXCHANGING_RULES",
    "debian, 5, EXCHANGING_RULES"
  })
  void aUdevThatKnowsNoRuleByDriverPinsNothing(String id, String version, CardNaming naming) {
    files.put("/etc/udev/rules.d/60-net.rules", "SUBSYSTEM==\"net\", PROGRAM=\"rename_device\"\n");
    Release release = Release.of(Map.of("ID", id, "VERSION_ID", version));

    assertThat(CardNaming.of(files, false, release)).isEqualTo(naming);
  }

  @Test
  void alpineHasNoUdev() {
    assertThat(CardNaming.of(files, false, Release.of(Map.of("ID", "alpine"))))
        .isEqualTo(CardNaming.KERNEL);
  }

  @Test
  void alpineWithUdevHasRules() {
    files.put("/lib/udev/rules.d/80-net-name-slot.rules", "SUBSYSTEM!=\"net\"\n");

    assertThat(CardNaming.of(files, false, Release.of(Map.of("ID", "alpine"))))
        .isEqualTo(CardNaming.RULES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", " ", "IMPORT{builtin}", "NAME=", "{builtin}=", "#"})
  void aLongRuleIsReadInTime(String part) {
    files.put("/etc/udev/rules.d/" + RULE, part.repeat(1_000_000 / part.length()));

    assertThat(systemd()).isEqualTo(CardNaming.RULES);
  }
}
