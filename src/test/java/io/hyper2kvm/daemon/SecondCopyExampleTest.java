package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example {@code second-copy} with a real folder as the second place. */
@Tag("daemon")
class SecondCopyExampleTest {

  @TempDir Path folder;
  private RunningDaemon daemon;
  private InstalledExamples example;

  @BeforeEach
  void prepare() throws IOException {
    daemon = new RunningDaemon(folder);
    example = new InstalledExamples(daemon, "second-copy").with("SECOND_COPY_DIR", second());
    Files.createDirectories(second());
  }

  private Path second() {
    return folder.resolve("second place");
  }

  /** A manifest named {@code move} of one VM with two disks. */
  private String twoDisks() throws IOException {
    return """
        {"version": "1.0", "batch": true, "name": "move", "vms": [{"name": "web", "pipeline": {
          "load": {"source_type": "raw", "source_path": "%s", "additional_disks": ["%s"]},
          "convert": {"output_format": "raw"}}}]}
        """
        .formatted(daemon.disk("web-1"), daemon.disk("web-2"));
  }

  @Test
  void everyDiskIsThereTwice() throws Exception {
    try (RunningDaemon running = example.start()) {
      running.drop("move.json", twoDisks());
      running.report("move.json");

      List<String> disks = RunningDaemon.images(running.output());
      assertThat(disks).containsExactly("web-converted-disk2.raw", "web-converted.raw");
      assertThat(RunningDaemon.names(second()))
          .containsExactly("move.web-converted-disk2.raw", "move.web-converted.raw");
      for (String disk : disks) {
        assertThat(second().resolve("move." + disk))
            .hasSameBinaryContentAs(running.output().resolve(disk));
      }
    }
  }

  @Test
  void aCopyThatDiffersFailsTheVmAndNothingIsPublished() throws Exception {
    // Of the second disk alone one byte is lost on the way.
    daemon.tools.executable(
        "cp",
        """
        #!/bin/sh
        /bin/cp "$@" || exit
        for copy; do :; done
        case $copy in *disk2*) truncate -s -1 "$copy" ;; esac
        """);
    try (RunningDaemon running = example.start()) {
      running.drop("move.json", twoDisks());

      JsonNode error = running.error("move.json");
      assertThat(error.path("code").asText()).isEqualTo("HOOK_FAILED");
      assertThat(error.path("error").asText()).contains("cmp exited with 1", "web-converted-disk2");
      assertThat(error.path("command").asText()).startsWith("cmp -- ");
      assertThat(error.path("exit_code").asInt()).isEqualTo(1);
      assertThat(RunningDaemon.names(running.output())).isEmpty();
      // What differs is there to be looked at, under no name that is taken for a copy.
      assertThat(RunningDaemon.names(second()))
          .containsExactly(".move.web-converted-disk2.raw.copying", "move.web-converted.raw");
    }
  }

  @Test
  void aSecondPlaceThatIsNotThereFailsTheVm() throws Exception {
    Files.delete(second());
    try (RunningDaemon running = example.start()) {
      running.drop("move.json", twoDisks());

      JsonNode error = running.error("move.json");
      assertThat(error.path("code").asText()).isEqualTo("HOOK_FAILED");
      assertThat(error.path("error").asText()).contains("cp exited with 1", "second place");
      assertThat(RunningDaemon.names(running.output())).isEmpty();
    }
  }

  @Test
  void anOlderCopyIsReplaced() throws Exception {
    Path old = Files.writeString(second().resolve("move.web-converted.raw"), "old");
    try (RunningDaemon running = example.start()) {
      running.drop("move.json", twoDisks());
      running.report("move.json");

      assertThat(old).hasSameBinaryContentAs(running.output().resolve("web-converted.raw"));
    }
  }
}
