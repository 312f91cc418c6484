package io.hyper2kvm.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "1023, 1023 bytes",
    "1536, 1.5 KiB",
    "155459072, 148.3 MiB",
    "3298534883328, 3.0 TiB"
  })
  void sizes(long bytes, String text) {
    assertThat(Words.size(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0.25, 0.3 s", "59.94, 59.9 s", "184.3, 3m 4s", "7500, 2h 5m"})
  void times(double seconds, String text) {
    assertThat(Words.time(seconds)).isEqualTo(text);
  }

  @Test
  void whatMovesTheCursorIsAQuestionMark() {
    assertThat(Words.harmless("a\u001b[31mb\u202ec\td\ne")).isEqualTo("a?[31mb?c    d\ne");
  }
}
