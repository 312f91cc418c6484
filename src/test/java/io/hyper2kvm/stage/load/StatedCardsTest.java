package io.hyper2kvm.stage.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.NetworkCardSpec;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.NetworkCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the manifest says of network cards, with and without an OVF's own. */
class StatedCardsTest {
  private static final String A = "00:50:56:9a:00:0a";
  private static final String B = "00:50:56:9a:00:0b";

  /** Cards as {@code name=mac}; both may be missing. */
  private static List<NetworkCardSpec> stated(String text) {
    List<NetworkCardSpec> cards = new ArrayList<>();
    for (String card : text.split(" ")) {
      String[] parts = card.replace("A", A).replace("B", B).split("=", 2);
      cards.add(
          new NetworkCardSpec(
              Optional.of(parts[0]).filter(name -> !name.isEmpty()),
              Optional.of(parts.length < 2 ? "" : parts[1]).filter(mac -> !mac.isEmpty())));
    }
    return cards;
  }

  private static MachineDescription described(String macs) {
    List<NetworkCard> cards = new ArrayList<>();
    for (String mac : macs.split(" ")) {
      String written = mac.equals("A") ? A : mac.equals("B") ? B : "";
      cards.add(
          new NetworkCard(
              Optional.of(written).filter(text -> !text.isEmpty()),
              "VmxNet3",
              "net " + cards.size(),
              OptionalInt.empty()));
    }
    return new MachineDescription(
        true,
        "vm",
        "",
        "",
        OptionalLong.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        false,
        false,
        "",
        0,
        List.of(),
        cards,
        List.of());
  }

  private static String words(MachineDescription machine) {
    return String.join(
        " ",
        machine.cards().stream()
            .map(card -> card.name().orElse("") + "=" + card.mac().orElse(""))
            .map(card -> card.replace(A, "A").replace(B, "B"))
            .toList());
  }

  @Test
  void plainDisksGetTheCardsOfTheManifest() {
    MachineDescription plain = MachineDescription.ofDisks(List.of());

    assertThat(words(StatedCards.on(plain, stated("eth1=A eth0= =B"))))
        .isEqualTo("eth1=A eth0= =B");
    assertThat(StatedCards.on(plain, List.of())).isEqualTo(plain);
  }

  @Test
  void cardsOfTheManifestOutliveThoseOfTheGuest() {
    MachineDescription plain =
        StatedCards.on(MachineDescription.ofDisks(List.of()), stated("eth1=A"))
            .withGuest(
                "x86_64", Optional.empty(), 0, List.of(NetworkCard.any(), NetworkCard.any()));

    assertThat(words(plain)).isEqualTo("eth1=A");
  }

  @ParameterizedTest
  @CsvSource({
    "A B, eth0=A eth1=B, eth0=A eth1=B",
    "A B, eth1=B eth0=A, eth0=A eth1=B",
    "A B, eth1=B, =A eth1=B",
    "A B, eth0= eth1=, eth0=A eth1=B",
    "- -, eth0=A eth1=B, eth0=A eth1=B",
    "- B, eth0=A eth1=B, eth0=A eth1=B",
    "A -, eth0=A eth1=, eth0=A eth1=",
    "- -, =B =A, =B =A"
  })
  void cardsOfAnOvfAreNamed(String ovf, String manifest, String expected) {
    MachineDescription machine = StatedCards.on(described(ovf), stated(manifest));

    assertThat(words(machine)).isEqualTo(expected);
    assertThat(machine.cards()).extracting(NetworkCard::network).contains("net 0");
  }

  @ParameterizedTest
  @CsvSource({
    "- A, eth0=A eth1=, another entry means",
    "A A, eth0=B eth1=A, s description has the address",
    "A, eth0=B, s description has the address",
    "A B, eth0=, does not say by its address",
    "A, eth0= eth1=, does not say by its address",
    "- -, eth0=A, does not say by its address",
    "A B, eth0=A eth1= eth2=B, does not say by its address"
  })
  void contradictionsAreRefused(String ovf, String manifest, String why) {
    assertThatThrownBy(() -> StatedCards.on(described(ovf), stated(manifest)))
        .isInstanceOf(StageFailedException.class)
        .hasMessageContaining("load.network_cards")
        .hasMessageContaining(why);
  }
}
