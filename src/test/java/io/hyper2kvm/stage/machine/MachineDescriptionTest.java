package io.hyper2kvm.stage.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.stage.machine.MachineDescription.Firmware;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachineDescriptionTest {

  private static final NetworkCard CARD = NetworkCard.withMac("00:50:56:01:02:03");

  private static MachineDescription described(Optional<Firmware> firmware) {
    return new MachineDescription(
        true,
        "db",
        "vmx-19",
        "",
        OptionalLong.of(1L << 30),
        OptionalInt.of(2),
        OptionalInt.of(1),
        firmware,
        false,
        false,
        "",
        0,
        List.of(MachineDisk.anywhere(512)),
        List.of(),
        List.of());
  }

  @Test
  void theGuestTellsOfAMachineThatNobodyDescribed() {
    MachineDescription machine =
        MachineDescription.ofDisks(List.of(MachineDisk.anywhere(512)))
            .withGuest("x86_64", Optional.of(Firmware.UEFI), 1, List.of(CARD));

    assertThat(machine.architecture()).isEqualTo("x86_64");
    assertThat(machine.startsByUefi()).isTrue();
    assertThat(machine.bootDisk()).isEqualTo(1);
    assertThat(machine.cards()).containsExactly(CARD);
  }

  @Test
  void aDescriptionKnowsFirmwareAndCardsBetterThanTheGuest() {
    MachineDescription machine =
        described(Optional.of(Firmware.BIOS))
            .withGuest("x86_64", Optional.of(Firmware.UEFI), 0, List.of(CARD));

    assertThat(machine.startsByUefi()).isFalse();
    assertThat(machine.cards()).isEmpty();
  }

  @Test
  void aDescriptionWithoutAFirmwareGetsTheGuests() {
    MachineDescription machine =
        described(Optional.empty()).withGuest("", Optional.of(Firmware.UEFI), 0, List.of());

    assertThat(machine.firmware()).hasValue(Firmware.UEFI);
  }

  @Test
  void aMachineOfUnknownFirmwareStartsByBios() {
    assertThat(described(Optional.empty()).startsByUefi()).isFalse();
  }

  @Test
  void aMachineThatCannotBeDoesNotExist() {
    MachineDescription machine = described(Optional.empty());

    assertThatThrownBy(() -> machine.withGuest("", Optional.empty(), -1, List.of()))
        .hasMessage("bootDisk is negative: -1");
    assertThatThrownBy(
            () ->
                new MachineDescription(
                    true,
                    "",
                    "",
                    "",
                    OptionalLong.of(0),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    false,
                    false,
                    "",
                    0,
                    List.of(),
                    List.of(),
                    List.of()))
        .hasMessage("memory is not 1 to 1125899906842624: 0");
    assertThatThrownBy(() -> MachineDisk.anywhere(520)).hasMessage("no size of sectors: 520");
    assertThatThrownBy(
            () -> new NetworkCard(Optional.of("00:50:56:9A:12:34"), "", "", OptionalInt.empty()))
        .hasMessageStartingWith("not the MAC address");
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "00:00:00:00:00:00",
    "01:00:5e:00:00:01",
    "ff:ff:ff:ff:ff:ff",
    "00:50:56",
    "00:50:56:9a:12:3g",
    "\"'/>",
  })
  void anAddressThatNoCardCanHaveIsNotKnown(String text) {
    assertThat(NetworkCard.withMac(text)).isEqualTo(NetworkCard.any());
  }
}
