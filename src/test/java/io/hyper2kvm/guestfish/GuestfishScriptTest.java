package io.hyper2kvm.guestfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.tool.GuestfishWords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("property")
class GuestfishScriptTest {

  private static List<List<String>> lines(GuestfishScript script) {
    return script.text().lines().map(GuestfishWords::of).toList();
  }

  @Test
  void aNulIsRefused() {
    GuestfishScript script = new GuestfishScript();

    assertThatThrownBy(() -> script.run("ls", "/a\0b"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aKeyThatIsThereAlreadyIsRefused() {
    GuestfishScript script = new GuestfishScript().ask("os", "ls", "/");

    assertThatThrownBy(() -> script.ask("os", "ls", "/etc"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the key is there already: os");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!rm", "ls /etc", "<script", "-ls", "ls\nrm", "Ls", "#ls", "ls;rm"})
  void whatIsNoCommandIsRefused(String command) {
    GuestfishScript script = new GuestfishScript();

    assertThatThrownBy(() -> script.run(command)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aScriptThatAskedNothingIsEmptyAndStillEndsWithItsMarker() {
    GuestfishScript script = new GuestfishScript();

    assertThat(script.isEmpty()).isTrue();
    assertThat(lines(script)).singleElement().satisfies(l -> assertThat(l.get(1)).endsWith(" end"));
  }

  @Test
  void everyCommandMayFailWithoutEndingTheListener() {
    GuestfishScript script =
        new GuestfishScript().run("mount-ro", "/dev/sda1", "/").ask("etc", "is-dir", "/etc");

    assertThat(lines(script))
        .extracting(words -> words.get(0))
        .containsExactly("-mount-ro", "echo", "-is-dir", "echo");
  }

  @Test
  void aReadAsksForNoMoreThanTheProtocolAllows() {
    GuestfishScript script =
        new GuestfishScript().read("a", "/a", 100).read("b", "/b", Integer.MAX_VALUE);

    assertThat(lines(script))
        .contains(List.of("-pread", "/a", "100", "0"), List.of("-pread", "/b", "2097152", "0"));
  }

  @Test
  void aDownloadIsBounded() {
    GuestfishScript script =
        new GuestfishScript().download("/boot/x y", Path.of("/job/im age"), 1L << 30);

    assertThat(lines(script))
        .contains(List.of("-download-offset", "/boot/x y", "/job/im age", "0", "1073741824"));
  }

  @Test
  void anArgumentThatLooksLikeCommandsStaysOneArgument() {
    String hostile = "x\" \n-rm-rf \"/\n!touch /tmp/x\n<! id";
    GuestfishScript script = new GuestfishScript().run("cat", hostile);

    assertThat(script.text().lines()).hasSize(2);
    assertThat(lines(script).get(0)).containsExactly("-cat", hostile);
  }

  @Test
  void twoScriptsHaveDifferentMarkers() {
    assertThat(new GuestfishScript().text()).isNotEqualTo(new GuestfishScript().text());
  }

  /** Any text without NUL reaches guestfish as itself, by guestfish's own rules. */
  @Property
  void quotedTextSurvivesGuestfishsRules(@ForAll @Size(max = 20) List<String> texts) {
    String[] arguments = texts.stream().map(GuestfishScriptTest::wellFormed).toArray(String[]::new);

    GuestfishScript script = new GuestfishScript().run("cat", arguments);

    List<String> words = GuestfishWords.of(script.text().lines().findFirst().orElseThrow());
    assertThat(words.subList(1, words.size())).containsExactly(arguments);
  }

  @Property
  void theScriptIsPrintableAscii(@ForAll String text) {
    String script = new GuestfishScript().run("cat", wellFormed(text)).text();

    assertThat(script.replace("\n", "")).matches("[ -~]*");
    assertThat(script.lines()).hasSize(2);
  }

  /** Without NUL, and without half surrogate pairs, which no file name has. */
  private static String wellFormed(String text) {
    return new String(
        text.replace("\0", "").getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
