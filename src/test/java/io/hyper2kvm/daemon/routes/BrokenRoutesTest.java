package io.hyper2kvm.daemon.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.daemon.DaemonUnderCheck;
import io.hyper2kvm.daemon.exec.ToolComponent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped routes, each time with one mistake of an operator's. */
class BrokenRoutesTest {

  private static final Pattern PLACE = Pattern.compile("([a-z-]+)\\.camel\\.yaml:(\\d+)");

  private static final Pattern ID = Pattern.compile("\\bid: ([a-z-]+)");

  /** Lines above and below a mistake that are counted from it. */
  private static final int NEAR = 4;

  @TempDir Path folder;
  private Path routes;

  @BeforeEach
  void copyOfTheShippedRoutes() throws IOException {
    routes = Files.createDirectory(folder.resolve("routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path file : shipped.toList()) {
        Files.copy(file, routes.resolve(file.getFileName()));
      }
    }
  }

  /** The problems, as a person reads them, without the folder's name. */
  private List<String> problems() throws IOException {
    return DaemonUnderCheck.problems(folder.resolve("daemon"), routes).stream()
        .map(problem -> problem.toString().replace(routes + "/", "").replace(routes + ":", "*:"))
        .toList();
  }

  /**
   * A problem with its places as a row of the table states them: {@code #} is the line of the
   * mistake, {@code #-2} the line two above it; of a line further away, the id in it, or the line.
   */
  private String placed(String problem, String file, int mistake) {
    return PLACE
        .matcher(problem)
        .replaceAll(
            place -> {
              int distance = Integer.parseInt(place.group(2)) - mistake;
              boolean near = place.group(1).equals(file) && Math.abs(distance) <= NEAR;
              String where =
                  near
                      ? "#" + (distance == 0 ? "" : "%+d".formatted(distance))
                      : line(place.group(1), Integer.parseInt(place.group(2)));
              return Matcher.quoteReplacement(place.group(1) + ".camel.yaml:" + where);
            });
  }

