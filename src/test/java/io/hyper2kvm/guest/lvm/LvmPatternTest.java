package io.hyper2kvm.guest.lvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LvmPatternTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "sda2 /dev/sda2 true",
        "sda2 /dev/sda20 true",
        "^/dev/sda2$ /dev/sda20 false",
        "^/dev/sda2$ /dev/sda2 true",
        "^sda /dev/sda false",
        ".* /dev/vda true",
        "^/dev/[sv]d[a-z][0-9]*$ /dev/vdb12 true",
        "^/dev/[^s]d[a-z] /dev/sda false",
        "^/dev/(sda|vda)[12]?$ /dev/vda2 true",
        "^/dev/(sda|vda)[12]?$ /dev/vda22 false",
        "cciss/c0d0p[0-9]+ /dev/cciss/c0d0p2 true",
        "cciss/c0d0p[0-9]+ /dev/cciss/c0d0p false",
        "/dev/sda{1} /dev/sda1 false",
        "scsi\\.3 /dev/scsi.3 true",
        "scsi\\.3 /dev/scsix3 false",
        "(a*)*b aaaaaaaac false",
        "[]x]+$ a]x] true"
      })
  void patternIsFoundAsLvmFindsIt(String pattern, String name, boolean found) {
    assertThat(LvmPattern.of(pattern).orElseThrow().isFoundIn(name)).isEqualTo(found);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a", "a)", "[a", "*a", "a\\", "[z-a]", "\u0400"})
  void whatIsNoPatternIsNotGuessed(String text) {
    assertThat(LvmPattern.of(text)).isEmpty();
  }

  @Test
  void hostilePatternsTakeNoTime() {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          LvmPattern.of("(a*)*".repeat(90)).orElseThrow().isFoundIn("a".repeat(500) + "b");
          LvmPattern.of("(".repeat(40) + "a" + ")*".repeat(40))
              .orElseThrow()
              .isFoundIn("a".repeat(500) + "b");
          assertThat(LvmPattern.of("(".repeat(400))).isEmpty();
        });
  }
}
