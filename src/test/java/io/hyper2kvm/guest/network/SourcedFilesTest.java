package io.hyper2kvm.guest.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of the files below interfaces.d ifupdown reads those that a line of source names. */
class SourcedFilesTest {

  private static final String MAIN = "/etc/network/interfaces";
  private static final String CARD =
      "auto ens192\niface ens192 inet static\n\taddress 192.0.2.9/24\n";

  private static Guest guest(String main, String name) {
    return Guest.with(MAIN, "auto lo\niface lo inet loopback\n" + main.replace("; ", "\n") + "\n")
        .and("/etc/network/interfaces.d/" + name, CARD)
        .cards(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "source /etc/network/interfaces.d/*|lan",
        "source interfaces.d/*|lan.cfg",
        "source /etc/network/interfaces.d/*.cfg|lan.cfg",
        "source-directory /etc/network/interfaces.d|lan",
        "source-directory interfaces.d/|ens192",
        "  source\t/etc/network/interfaces.d/lan|lan",
        "source /etc/network/interfaces.d/[a-z]*|lan",
        "source /run/network/interfaces.d/*; source interfaces.d/*|50-cloud-init"
      })
  void aFileThatIsSourcedIsRead(String main, String name) {
    Guest guest = guest(main.replace("\\t", "\t"), name).full().succeeds().pins("ens192");

    assertThat(guest.networkInterface("ens192").addresses()).containsExactly("192.0.2.9/24");
    assertThat(guest.plan().edits().warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "# no further files|lan",
        "# source /etc/network/interfaces.d/*|lan",
        "source /etc/network/interfaces.d/*.cfg|lan",
        "source-directory /etc/network/interfaces.d|lan.dpkg-old",
        "source-directory interfaces.d|lan~",
        "source /run/network/interfaces.d/*|lan"
      })
  void anotherFileKeepsNoNameAndIsTold(String main, String name) {
    Guest guest = guest(main, name).full().succeeds();

    assertThat(guest.plan().interfaces()).isEmpty();
    assertThat(guest.plan().edits().files()).isEmpty();
    assertThat(guest.plan().edits().warnings())
        .containsExactly(
            "/etc/network/interfaces.d/%s: no line of source in %s names it, so ifupdown does not read it; it stays as it is, and no card gets a name or an address by it"
                .formatted(name, MAIN));
  }

  @Test
  void aSourcedFileMaySourceOthers() {
    guest("source interfaces.d/first", "second")
        .and("/etc/network/interfaces.d/first", "source /etc/network/interfaces.d/sec*\n")
        .full()
        .succeeds()
        .pins("ens192");
  }

  @Test
  void filesThatSourceEachOtherEnd() {
    guest("source interfaces.d/*", "a")
        .and("/etc/network/interfaces.d/b", "source /etc/network/interfaces.d/*\n")
        .full()
        .succeeds()
        .pins("ens192");
  }

  @Test
  void aFileElsewhereIsTold() {
    Guest guest = guest("source /etc/network/site/*.conf; source interfaces.d/*", "lan").full();

    assertThat(guest.plan().edits().warnings())
        .containsExactly(
            MAIN
                + " line 3: ifupdown reads /etc/network/site/*.conf as well, which is not looked at here: what it says of cards is not known; move it to /etc/network/interfaces.d/ if it names any");
  }

  @ParameterizedTest
  @CsvSource({".ens33.nmconnection", "ens33.nmconnection~", "ens33.pem"})
  void networkManagerPassesOverCopies(String name) {
    String folder = "/etc/NetworkManager/system-connections/";
    String keyfile = "[connection]\nid=a\ntype=ethernet\ninterface-name=%s\n";
    Guest guest =
        Guest.with(folder + "ens192.nmconnection", keyfile.formatted("ens192"))
            .and(folder + name, keyfile.formatted("ens33"))
            .cards(1)
            .full()
            .succeeds()
            .pins("ens192");

    assertThat(guest.plan().interfaces()).hasSize(1);
  }
}
