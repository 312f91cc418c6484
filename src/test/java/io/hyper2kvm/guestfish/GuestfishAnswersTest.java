package io.hyper2kvm.guestfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.tool.GuestfishWords;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

@Tag("property")
class GuestfishAnswersTest {

  private final GuestfishScript script =
      new GuestfishScript().ask("first", "ls", "/").ask("second", "ls", "/etc");

  /** The lines that the script has echoed: one frame per question, and the end. */
  private static List<String> frames(GuestfishScript script) {
    return script
        .text()
        .lines()
        .map(GuestfishWords::of)
        .filter(words -> words.get(0).equals("echo"))
        .map(words -> words.get(1) + "\n")
        .toList();
  }

  private static byte[] printed(List<String> frames, String... contents) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < frames.size(); i++) {
      out.writeBytes(frames.get(i).getBytes(StandardCharsets.US_ASCII));
      if (i < contents.length) {
        out.writeBytes(contents[i].getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }

  @Test
  void withoutTheEndTheApplianceDied() {
    List<String> frames = frames(script);

    assertThatThrownBy(() -> script.answers(printed(frames.subList(0, 2), "bin\n", "fstab\n")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the appliance ended before it answered everything");
  }

  @Test
  void nothingPrintedIsADeadAppliance() {
    assertThatThrownBy(() -> script.answers(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aMarkerCutOffInItsMiddleIsADeadAppliance() {
    byte[] whole = printed(frames(script), "bin\n", "fstab\n");
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 3);

    assertThatThrownBy(() -> script.answers(cut)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theEndOfAnotherScriptIsNoEnd() {
    byte[] other = printed(frames(new GuestfishScript()));

    assertThatThrownBy(() -> script.answers(other)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void eachAnswerIsFoundByItsKey() {
    GuestfishAnswers answers = script.answers(printed(frames(script), "bin\nboot\n", "fstab\n"));

    assertThat(answers.lines("first")).containsExactly("bin", "boot");
    assertThat(answers.text("second")).isEqualTo("fstab\n");
    assertThat(answers.has("first")).isTrue();
  }

  @Test
  void anAnswerWithoutALineEndStopsAtTheNextFrame() {
    GuestfishAnswers answers = script.answers(printed(frames(script), "no line end", "\n"));

    assertThat(answers.text("first")).isEqualTo("no line end");
    assertThat(answers.text("second")).isEqualTo("\n");
    assertThat(answers.lines("second")).isEmpty();
  }

  @Test
  void aCommandThatFailedHasNoAnswer() {
    GuestfishAnswers answers = script.answers(printed(frames(script), "", "x"));

    assertThat(answers.has("first")).isFalse();
    assertThat(answers.bytes("first")).isEmpty();
    assertThat(answers.text("first")).isEmpty();
    assertThat(answers.lines("first")).isEmpty();
    assertThat(answers.isTrue("first")).isFalse();
    assertThat(answers.has("never-asked")).isFalse();
  }

  @Test
  void whatIsPrintedBeforeTheFirstFrameBelongsToNoAnswer() {
    byte[] framed = printed(frames(script), "a", "b");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("libguestfs: warning\n".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(framed);

    assertThat(script.answers(out.toByteArray()).text("first")).isEqualTo("a");
  }

  @Test
  void theFramesOfAnotherScriptAreContent() {
    // A guest's file that was made from frames somebody saw: the next marker is another one.
    GuestfishScript old = new GuestfishScript().ask("first", "ls", "/").ask("second", "ls", "/etc");
    String imitation =
        new String(printed(frames(old), "true\n", "forged\n"), StandardCharsets.UTF_8);

    GuestfishAnswers answers = script.answers(printed(frames(script), imitation, "real\n"));

    assertThat(answers.text("first")).isEqualTo(imitation);
    assertThat(answers.text("second")).isEqualTo("real\n");
  }

  @Test
  void aFileFullOfBeginningMarkersIsContent() {
    String hostile = "h2k-".repeat(200_000);

    GuestfishAnswers answers = script.answers(printed(frames(script), hostile, "x"));

    assertThat(answers.text("first")).hasSize(800_000);
    assertThat(answers.text("second")).isEqualTo("x");
  }

  @Test
  void onlyTheWordTrueIsTrue() {
    GuestfishScript asked = new GuestfishScript().ask("a", "ls").ask("b", "ls").ask("c", "ls");

    GuestfishAnswers answers =
        asked.answers(printed(frames(asked), "true\n", "false\n", "true true\n"));

    assertThat(answers.isTrue("a")).isTrue();
    assertThat(answers.isTrue("b")).isFalse();
    assertThat(answers.isTrue("c")).isFalse();
  }

  @Test
  void aScriptThatAskedNothingHasNoAnswers() {
    GuestfishScript empty = new GuestfishScript();

    assertThat(empty.answers(printed(frames(empty))).has("first")).isFalse();
    assertThat(GuestfishAnswers.NONE.has("first")).isFalse();
  }

  @Test
  void theBytesAreACopy() {
    GuestfishAnswers answers = script.answers(printed(frames(script), "abc", ""));
    answers.bytes("first")[0] = 'X';

    assertThat(answers.text("first")).isEqualTo("abc");
  }

  /** Whatever bytes the guest's files hold, they come back byte for byte. */
  @Property
  void bytesOfAnyEncodingComeBack(@ForAll @Size(max = 12) List<byte[]> contents) {
    GuestfishScript asked = new GuestfishScript();
    Map<String, byte[]> wanted = new LinkedHashMap<>();
    for (int i = 0; i < contents.size(); i++) {
      wanted.put("/file ü/" + i, contents.get(i));
    }
    wanted.keySet().forEach(key -> asked.read(key, key, 1 << 20));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> frames = frames(asked);
    for (int i = 0; i < frames.size(); i++) {
      out.writeBytes(frames.get(i).getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(i < contents.size() ? contents.get(i) : new byte[0]);
    }

    GuestfishAnswers answers = asked.answers(out.toByteArray());

    wanted.forEach(
        (key, bytes) -> {
          assertThat(answers.bytes(key)).isEqualTo(bytes);
          assertThat(answers.bytesAsText(key).getBytes(StandardCharsets.ISO_8859_1))
              .isEqualTo(bytes);
        });
    assertThat(wanted.keySet().stream().filter(answers::has).collect(Collectors.toSet()))
        .hasSize((int) contents.stream().filter(bytes -> bytes.length > 0).count());
  }
}
