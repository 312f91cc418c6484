package io.hyper2kvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.cli.output.RoutesFinding;
import io.hyper2kvm.config.ConfigKey;
import io.hyper2kvm.config.ConfigSources;
import io.hyper2kvm.config.DaemonConfigLoader;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.doctor.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutesCommandTest {

  @TempDir Path folder;
  private CommandRun run;

  @BeforeEach
  void copyOfTheShippedRoutes() throws Exception {
    folder = folder.toRealPath();
    run = new CommandRun(folder);
    Path routes = Files.createDirectories(folder.resolve("routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        Files.copy(file, routes.resolve(file.getFileName()));
      }
    }
  }

  /** The line that is broken. */
  private int breakOne() throws Exception {
    Path file = folder.resolve("routes/vm-pipeline.camel.yaml");
    Files.writeString(
        file, Files.readString(file).replace("direct:stage-convert", "direct:stage-konvert"));
    return lineOf("vm-pipeline", "direct:stage-konvert");
  }

  /** The first line of a route file that has this text, from 1. */
  private int lineOf(String route, String text) throws Exception {
    List<String> lines =
        Files.readAllLines(folder.resolve("routes/%s.camel.yaml".formatted(route)));
    return 1
        + IntStream.range(0, lines.size())
            .filter(line -> lines.get(line).contains(text))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void routesInOrderAreExitCodeZero() {
    assertThat(run.execute("routes", "check")).isZero();
    assertThat(run.out()).isEqualTo(folder + "/routes: the routes are in order\n");
  }

  @Test
  void brokenRoutesAreExitCodeOneWithFileAndLine() throws Exception {
    int line = breakOne();
    assertThat(run.execute("routes", "check", "--routes-dir", "routes")).isEqualTo(1);
    assertThat(run.out())
        .isEqualTo(
            """
            %1$s/routes/vm-pipeline.camel.yaml:%2$d: no route begins with direct:stage-konvert; \
            did you mean direct:stage-convert?
            %1$s/routes: 1 error; a daemon would not start
            """
                .formatted(folder, line));
  }

  @Test
  void jsonIsTheSameForAProgram() throws Exception {
    int line = breakOne();
    assertThat(run.execute("routes", "check", "--output", "json")).isEqualTo(1);
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.path("ok").asBoolean()).isFalse();
    assertThat(json.path("problems")).hasSize(1);
    assertThat(json.path("problems").path(0).path("line").asInt()).isEqualTo(line);
    assertThat(json.path("problems").path(0).path("severity").asText()).isEqualTo("error");
  }

  private void extraFiles() throws Exception {
    Path extra = Files.createDirectories(folder.resolve("routes.d"));
    Files.copy(
        folder.resolve("routes/stage-fix.camel.yaml"), extra.resolve("stage-fix.camel.yaml"));
    Files.writeString(
        extra.resolve("notes.camel.yaml"),
        """
        - route:
            id: notes
            from:
              uri: direct:before-publish
              steps:
                - log: {message: x}
        """);
  }

  @Test
  void theFileOfEachRouteIsTold() throws Exception {
    extraFiles();
    assertThat(run.execute("routes", "check", "--extra-routes-dir", "routes.d")).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            %1$s/routes.d/notes.camel.yaml: notes
            %1$s/routes.d/stage-fix.camel.yaml: stage-fix, in place of %1$s/routes/stage-fix.camel.yaml
            %1$s/routes: the routes are in order
            """
                .formatted(folder));
  }

  @Test
  void theFileOfEachRouteIsToldToAProgram() throws Exception {
    extraFiles();
    assertThat(run.execute("routes", "check", "--extra-routes-dir", "routes.d", "--output", "json"))
        .isZero();
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.path("extra_routes_dir").asText()).isEqualTo(folder + "/routes.d");
    assertThat(json.path("files"))
        .contains(
            new ObjectMapper()
                .readTree(
                    """
                    {"file": "%1$s/routes.d/stage-fix.camel.yaml",
                     "in_place_of": "%1$s/routes/stage-fix.camel.yaml",
                     "routes": ["stage-fix"]}
                    """
                        .formatted(folder)));
  }

  @Test
  void folderThatIsNotThereIsAProblem() {
    assertThat(run.execute("routes", "check", "--routes-dir", "none")).isEqualTo(1);
    assertThat(run.out()).contains("the folder of the routes cannot be read");
  }

  @ParameterizedTest
  @CsvSource({"routes, a command is needed", "routes chek, check", "routes check x, Unmatched"})
  void wrongUseIsExitCodeTwo(String arguments, String reason) {
    assertThat(run.execute(arguments.split(" "))).isEqualTo(2);
    assertThat(run.err()).contains(reason);
  }

  private Finding toldByTheDoctor() throws Exception {
    Map<ConfigKey<?>, List<String>> flags =
        Map.of(
            WorkflowConfig.MANIFEST_WORKFLOW_DIR, List.of("flow"),
            OutputConfig.OUTPUT_DIR, List.of("out"));
    return RoutesFinding.of(
        DaemonConfigLoader.read(
                new ConfigSources(
                    Optional.empty(), Map.of(), flags, Map.of(), folder, Optional.of(folder)))
            .config());
  }

  @Test
  void routesInOrderAreWellForTheDoctor() throws Exception {
    assertThat(toldByTheDoctor())
        .isEqualTo(new Finding("Routes", Finding.Level.OK, folder + "/routes", ""));
  }

  @Test
  void brokenRoutesFailForTheDoctor() throws Exception {
    breakOne();
    assertThat(toldByTheDoctor().level()).isEqualTo(Finding.Level.FAIL);
  }
}
