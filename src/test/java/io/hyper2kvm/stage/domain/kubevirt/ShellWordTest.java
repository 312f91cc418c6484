package io.hyper2kvm.stage.domain.kubevirt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "/out/web-1.qcow2, /out/web-1.qcow2",
        "/out/a b.qcow2, '/out/a b.qcow2'",
        "/out/it's, '/out/it'\\''s'",
        "/out/$(reboot), '/out/$(reboot)'",
        "/out/ü.qcow2, '/out/ü.qcow2'",
        "/out/a;b, '/out/a;b'",
      })
  void whatAShellWouldReadOtherwiseIsQuoted(String text, String word) {
    assertThat(ShellWord.of(text)).isEqualTo(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/out/a\nkind: Pod", "/out/\u2028x", "/out/\u202egnp", "/out/a\u0085b", "\t"})
  void aWordIsOneLineThatShowsWhatItIs(String text) {
    assertThat(ShellWord.of(text)).startsWith("$'").matches("[ -~]+");
  }
}
