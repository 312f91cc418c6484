package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon with files in extra_routes_dir. */
@Tag("daemon")
class ExtraRoutesRunTest {

  private static final String NOTE =
      """
      - route:
          id: note
          description: Leaves a note for each VM before its publication
          nodePrefixId: note-
          from:
            uri: direct:before-publish
            steps:
              - setBody: {id: text, expression: {simple: {expression: "${variable.vmJob.name}"}}}
              - to: {id: file, uri: "file:%s", parameters: {fileName: note.txt}}
      """;

  @TempDir Path folder;
  RunningDaemon daemon;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
  }

  private void convertsAndNotes() throws Exception {
    daemon.route("note.camel.yaml", NOTE.formatted(daemon.root));
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      running.awaitProcessed("web.json");

      assertThat(running.root.resolve("note.txt")).hasContent("web");
    }
  }

  @Test
  void aFileAddsItsRoutes() throws Exception {
    convertsAndNotes();
  }

  /** What an update of the program does to an operator's file: nothing. */
  @Test
  void aFileRunsUnchangedWhenShippedRoutesGainAStep() throws Exception {
    Path updated = Files.createDirectories(daemon.root.resolve("updated"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        Files.writeString(
            updated.resolve(file.getFileName()),
            Files.readString(file)
                .replaceFirst(
                    "(?m)^( +)(- (?:to|bean): .*)$", "$1- log: {message: a new step}\n$1$2"));
      }
    }
    daemon.routes = updated;
    convertsAndNotes();
  }

  @Test
  void aFileOfAShippedNameStandsInForIt() throws Exception {
    daemon.route(
        "stage-validate.camel.yaml",
        """
        - route:
            id: stage-validate
            description: Checks nothing at all
            nodePrefixId: validate-
            from:
              uri: direct:stage-validate
              steps:
                - log: {id: nothing, message: nothing is checked}
        """);
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));

      assertThat(running.report("web.json").path("stages").path("validate").path("status").asText())
          .isEqualTo("skipped");
      assertThat(running.tools.calls()).noneMatch(call -> call.startsWith("compare"));
    }
  }

  @Test
  void withoutTheFolderTheShippedRoutesRunAlone() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));

      running.awaitProcessed("web.json");
      assertThat(running.routesD()).doesNotExist();
    }
  }

  @Test
  void aBrokenFileStopsTheStart() throws Exception {
    daemon.route("note.camel.yaml", "- route: {id: note, from: {uri: 'nothing:here', steps: []}}");

    assertThatThrownBy(() -> daemon.prepare().start()).hasStackTraceContaining("nothing:here");
  }
}
