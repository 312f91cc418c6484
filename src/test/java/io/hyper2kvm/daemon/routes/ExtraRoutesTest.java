package io.hyper2kvm.daemon.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.daemon.DaemonUnderCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the check says of an operator's own files, beside the shipped ones. */
class ExtraRoutesTest {

  private static final Path SHIPPED = Path.of("routes").toAbsolutePath();

  @TempDir Path folder;
  private Path extra;

  @BeforeEach
  void ownFolder() throws IOException {
    extra = Files.createDirectories(folder.resolve("routes.d"));
  }

  private List<String> problems() {
    return DaemonUnderCheck.problems(folder, SHIPPED).stream()
        .map(problem -> problem.toString().replace(extra + "/", ""))
        .toList();
  }

  private void write(String file, String id, String from) throws IOException {
    Files.writeString(
        extra.resolve(file),
        """
        - route:
            id: %s
            from:
              uri: %s
              steps:
                - log: {message: x}
        """
            .formatted(id, from));
  }

  @Test
  void aRouteOnAHookIsInOrder() throws IOException {
    write("mine.camel.yaml", "mine", "direct:before-publish");
    assertThat(problems()).isEmpty();
  }

  @Test
  void aMistakenHookIsNamed() throws IOException {
    write("mine.camel.yaml", "mine", "direct:before-publsh");
    assertThat(problems())
        .containsExactly(
            "mine.camel.yaml:4: warning: nothing is sent to direct:before-publsh: this route never"
                + " runs; did you mean direct:before-publish?");
  }

  @Test
  void aHookBeginsWithDirect() throws IOException {
    write("mine.camel.yaml", "mine", "hook:before-publish");
    assertThat(problems())
        .anyMatch(
            problem ->
                problem.endsWith(
                    "the route of a hook begins with direct:before-publish, not with"
                        + " hook:before-publish"));
  }

  @Test
  void aHookHasOneRoute() throws IOException {
    write("a.camel.yaml", "a", "direct:before-publish");
    write("b.camel.yaml", "b", "direct:before-publish");
    assertThat(problems())
        .containsExactly(
            "b.camel.yaml:3: two routes begin with direct:before-publish; the other one stands at"
                + " a.camel.yaml:2");
  }

  @Test
  void aHookThatAReplacedFileNoLongerCallsIsNamed() throws IOException {
    Files.writeString(
        extra.resolve("publish.camel.yaml"),
        Files.readString(SHIPPED.resolve("publish.camel.yaml"))
            .replaceFirst(".*hook:before-publish.*\n", ""));
    write("mine.camel.yaml", "mine", "direct:before-publish");
    assertThat(problems())
        .containsExactly(
            "mine.camel.yaml:4: warning: the routes do not call the hook direct:before-publish:"
                + " this route never runs");
  }

  @Test
  void aFileOfAShippedNameStandsInForIt() throws IOException {
    Files.writeString(extra.resolve("vm-pipeline.camel.yaml"), "- route: {id: mine\n");
    assertThat(problems()).contains(SHIPPED + ": the route vm-pipeline is missing");
  }

  @Test
  void aFileThatAnybodyMayWriteToIsRefused() throws IOException {
    write("mine.camel.yaml", "mine", "direct:before-publish");
    Files.setPosixFilePermissions(
        extra.resolve("mine.camel.yaml"), PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(problems())
        .containsExactly(
            "mine.camel.yaml: anybody may write to it, and routes have the daemon's rights");
  }

  @Test
  void otherFilesAreLeftAlone() throws IOException {
    Files.writeString(extra.resolve("README.md"), "- route: {");
    Files.writeString(extra.resolve("mine.camel.yaml.disabled"), "- route: {");
    assertThat(problems()).isEmpty();
  }
}
