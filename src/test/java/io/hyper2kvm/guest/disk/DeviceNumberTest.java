package io.hyper2kvm.guest.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceNumberTest {

  @ParameterizedTest
  @CsvSource({
    "0802, /dev/sda2",
    "0x811, /dev/sdb1",
    "8:0, /dev/sda",
    "08FF, /dev/sdp15",
    "0301, /dev/hda1",
    "0341, /dev/hdb1",
    "1601, /dev/hdc1",
    "CA01, /dev/xvda1",
    "202:17, /dev/xvdb1",
    "/dev/block/8:2, /dev/sda2"
  })
  void aFixedNumberIsANameOfTheKernels(String number, String name) {
    assertThat(DeviceNumber.name(number)).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"fd00", "253:1", "259:2", "8:256", "00100802", "ffffffff", "9999:9999999"})
  void aNumberThatDriversGetAtTheirStartIsNot(String number) {
    assertThat(DeviceNumber.is(number)).isTrue();
    assertThat(DeviceNumber.name(number)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "8", "08", "LABEL=0802", "/dev/sda1", "8:", ":2", "g802", "123456789", "$x"})
  void otherTextsAreNone(String text) {
    assertThat(DeviceNumber.is(text)).isFalse();
    assertThat(DeviceNumber.name(text)).isEmpty();
  }
}
