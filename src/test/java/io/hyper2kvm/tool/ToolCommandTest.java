package io.hyper2kvm.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("property")
class ToolCommandTest {

  private final Commands commands = Commands.in(Path.of("/var/tmp"));

  @Test
  void aRelativeDirectoryIsRefused() {
    assertThatThrownBy(() -> Commands.in(Path.of("var")).of("true"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("directory is not absolute: var");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void aBlankExecutableIsRefused(String executable) {
    assertThatThrownBy(() -> commands.of(executable)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void aTimeOutThatIsNotPositiveIsRefused(long seconds) {
    assertThatThrownBy(() -> commands.timeout(Duration.ofSeconds(seconds)).of("true"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("timeout");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -5})
  void aBoundThatIsNotPositiveIsRefused(int bytes) {
    assertThatThrownBy(() -> commands.maxStdoutBytes(bytes).of("true"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxStdoutBytes");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "/out/web-1.qcow2, /out/web-1.qcow2",
        "two words, 'two words'",
        "`` , ''",
        "it's, 'it'\\''s'",
        "$(id), '$(id)'",
        "a;b, 'a;b'"
      })
  void wordsThatNeedItAreShownInQuotes(String argument, String shown) {
    assertThat(commands.of("qemu-img", argument).display()).isEqualTo("qemu-img " + shown);
  }

  @Test
  void anExecutableWithASpaceIsShownInQuotes() {
    assertThat(commands.of("/opt/my tools/qemu-img").display())
        .isEqualTo("'/opt/my tools/qemu-img'");
  }

  /** Pasted into a shell, the shown command is the command that was run. */
  @Property
  void aShellReadsTheShownArgumentAsItWas(@ForAll String text) throws Exception {
    String argument =
        new String(text.replace("\0", "").getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

    String shown = commands.of("/usr/bin/printf", "%s", argument).display();

    assertThat(new ToolRunner().run(commands.of("/bin/bash", "-c", shown)).text())
        .isEqualTo(argument);
  }
}
