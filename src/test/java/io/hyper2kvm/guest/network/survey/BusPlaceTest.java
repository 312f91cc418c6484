package io.hyper2kvm.guest.network.survey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BusPlaceTest {

  @ParameterizedTest
  @CsvSource({
    "0000:0b:00.0, 0000:0b:00.0",
    "0001:0b:00.3, 0001:0b:00.3",
    "0b:00.0, 0000:0b:00.0",
    "*:0b:00.0, 0000:0b:00.0",
    "*0b:00.0, 0000:0b:00.0",
    "????:0b:00.0, 0000:0b:00.0",
    "0000:0B:1f.7, 0000:0b:1f.7",
    "0000:0b:*, 0000:0b",
    "0000:0b:00.*, 0000:0b:00",
    "pci-0000:0b:00.0, 0000:0b:00.0",
    "pci-0b:00.0, 0000:0b:00.0",
    "pci-0000:0b:00.0-port-1, 0000:0b:00.0",
    "pci-0000_0b_00_0, 0000:0b:00.0",
    "/devices/pci0000:00/0000:00:15.0/0000:03:00.0, 0000:03:00.0",
    "/devices/pci0000:00/0000:00:15.0/0000:03:00.0/net/eth0, 0000:03:00.0",
    "*/0000:0b:00.0/net/*, 0000:0b:00.0",
    "0000:0b:00.0|0000:0b:00.0, 0000:0b:00.0",
    "ens160, 0000:03:00.0",
    "ens192, 0000:0b:00.0",
    "ens224, 0000:13:00.0",
    "ens256, 0000:1b:00.0",
    "ens161, 0000:04:00.0",
    "ens193, 0000:0c:00.0",
    "ens33, 0000:02:01.0",
    "ens3, 'slot [3, 0]'",
    "enp11s0, 0000:0b:00.0",
    "enp2s5f1, 0000:02:05.1",
    "eno16777736, onboard [16777736]",
    "em2, onboard [2]",
    "'p3p1', 'bios_slot [3, 1]'",
    "'p2p1_1', 'bios_slot [2, 1]'",
    "vif-1, xen [1]",
    "xen-vif-1, xen [1]"
  })
  void aPlaceIsRead(String written, String place) {
    assertThat(BusPlace.of(written)).map(BusPlace::toString).contains(place);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?*",
        "0000:*",
        "0000:??:00.0",
        "0000:03:00.0|0000:0b:00.0",
        "!pci-0000:0b:00.0",
        "pci0000:00",
        "eth0",
        "lan0",
        "vmbus_0_11",
        "99999:0b"
      })
  void noPlaceIsMadeUp(String written) {
    assertThat(BusPlace.of(written)).isEmpty();
  }
}
