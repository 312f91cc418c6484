package io.hyper2kvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {

  @TempDir Path folder;

  /** What bash would offer for the words, the last of which is not finished. */
  private String offered(String... words) throws Exception {
    ClientFixture client = new ClientFixture(folder);
    assertThat(client.run("completion")).isZero();
    Path script = Files.writeString(folder.resolve("completion"), client.rawOut());
    String call =
        ". '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_hyper2kvm; echo \"${COMPREPLY[@]}\""
            .formatted(script, String.join(" ", words), words.length - 1);
    Process bash =
        new ProcessBuilder("bash", "-c", call)
            // compopt warns, because no shell is completing here.
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    bash.getOutputStream().close();
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(answer).isZero();
    return answer.strip();
  }

  @Test
  void commandsAreCompleted() throws Exception {
    assertThat(offered("hyper2kvm", "st")).isEqualTo("status");
  }

  @Test
  void optionsFromTheConfigurationAreCompleted() throws Exception {
    assertThat(offered("hyper2kvm", "daemon", "--convert-t"))
        .isEqualTo("--convert-timeout --convert-threads");
  }

  @Test
  void wordsOfAnOptionAreCompleted() throws Exception {
    assertThat(offered("hyper2kvm", "status", "--output", "j")).isEqualTo("json");
  }

  @Test
  void filesAreLeftToTheShell() throws Exception {
    assertThat(offered("hyper2kvm", "submit", "we")).isEmpty();
    assertThat(Files.readString(folder.resolve("completion")))
        .contains("-o default hyper2kvm")
        .doesNotContain("compopt +o default");
  }
}
