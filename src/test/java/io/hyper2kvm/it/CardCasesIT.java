package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guests whose configuration names other cards than their machines have. */
@Timeout(600)
class CardCasesIT {

  private static final String RULES = "/etc/udev/rules.d/70-hyper2kvm-net.rules";

  @TempDir private Path directory;

  @Test
  void theCardOfAClonedMachineIsTheOneThatItsAddressNames() throws Exception {
    GuestCase plan = GuestCase.planned("net-el6-clone-leftover", directory);

    assertThat(plan.completed()).as(plan.report().toPrettyString()).isTrue();
    assertThat(plan.linesAfter(RULES))
        .singleElement()
        .asString()
        .contains("DRIVERS==\"virtio_net\"", "NAME=\"eth1\"");
    assertThat(plan.linesAfter("/etc/sysconfig/network-scripts/ifcfg-eth0")).isEmpty();
    assertThat(plan.linesAfter("/etc/sysconfig/network-scripts/ifcfg-eth1")).containsExactly("");
    assertThat(plan.warnings())
        .anySatisfy(text -> assertThat(text).contains("eth0 gets no card", "00:50:56:9a:20:01"));
  }

  @Test
  @Tag("all")
  void cardsOfPlainDisksAreNamedByTheManifest() throws Exception {
    GuestCase refused = GuestCase.planned("net-cards-without-order", directory);
    Path manifest = directory.resolve("manifest.json");
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replace(
                "\"load\":{",
                "\"load\":{\"network_cards\":[{\"name\":\"ens192\",\"mac\":\"00:50:56:9a:31:01\"},{\"name\":\"eth1\"}],"));
    GuestCase named = GuestCase.planned(manifest);

    assertThat(refused.failureCode()).isEqualTo("FIX_NETWORK_FAILED");
    assertThat(refused.report().path("hint").asText()).contains("load.network_cards");
    assertThat(named.completed()).as(named.report().toPrettyString()).isTrue();
    assertThat(named.linesAfter("/etc/systemd/network/10-hyper2kvm-ens192.link"))
        .contains("OriginalName=eth0", "Name=ens192");
    assertThat(named.linesAfter("/etc/systemd/network/10-hyper2kvm-eth1.link"))
        .contains("OriginalName=eth1", "Name=eth1");
    assertThat(named.report().at("/stages/load/network_cards/0/name").asText()).isEqualTo("ens192");
  }
}
