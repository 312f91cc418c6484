package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Routes of several files on one hook. */
@Tag("daemon")
class SeveralRoutesOnAHookTest {

  @TempDir Path folder;
  private RunningDaemon daemon;

  @BeforeEach
  void prepare() throws IOException {
    daemon = new RunningDaemon(folder);
  }

  /** A route that notes its call, and then goes on with a step. */
  private void route(String id, String source, String step) throws IOException {
    daemon.route(
        id + ".camel.yaml",
        """
        - route:
            id: %1$s
            description: Notes that it was called
            nodePrefixId: %1$s-
            from:
              uri: direct:%2$s
              steps:
                - setBody: {id: name, expression: {constant: {expression: "%1$s,"}}}
                - to: {id: note, uri: "file:%3$s", parameters: {fileName: calls, fileExist: Append}}
                - %4$s
        """
            .formatted(id, source, daemon.root, step));
  }

  private static final String GO_ON = "log: {id: end, message: goes on}";
  private static final String THROW =
      "throwException: {id: end, exceptionType: java.lang.IllegalStateException, message: no}";

  private void convert(RunningDaemon running) throws IOException {
    running.drop("web.json", running.single(running.disk("web"), "web"));
  }

  private List<String> calls() throws IOException {
    return List.of(Files.readString(daemon.root.resolve("calls")).split(","));
  }

  @Test
  void theyAreCalledInTheOrderOfTheirNames() throws Exception {
    route("a", "before-publish/second", GO_ON);
    route("b", "before-publish/first", GO_ON);
    route("c", "before-publish", GO_ON);
    try (RunningDaemon running = daemon.start()) {
      convert(running);
      running.awaitProcessed("web.json");

      assertThat(calls()).containsExactly("c", "b", "a");
    }
  }

  @Test
  void beforeThePublicationTheFirstThatThrowsIsTheLastOne() throws Exception {
    route("a", "before-convert/a", GO_ON);
    route("b", "before-convert/b", THROW);
    route("c", "before-convert/c", GO_ON);
    try (RunningDaemon running = daemon.start()) {
      convert(running);

      assertThat(running.error("web.json").path("error").asText())
          .isEqualTo("the route of direct:before-convert/b failed: no");
      assertThat(calls()).containsExactly("a", "b");
    }
  }

  @Test
  void atTheEndsEachIsCalledWhateverTheOthersThrow() throws Exception {
    for (String hook : List.of("on-vm-completed", "on-manifest-completed")) {
      route(hook + "-1", hook + "/1", THROW);
      route(hook + "-2", hook + "/2", THROW);
    }
    try (RunningDaemon running = daemon.start()) {
      convert(running);
      running.awaitProcessed("web.json");

      assertThat(calls())
          .containsExactly(
              "on-vm-completed-1",
              "on-vm-completed-2",
              "on-manifest-completed-1",
              "on-manifest-completed-2");
    }
  }

  @Test
  void aHookWhoseNameOnlyBeginsAlikeIsAnother() throws Exception {
    route("a", "before-convert-now", THROW);
    try (RunningDaemon running = daemon.start()) {
      convert(running);

      running.awaitProcessed("web.json");
    }
  }
}
