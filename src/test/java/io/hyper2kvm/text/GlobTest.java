package io.hyper2kvm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource({
    "*, '', true",
    "*, anything/at all, true",
    "'', '', true",
    "'', a, false",
    "?, '', false",
    "?, a, true",
    "db-*, db-01, true",
    "db-*, db, false",
    "db-??, db-01, true",
    "db-??, db-001, false",
    "*-db, my-db-db, true",
    "a*b*c, aXbXbXc, true",
    "a*b*c, aXbXbX, false",
    "*.*, a.b, true",
    "[a], a, false",
    "{a}, a, false",
    "a**b, ab, true",
    "disk1-partition?, disk1-partition10, false",
  })
  void starsAndQuestionMarksAloneAreWildcards(String pattern, String text, boolean fits) {
    assertThat(new Glob(pattern).matches(text)).isEqualTo(fits);
  }

  @Test
  void aHostilePatternTakesNoTime() {
    assertThatCode(() -> new Glob("*a".repeat(100) + "b").matches("a".repeat(5000)))
        .doesNotThrowAnyException();
    assertThat(new Glob("*a".repeat(100) + "b").matches("a".repeat(5000))).isFalse();
  }
}
