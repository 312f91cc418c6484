package io.hyper2kvm.guest.luks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LuksHeaderTest {

  private static final String UUID = "0b1e6f9a-5b1e-4c51-9a7d-2b6d5f0c1a2b";

  @Test
  void version1IsRead() {
    assertThat(LuksHeader.of(LuksBytes.one(UUID).slot(5).bytes()))
        .contains(new LuksHeader(1, UUID, "", 2, 0, false, false));
  }

  @Test
  void version2IsReadWithTheMemoryOfItsMostDemandingKey() {
    String json =
        "{\"keyslots\":{\"0\":{\"kdf\":{\"type\":\"pbkdf2\"}},"
            + "\"3\":{\"kdf\":{\"type\":\"argon2id\",\"memory\":1048576}},"
            + "\"4\":{\"kdf\":{\"type\":\"argon2i\",\"memory\":65536}}},"
            + "\"config\":{\"flags\":[\"no-journal\",\"allow-discards\"]}}";

    assertThat(LuksHeader.of(LuksBytes.two(UUID, json).label("data disk").bytes()))
        .contains(new LuksHeader(2, UUID, "data disk", 3, 1 << 20, true, false));
  }

  @ParameterizedTest
  @CsvSource({
    "online-reencrypt, true",
    "online-reencrypt-v2, true",
    "offline-reencrypt, true",
    "something-else, false"
  })
  void anUnfinishedReencryptionIsSeen(String requirement, boolean seen) {
    String json =
        "{\"config\":{\"requirements\":{\"mandatory\":[\"x\",\"%s\"]}}}".formatted(requirement);

    assertThat(LuksHeader.of(LuksBytes.two(UUID, json).bytes()))
        .hasValueSatisfying(header -> assertThat(header.reencrypting()).isEqualTo(seen));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "null",
        "[1,2]",
        "{\"keyslots\":5,\"config\":[]}",
        "{\"keyslots\":{\"0\":{\"kdf\":{\"memory\":-5}}}}",
        "{\"keyslots\":{\"0\":{\"kdf\":{\"memory\":\"all\"}}}}",
        "{\"config\":{\"flags\":{\"allow-discards\":1}}}"
      })
  void metadataThatSayNothingLeaveAHeaderWithItsUuid(String json) {
    assertThat(LuksHeader.of(LuksBytes.two(UUID, json).bytes()))
        .hasValueSatisfying(
            header -> {
              assertThat(header.uuid()).isEqualTo(UUID);
              assertThat(header.memoryKib()).isZero();
              assertThat(header.allowsDiscards()).isFalse();
            });
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 4096, 1 << 22, Long.MAX_VALUE})
  void aSizeOfTheMetadataThatCannotBeIsNoFault(long size) {
    assertThat(LuksHeader.of(LuksBytes.two(UUID, 5).size(size).bytes())).isPresent();
  }

  @Test
  void deeplyNestedMetadataAreNoFault() {
    assertThat(LuksHeader.of(LuksBytes.two(UUID, "[".repeat(12000)).bytes())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "short",
        "white space in it",
        "quote'\"; rm -rf /",
        "\u00e4\u00f6\u00fc-12345678"
      })
  void aUuidThatIsNoneIsEmpty(String uuid) {
    assertThat(LuksHeader.of(LuksBytes.one(uuid).bytes()))
        .hasValueSatisfying(header -> assertThat(header.uuid()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"line\nbreak", "\u001b[2J", "t\u00e4xt"})
  void aLabelThatIsNoPlainTextIsEmpty(String label) {
    assertThat(LuksHeader.of(LuksBytes.two(UUID, 5).label(label).bytes()))
        .hasValueSatisfying(header -> assertThat(header.label()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, -1, 256})
  void anotherVersionIsNone(int version) {
    assertThat(LuksHeader.of(LuksBytes.one(UUID).version(version).bytes())).isEmpty();
  }

  @Test
  void whatIsCutOffIsNoneOrIsReadAsFarAsItGoes() {
    for (int length = 0; length < 8192; length += 97) {
      assertThat(LuksHeader.of(LuksBytes.two(UUID, 5).first(length)).isPresent())
          .as("%d bytes", length)
          .isEqualTo(length >= 592);
    }
  }

  @Test
  void randomBytesAreNone() {
    byte[] bytes = new byte[LuksHeader.BYTES];
    new Random(5).nextBytes(bytes);

    assertThat(LuksHeader.of(bytes)).isEmpty();
  }
}