  private String line(String file, int number) {
    try {
      Path path = routes.resolve(file + ".camel.yaml");
      String text = Files.readAllLines(path).get(number - 1).strip();
      Matcher id = ID.matcher(text);
      return "<%s>".formatted(id.find() ? id.group(1) : text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The line of the mistake. */
  private int replace(String file, String what, String with) throws IOException {
    Path path = routes.resolve(file + ".camel.yaml");
    String text = Files.readString(path);
    assertThat(text).contains(what);
    int at = text.indexOf(what);
    Files.writeString(path, text.substring(0, at) + with + text.substring(at + what.length()));
    return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(MISTAKES).map(row -> Arguments.of((Object[]) row));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("mistakes")
  void mistakeIsNamedWithFileAndLine(String file, String what, String with, String expected)
      throws IOException {
    int line = replace(file, what, with);
    assertThat(problems())
        .extracting(problem -> placed(problem, file, line))
        .containsExactlyInAnyOrder(expected.split("\n"));
  }

  @Test
  void allMistakesOfAllFilesAreToldAtOnce() throws IOException {
    replace("stage-fix", "ref: fixStage", "ref: fixStagee");
    replace("stage-fix", "method: \"finish(", "method: \"finis(");
    replace("stage-load", "{id: info, uri: exec:qemu-img}", EXEC.formatted("exitValues: 0"));
    replace("vm-pipeline", "direct:stage-load", "direct:stage-lode");
    Files.writeString(routes.resolve("mine.camel.yaml"), "- route: {id: a\n");
    assertThat(problems()).hasSize(5);
  }

  @Test
  void noRouteIsStartedAndNoFolderMade() throws IOException {
    Path inbox = folder.resolve("inbox/deep");
    Files.writeString(
        routes.resolve("mine.camel.yaml"),
        """
        - route:
            id: mine
            from:
              uri: file:%s
              parameters: {autoCreate: true}
              steps:
                - to:
                    uri: file:%s
        """
            .formatted(inbox, folder.resolve("outbox")));
    assertThat(problems()).isEmpty();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(routes);
    }
  }

  @Test
  void aliasesThatExplodeAreRefused() throws IOException {
    StringBuilder bomb = new StringBuilder("- &a [x]\n");
    for (char c = 'b'; c < 'z'; c++) {
      bomb.append("- &%c [*%c, *%c, *%c]\n".formatted(c, c - 1, c - 1, c - 1));
    }
    Files.writeString(routes.resolve("bomb.camel.yaml"), bomb);
    assertThat(problems())
        .containsExactly(
            "bomb.camel.yaml:1: the file has more than 200000 values. Use fewer aliases, or"
                + " several files.");
  }

  @Test
  void anAliasWithinItsOwnValueIsRefused() throws IOException {
    Files.writeString(routes.resolve("loop.camel.yaml"), "- &a\n  route: *a\n");
    assertThat(problems())
        .containsExactly(
            "loop.camel.yaml:2: the alias stands inside the value that it stands" + " for");
  }

  /** A tool's step, and the same with parameters. */
  private static final String INFO = "{id: info, uri: exec:qemu-img}";

  private static final String EXEC = "{id: info, uri: exec:qemu-img, parameters: {%s}}";

  private static final String[][] MISTAKES = {
    {
      "stage-load",
      "              - setVariable:\n",
      "              - setVariabel:\n",
      "stage-load.camel.yaml:#: a step of steps has no key setVariabel; did you mean setVariable?"
    },
    {
      "stage-load",
      "      steps:\n        - filter:\n",
      "      stepz:\n        - filter:\n",
      "stage-load.camel.yaml:#-1: from lacks the key steps\nstage-load.camel.yaml:#: from has no key stepz; did you mean steps?"
    },
    {
      "stage-load",
      "stopOnException: true",
      "stopOnException: yess",
      "stage-load.camel.yaml:#: stopOnException is true or false, not yess"
    },
    {
      "stage-load",
      "      uri: direct:stage-load\n",
      "      url: direct:stage-load\n",
      "stage-load.camel.yaml:#: from has no key url; did you mean uri?\nstage-load.camel.yaml:#: from lacks the key uri\nvm-pipeline.camel.yaml:<load>: no route begins with direct:stage-load; did you mean direct:stage-fix?"
    },
    {
      "stage-load",
      "- route:",
      "- rout:",
      "stage-load.camel.yaml:#: the file has no key rout; did you mean route?\nstage-load.camel.yaml:<uri: direct:stage-load>: no route begins with direct:stage-load; did you mean direct:stage-fix?\nvm-pipeline.camel.yaml:<load>: no route begins with direct:stage-load; did you mean direct:stage-fix?"
    },
    {
      "stage-load",
      "    id: stage-load\n",
      "    id: stage-fix\n",
      "stage-load.camel.yaml:#: the route id stage-fix is taken already, at stage-fix.camel.yaml:<stage-fix>"
    },
    {"stage-load", "    id: stage-load\n", "", "stage-load.camel.yaml:#: the route has no id"},
    {
      "stage-load",
      "nodePrefixId: load-",
      "nodePrefixId: fix-",
      "stage-load.camel.yaml:<finish>: the step id fix-finish is taken already, at stage-fix.camel.yaml:<finish>\nstage-load.camel.yaml:<before>: the step id fix-before is taken already, at stage-fix.camel.yaml:<before>\nstage-load.camel.yaml:<after>: the step id fix-after is taken already, at stage-fix.camel.yaml:<after>\nstage-load.camel.yaml:<needed>: the step id fix-needed is taken already, at stage-fix.camel.yaml:<needed>"
    },
    {
      "stage-load",
      "{id: finish,",
      "{id: prepare,",
      "stage-load.camel.yaml:#: the step id load-prepare is taken already, at stage-load.camel.yaml:<prepare>"
    },
    {
      "stage-load",
      "direct:stage-load",
      "direct:stage-fix",
      "stage-load.camel.yaml:#-1: two routes begin with direct:stage-fix; the other one stands at stage-fix.camel.yaml:<stage-fix>\nvm-pipeline.camel.yaml:<load>: no route begins with direct:stage-load; did you mean direct:stage-fix?"
    },
    {
      "stage-load",
      "ref: loadStage",
      "ref: loadStagee",
      "stage-load.camel.yaml:#: there is no bean loadStagee; did you mean loadStage?"
    },
    {
      "stage-load",
      "method: \"prepare(",
      "method: \"prepar(",
      "stage-load.camel.yaml:#: the bean loadStage has no method prepar; did you mean prepare?"
    },
    {
      "stage-load",
      "disks(${variable.vmJob})\"",
      "disks(${variable.vmJob}, ${body})\"",
      "stage-load.camel.yaml:#: loadStage.disks takes one argument, not 2"
    },
    {
      "stage-load",
      "disks(${variable.vmJob})\"",
      "disks(${variable.vmJob}\"",
      "stage-load.camel.yaml:#: disks(${variable.vmJob} lacks its closing parenthesis"
    },
    {
      "stage-load",
      "uri: exec:qemu-img",
      "uri: exce:qemu-img",
      "stage-load.camel.yaml:#: there is no component exce; did you mean exec?"
    },
    {
      "stage-load",
      "uri: exec:qemu-img",
      "uri: \"exec:qemu-img?timeout=5\"",
      "stage-load.camel.yaml:#: exec:qemu-img: its options stand below parameters, not in the uri"
    },
    {
      "stage-load",
      INFO,
      EXEC.formatted(
          "binding: \"#toolBinding\", commandExecutor: \"#toolExecutor\", exitValues: \"0\""),
      "stage-load.camel.yaml:#: exec:qemu-img takes no binding, commandExecutor, exitValues: "
          + ToolComponent.INSTEAD
          + "\nstage-load.camel.yaml:#: there is no bean toolBinding\nstage-load.camel.yaml:#: there is no bean toolExecutor"
    },
    {
      "stage-load",
      INFO,
      EXEC.formatted("exitValues: \"0,1\""),
      "stage-load.camel.yaml:#: exec:qemu-img takes no exitValues: " + ToolComponent.INSTEAD
    },
    {
      "stage-load",
      INFO,
      EXEC.formatted("args: info, timeout: 10"),
      "stage-load.camel.yaml:#: exec:qemu-img takes no args: " + ToolComponent.INSTEAD
    },
    {
      "stage-load",
      INFO,
      EXEC.formatted("timeout: 10m"),
      "stage-load.camel.yaml:#: exec:qemu-img: timeout is a number of milliseconds, not 10m"
    },
    {
      "stage-load",
      INFO,
      EXEC.formatted("timeout: \"{{h2k.stage.laod.timeout}}\""),
      "stage-load.camel.yaml:#: there is no property {{h2k.stage.laod.timeout}}; did you mean h2k.stage.load.timeout?"
    },
    {
      "stage-load",
      "- to: " + INFO,
      "- setHeader: {name: CamelExecCommandArgs, expression: {constant: {expression: info}}}",
      "stage-load.camel.yaml:#: the header CamelExecCommandArgs is not read: "
          + ToolComponent.INSTEAD
    },
    {
      "stage-load",
      "- to: " + INFO,
      "- toD: " + INFO,
      "stage-load.camel.yaml:#: toD would make a command of what is in the message; write to"
    },
    {
      "stage-load",
      "expression: \"${body}\"",
      "expression: \"${bodi}\"",
      "stage-load.camel.yaml:#: the expression ${bodi} is wrong: Unknown function: bodi"
    },
    {
      "stage-load",
      "expression: \"${body}\"",
      "expression: \"${body\"",
      "stage-load.camel.yaml:#: the expression ${body is wrong: expected symbol functionEnd but was eol"
    },
    {
      "vm-pipeline",
      "direct:stage-validate",
      "direct:stage-valdate",
      "vm-pipeline.camel.yaml:#: no route begins with direct:stage-valdate; did you mean direct:stage-validate?"
    },
    {
      "vm-pipeline",
      "id: vm-pipeline",
      "id: vm-pipelin",
      "*: the route vm-pipeline is missing; did you mean vm-pipelin?"
    },
    {
      "manifest-intake",
      "id: manifest-intake",
      "id: intake",
      "*: the route manifest-intake is missing"
    },
    {
      "manifest-intake",
      "uri: file:{{h2k.intake.directory}}",
      "uri: file:/var/spool/in",
      "manifest-intake.camel.yaml:#: manifest-intake begins with file:{{h2k.intake.directory}}, not file:/var/spool/in; its options stand below parameters"
    },
    {
      "manifest-intake",
      "        filter: \"#manifestIntake\"\n",
      "",
      "manifest-intake.camel.yaml:#: manifest-intake lacks filter: #manifestIntake"
    },
    {
      "manifest-intake",
      "        moveFailed: ${bean:manifestJudge.place}\n",
      "",
      "manifest-intake.camel.yaml:#-3: manifest-intake lacks moveFailed: ${bean:manifestJudge.place}"
    },
    {
      "manifest-intake",
      "    startupOrder: 100000\n",
      "",
      "manifest-intake.camel.yaml:#-4: manifest-intake has startupOrder: 100000; without it, it could begin before the routes of hooks, and pass them over"
    },
    {
      "stage-load",
      "hook:before-load",
      "hook:befor-load",
      "stage-load.camel.yaml:#: hook:befor-load: there is no hook befor-load; there are before-load, after-load, before-inspect, after-inspect, before-fix, before-windows, after-windows, after-fix, before-convert, after-convert, before-validate, after-validate, before-publish, on-vm-completed, on-vm-failed, on-manifest-completed, on-manifest-failed"
    },
    {
      "manifest-intake",
      "manifestIntake.claim",
      "manifestIntake.claims",
      "manifest-intake.camel.yaml:#: manifest-intake has preMove: ${bean:manifestIntake.claims}, which must be ${bean:manifestIntake.claim}\nmanifest-intake.camel.yaml:#: the bean manifestIntake has no method claims; did you mean claim?"
    },
    {
      "manifest-intake",
      "readLock: none",
      "delete: true",
      "manifest-intake.camel.yaml:#: manifest-intake must not have delete: a manifest would be gone when it is done"
    },
    {
      "manifest-intake",
      "readLock: none",
      "reedLock: none",
      "manifest-intake.camel.yaml:#: file:{{h2k.intake.directory}}: There are 1 parameters that couldn't be set on the endpoint. Check the uri if the parameters are spelt correctly and that they are properties of the endpoint. Unknown parameters=[{reedLock=none}]"
    },
    {
      "manifest-intake",
      "initialDelay: 0",
      "initialDelay: soon",
      "manifest-intake.camel.yaml:#: file:{{h2k.intake.directory}}: Error binding property (initialDelay=soon)"
    },
    {
      "manifest-intake",
      "\"#manifestsInFlight\"",
      "\"#manifestInFlight\"",
      "manifest-intake.camel.yaml:#: manifest-intake has inProgressRepository: #manifestInFlight, which must be #manifestsInFlight\nmanifest-intake.camel.yaml:#: there is no bean manifestInFlight; did you mean manifestsInFlight?"
    },
    {
      "manifest-intake",
      "            executorService: \"#vmPool\"\n",
      "",
      "manifest-intake.camel.yaml:#-2: the split of a manifest into its VMs has executorService: #vmPool; without it, max_concurrent_jobs would not be kept"
    },
    {
      "manifest-intake",
      "            aggregationStrategy: \"#vmOutcomes\"\n",
      "",
      "manifest-intake.camel.yaml:#-3: the split of a manifest into its VMs has aggregationStrategy: #vmOutcomes; without it, outcomes of VMs would be lost"
    },
    {
      "manifest-intake",
      "parallelProcessing: true",
      "parallelProcessing: false",
      "manifest-intake.camel.yaml:#: the split of a manifest into its VMs has parallelProcessing: true; without it, VMs would run one after the other"
    },
    {
      "stage-convert",
      "stopOnException: true",
      "parallelProcessing: true",
      "stage-convert.camel.yaml:#: split runs in parallel without executorService, so without a limit"
    },
    {
      "error-handling",
      "      noErrorHandler: {}",
      "      defaultErrorHandler: {}",
      "*: no routeConfiguration without an id has errorHandler: {noErrorHandler: {}}: a failing stage would bypass the route that called it"
    },
    {
      "error-handling",
      "    description: Ex",
      "    id: mine\n    description: Ex",
      "*: no routeConfiguration without an id has errorHandler: {noErrorHandler: {}}: a failing stage would bypass the route that called it\nerror-handling.camel.yaml:#: warning: no route names the configuration mine; without an id it would hold for all"
    },
    {
      "error-handling",
      "    errorHandler:",
      "    onException:\n      - onException:\n          exception: [java.lang.Exception]\n          handled: {constant: {expression: \"true\"}}\n    errorHandler:",
      "error-handling.camel.yaml:#+3: warning: onException with handled: a failed VM would pass for a good one"
    },
    {
      "vm-pipeline",
      "      steps:\n",
      "      steps:\n        - script:\n            expression:\n              groovy:\n                expression: \"1 + 1\"\n",
      "vm-pipeline.camel.yaml:<vm-pipeline>: Camel cannot build it: No language could be found for: groovy\nvm-pipeline.camel.yaml:#+1: warning: a script (script) in a route; knowledge belongs into a bean\nvm-pipeline.camel.yaml:#+3: warning: a script (groovy) in a route; knowledge belongs into a bean"
    },
    {
      "vm-pipeline",
      "      steps:\n",
      "      steps:\n        - threads: {poolSize: 3}\n",
      "vm-pipeline.camel.yaml:#+1: threads lets one VM more run than max_concurrent_jobs; use the split's pool"
    },
    {
      "vm-pipeline",
      "      steps:\n",
      "      steps:\n        - log: {message: a, loggingLevel: LOUD}\n",
      "vm-pipeline.camel.yaml:#+1: loggingLevel is one of DEBUG, ERROR, INFO, OFF, TRACE, WARN, not LOUD"
    },
    {
      "vm-pipeline",
      "      steps:\n",
      "      steps:\n      - x: [\n",
      "*: the route vm-pipeline is missing\nmanifest-intake.camel.yaml:<vm-pipeline>: no route begins with direct:vm-pipeline\nvm-pipeline.camel.yaml:#+2: not valid YAML: expected the node content, but found '-'"
    },
    {
      "vm-pipeline",
      "      steps:\n",
      "      steps:\n      steps:\n",
      "vm-pipeline.camel.yaml:#+1: the key steps stands there twice\nvm-pipeline.camel.yaml:#: steps has a list below it, not a value"
    },
    {
      "vm-pipeline",
      "      steps:\n",
      "      steps:\n        - to: {uri: \"file:/x?fileExist=Maybe\"}\n",
      "vm-pipeline.camel.yaml:#+1: file:/x?fileExist=Maybe: Enum class class org.apache.camel.component.file.GenericFileExist does not have any constant with value: Maybe"
    },
    {
      "vm-pipeline",
      "      steps:\n",
      "      steps:\n        - filter:\n            expression:\n              simple: {expression: \"${body} =~~ 3\"}\n            steps: []\n",
      "vm-pipeline.camel.yaml:<vm-pipeline>: Camel cannot build it: Unexpected token ="
    },
    {
      "vm-pipeline",
      "      steps:\n",
      "      steps:\n        - process: {ref: \"#class:no.such.Type\"}\n",
      "vm-pipeline.camel.yaml:<vm-pipeline>: Camel cannot build it: ClassNotFoundException: no.such.Type"
    },
    {
      "vm-pipeline",
      "      steps:\n",
      "      steps:\n        - to: {uri: \"bean:publication?method=publsh\"}\n",
      "vm-pipeline.camel.yaml:#+1: the bean publication has no method publsh; did you mean publish?"
    },
  };
}
