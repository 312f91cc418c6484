package io.hyper2kvm.guest.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.windows.RegistryKeys.Difference;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryKeysTest {

  private static RegistryKeys keys(String path, Map<String, String> values) {
    return new RegistryKeys(Map.of(path, values));
  }

  @Test
  void aDifferenceHasKeyNameBeforeAndAfter() {
    RegistryKeys before = keys("A\\b", Map.of("Start", "3", "Gone", "x", "Same", "1"));
    RegistryKeys after =
        keys("a\\B", Map.of("start", "0", "New", "y", "Same", "1"))
            .with(keys("C", Map.of("", "default")));

    assertThat(after.since(before))
        .extracting(Difference::name, Difference::before, Difference::after)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("Gone", "x", ""),
            org.assertj.core.groups.Tuple.tuple("New", "", "y"),
            org.assertj.core.groups.Tuple.tuple("Start", "3", "0"),
            org.assertj.core.groups.Tuple.tuple("", "", "default"));
  }

  @Test
  void aKeyThatIsReadAgainIsAsItIsThen() {
    RegistryKeys both = keys("A", Map.of("x", "1", "y", "1")).with(keys("A", Map.of("x", "2")));

    assertThat(both.values("a")).containsExactly(Map.entry("x", "2"));
  }

  /** The type's number and the content in hexadecimal digits. */
  @ParameterizedTest
  @CsvSource({
    "4, 03000000, 3",
    "4, ffffffff, 4294967295",
    "4, 0300, 03 00",
    "1, 61006200000063 00, ab",
    "2, 25004100250000 00, %A%",
    "7, 61000000620000000000, 'a, b'",
    "3, 01ff0000, 01 ff 00 00",
    "0, '', ''",
    "1, 61, ''",
    "11, 0100000000000000, 01 00 00 00 00 00 00 00",
  })
  void everyTypeIsShownAsText(int type, String hex, String text) {
    byte[] content = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));

    assertThat(new RegistryValue(type, content).shown()).isEqualTo(text);
  }

  @Test
  void whatIsShownIsBounded() {
    byte[] large = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_16LE);

    for (int type = 0; type < 12; type++) {
      assertThat(new RegistryValue(type, large).shown().length()).isLessThanOrEqualTo(8192);
    }
  }
}
