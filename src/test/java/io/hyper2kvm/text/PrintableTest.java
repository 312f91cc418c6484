package io.hyper2kvm.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text from outside, made fit for messages, reports, logs and terminals. */
@Tag("property")
class PrintableTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[31mred", "\u0007bell", "\rback", "a\u0000b", "\u009b31m", "\u202egpj.exe",
        "\u2066isolate", "\u200bzero width", "\ufeffmark", "a\u2028b", "a\u2029b", "\ud800half",
        "a\nb", "\u007f", "\ue000private", "\uffffnone"
      })
  void whatControlsATerminalOrTheReadingIsReplacedInAGuestsText(String text) {
    assertThat(Printable.guestLine(text)).contains("\ufffd").hasSameSizeAs(text);
  }

  @Test
  void unsafeCharactersOfAValueAreWrittenAsTheirNumbers() {
    assertThat(Printable.of("a\n\u001b[31m\u202e\ud800b"))
        .isEqualTo("a\\u000a\\u001b[31m\\u202e\\ud800b");
  }

  @Test
  void unsafeCharactersBeyondThePlaneOfMostAreFoundToo() {
    assertThat(Printable.of("a" + Character.toString(0xe0041))).isEqualTo("a\\ue0041");
  }

  @Test
  void lettersOfEveryScriptStay() {
    assertThat(Printable.of("é日本語🖴")).isEqualTo("é日本語🖴");
  }

  @Test
  void aFilesNameIsAValue() {
    assertThat(Printable.of(Path.of("/a\tb"))).isEqualTo("/a\\u0009b");
  }

  @Test
  void aLongValueIsCutOffWithAnEllipsis() {
    assertThat(Printable.of("x".repeat(1000))).isEqualTo("x".repeat(300) + "…");
  }

  @Test
  void aLineOfItsOwnMayBeLonger() {
    assertThat(Printable.line("x".repeat(2000))).isEqualTo("x".repeat(2000));
    assertThat(Printable.line("x".repeat(2001))).isEqualTo("x".repeat(2000) + "…");
  }

  @Test
  void charactersOfTwoUnitsCountOnce() {
    assertThat(Printable.line("🖴🖴🖴", 3)).isEqualTo("🖴🖴🖴");
    assertThat(Printable.line("🖴🖴🖴", 2)).isEqualTo("🖴🖴…");
  }

  @Test
  void linesAreShownOneByOne() {
    assertThat(Printable.lines("a\tb\nc\nd", 2)).containsExactly("a\\u0009b", "c");
  }

  @Test
  void ofManyNamesTheFirstTenAreShown() {
    assertThat(Printable.names(List.of())).isEqualTo("nothing");
    assertThat(Printable.names(List.of("a", "b\n"))).isEqualTo("a, b\\u000a");
    assertThat(Printable.names(Collections.nCopies(12, "x")))
        .isEqualTo("x, x, x, x, x, x, x, x, x, x and 2 more");
  }

  @Test
  void aGuestsTextKeepsItsLineEndsAndTabsOnly() {
    assertThat(Printable.guestText("a\tb\nc\rd")).isEqualTo("a\tb\nc\ufffdd");
  }

  @Test
  void aGuestsLongTextIsCutOff() {
    assertThat(Printable.guestLine("x".repeat(100_000))).hasSize(4000);
  }

  @Test
  void bytesAreShownAsTheUtf8TheyWere() {
    assertThat(Printable.guestBytes("Gr\u00c3\u00bc\u00c3\u009fe\r\nb\n")).isEqualTo("Grüße\\nb");
    assertThat(Printable.guestBytes("latin \u00fc")).isEqualTo("latin \ufffd");
  }

  @Test
  void aReplacedTextKeepsItsLineEndsAndItsLength() {
    assertThat(Printable.replaced("a\u001bb\nc\td", '?')).isEqualTo("a?b\nc?d");
  }

  @Property(tries = 1000)
  void aLineIsOneLineOfSafeCharacters(@ForAll String text) {
    assertThat(Printable.line(text).codePoints()).noneMatch(Printable::isUnsafe);
    assertThat(Printable.guestLine(text).codePoints())
        .allMatch(c -> c == '\t' || !Printable.isUnsafe(c));
  }
}
