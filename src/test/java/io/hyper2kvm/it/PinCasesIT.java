package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests whose pins of network names tell the cards' order, or are read in an unusual way. */
class PinCasesIT {
  private static final String RULES = "/etc/udev/rules.d/70-hyper2kvm-net.rules";

  @TempDir Path folder;

  @Test
  void namesThatCrossThePlacesOfTheCardsAreRefused() throws IOException, InterruptedException {
    GuestCase plan = GuestCase.planned("net-sles-pci-rules-crossed", folder.toRealPath());

    assertThat(plan.completed()).isFalse();
    assertThat(plan.exit()).isNotZero();
    assertThat(plan.failureCode()).isEqualTo("FIX_NETWORK_FAILED");
    assertThat(plan.failureMessage())
        .contains("card 1 should be eth1", "the order of their names (eth0, eth1)");
  }

  @Test
  void whereNoLinkIsReadTheNamesArePinnedByRules() throws IOException, InterruptedException {
    GuestCase plan = GuestCase.planned("net-udev-rules-without-link", folder.toRealPath());

    assertThat(plan.completed()).as(plan.failureMessage()).isTrue();
    assertThat(plan.linesAfter(RULES))
        .satisfiesExactly(
            first -> assertThat(first).contains("KERNEL==\"eth0\"", "NAME=\"lan0\""),
            second -> assertThat(second).contains("KERNEL==\"eth1\"", "NAME=\"wan0\""));
    assertThat(plan.linesAfter("/etc/udev/rules.d/70-persistent-net.rules")).containsOnly("");
    assertThat(plan.changes()).noneMatch(change -> change.path("file").asText().endsWith(".link"));
    assertThat(plan.warnings()).anySatisfy(w -> assertThat(w).contains("lan0, wan0", "the pins"));
  }
}
