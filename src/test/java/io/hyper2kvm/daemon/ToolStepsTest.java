package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.daemon.exec.StageLimits;
import io.hyper2kvm.daemon.exec.ToolComponent;
import io.hyper2kvm.daemon.intake.ManifestsInFlight;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.manifest.rules.ManifestContext;
import io.hyper2kvm.report.LiveStatus;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolEnvironment;
import io.hyper2kvm.tool.ToolFailedException;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolRunner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecBinding;
import org.apache.camel.component.exec.ExecException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How an exec step of a route becomes one run of a tool. */
class ToolStepsTest {

  @TempDir Path folder;
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private RunningDaemon daemon;
  private VmJob job;
  private Exchange exchange;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
    Map<StageName, Duration> limits = new EnumMap<>(StageName.class);
    for (StageName stage : StageName.values()) {
      limits.put(stage, Duration.ofSeconds(9));
    }
    limits.put(StageName.CONVERT, Duration.ofMillis(200));
    camel.addComponent(
        "exec", new ToolComponent(new ToolRunner(), daemon.settings(), new StageLimits(limits)));
    ManifestReader reader =
        new ManifestReader(
            new ManifestContext(
                Optional.empty(), List.of(), daemon.output(), List.of(), DomainSpec.NOTHING));
    String text = daemon.single(daemon.disk("web"), "web");
    VmSpec vm = reader.read("web.json", text.getBytes(StandardCharsets.UTF_8)).vms().get(0);
    LiveStatus status =
        new LiveStatus(
            daemon.root.resolve("status.json"),
            "web",
            "web.json",
            List.of("web"),
            Clock.systemUTC());
    job = new VmJob("web", vm, daemon.work(), status, Clock.systemUTC(), false);
    exchange = new DefaultExchange(camel);
    exchange.setVariable("vmJob", job);
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  /** What the step makes of the call. */
  private ToolResult run(String uri, Object call) throws Exception {
    exchange.getMessage().setBody(call);
    camel.getEndpoint(uri).createProducer().process(exchange);
    return exchange.getMessage().getBody(ToolResult.class);
  }

  private static ToolCall shell(String script) {
    return ToolCall.of(List.of("-c", script));
  }

  @Test
  void answerBecomesTheBody() throws Exception {
    assertThat(run("exec:sh", shell("echo hi")).text()).isEqualTo("hi\n");
  }

  @Test
  void exitCodeThatNobodyJudgesIsAFailure() {
    assertThatThrownBy(() -> run("exec:sh", shell("exit 2").judging(1)))
        .isInstanceOf(ExecException.class)
        .hasCauseInstanceOf(ToolFailedException.class)
        .hasMessageContaining("exited with 2");
  }

  @Test
  void exitCodeThatTheNextBeanJudgesIsAnAnswer() throws Exception {
    assertThat(run("exec:sh", shell("exit 1").judging(1, 3)).exitCode()).isEqualTo(1);
  }

  @Test
  void bodyThatIsNoCallIsRefused() {
    for (Object body : new Object[] {"-c true", List.of("-c", "true"), job}) {
      assertThatThrownBy(() -> run("exec:sh", body))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(body.getClass().getSimpleName())
          .hasMessageContaining(ToolComponent.INSTEAD);
    }
    assertThatThrownBy(() -> run("exec:sh", null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is no ToolCall, but empty");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "args=-c%20true",
        "workingDir=/",
        "outFile=/etc/passwd",
        "commandExecutor=%23mine",
        "binding=%23mine",
        "exitValues=0,1",
        "useStderrOnEmptyStdout=true"
      })
  void parameterThatCouldUndoALimitIsRefused(String parameter) {
    String name = parameter.substring(0, parameter.indexOf('='));

    assertThatThrownBy(() -> camel.getEndpoint("exec:sh?timeout=9000&" + parameter))
        .hasRootCauseInstanceOf(IllegalArgumentException.class)
        .rootCause()
        .hasMessage("exec:sh takes no %s: %s", name, ToolComponent.INSTEAD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "10m", "x"})
  void timeoutThatIsNoNumberOfMillisecondsIsRefused(String timeout) {
    assertThatThrownBy(() -> camel.getEndpoint("exec:sh?timeout=" + timeout))
        .rootCause()
        .hasMessage("exec:sh: timeout is a number of milliseconds, not " + timeout);
  }

  @Test
  void headersChangeNothingAndAreGoneAfterwards() throws Exception {
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_EXECUTABLE, "/bin/false");
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_WORKING_DIR, "/");
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_TIMEOUT, 1L);
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_EXIT_VALUES, "77");
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_OUT_FILE, "/etc/passwd");
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_ARGS, List.of("-c", "false"));

    assertThat(run("exec:sh", shell("sleep 0.1; pwd")).text()).isEqualTo(daemon.work() + "\n");
    assertThat(exchange.getMessage().getHeaders()).isEmpty();
  }

  @Test
  void toolGetsTheStatedEnvironmentAndNothingElse() throws Exception {
    List<String> names =
        run("exec:env", ToolCall.of(List.of()))
            .text()
            .lines()
            .map(line -> line.substring(0, line.indexOf('=')))
            .toList();

    assertThat(names)
        .contains("PATH", "HOME", "LC_ALL", "LIBGUESTFS_TMPDIR")
        .doesNotContain("USER", "LOGNAME", "JAVA_HOME", "MAVEN_CMD_LINE_ARGS", "LD_PRELOAD");
    assertThat(exchange.getMessage().getBody(ToolResult.class).text())
        .contains("LIBGUESTFS_TMPDIR=" + job.directory())
        .contains("PATH=" + daemon.path);
  }

  @Test
  void environmentTakesOnlyNamedVariablesOfTheDaemon() {
    Map<String, String> own =
        Map.of("PATH", "/opt/bin", "LD_PRELOAD", "/x.so", "LIBGUESTFS_PATH", "/opt/appliance");

    assertThat(ToolEnvironment.of(own, "/home", true, "1-2"))
        .containsEntry("PATH", "/opt/bin")
        .containsEntry("LIBGUESTFS_PATH", "/opt/appliance")
        .containsEntry("LIBGUESTFS_BACKEND", "direct")
        .doesNotContainKeys("LD_PRELOAD", "LIBGUESTFS_BACKEND_SETTINGS");
    assertThat(ToolEnvironment.of(Map.of(), "/home", false, "1-2"))
        .containsEntry("LIBGUESTFS_BACKEND_SETTINGS", "force_tcg")
        .containsKey("PATH");
  }

  @Test
  void toolIsLookedUpOnTheStatedPath() throws Exception {
    daemon.tools.executable("sh", "#!/bin/sh\necho mine\n");

    assertThat(run("exec:sh", shell("echo hi")).text()).isEqualTo("mine\n");
  }

  @Test
  void toolMayBeNamedByItsPath() throws Exception {
    daemon.tools.executable("other-sh", "#!/bin/sh\necho other\n");

    assertThat(run("exec:" + daemon.tools.folder() + "/other-sh", shell("")).text())
        .isEqualTo("other\n");
  }

  @Test
  void standardInputIsThatOfTheCall() throws Exception {
    assertThat(run("exec:sh", shell("wc -c")).text().strip()).isEqualTo("0");
    assertThat(run("exec:sh", shell("wc -c").withInput("für")).text().strip()).isEqualTo("4");
  }

  @Test
  void standardErrorGoesToTheFileOfTheCall() throws Exception {
    Path file = daemon.work().resolve("errors.log");

    run("exec:sh", shell("echo lost >&2").withErrorsIn(file));

    assertThat(file).hasContent("lost");
  }

  private void endsAtItsLimit(String uri) {
    assertThatThrownBy(() -> run(uri, shell("sleep 1000")))
        .isInstanceOfSatisfying(
            ExecException.class,
            e ->
                assertThat(((ToolFailedException) e.getCause()).reason())
                    .isEqualTo(ToolFailedException.Reason.TIMED_OUT));
  }

  @Test
  void toolThatHangsEndsAtTheStepsTimeout() {
    endsAtItsLimit("exec:sh?timeout=200");
  }

  @Test
  void withoutATimeoutTheLimitIsThatOfTheStage() {
    job.enter(StageName.CONVERT);

    endsAtItsLimit("exec:sh");
  }

  @Test
  void watchedToolIsEndedWhenEnoughIsSeen() throws Exception {
    List<Boolean> seen = new ArrayList<>();
    ToolCall call =
        shell("sleep 1000")
            .watchedBy(alive -> seen.add(alive.getAsBoolean()), Duration.ofMinutes(1));

    assertThat(run("exec:sh", call).exitCode()).isZero();
    assertThat(seen).containsExactly(true);
  }

  @Test
  void watchedToolThatCannotStartIsAFailure() {
    ToolCall call = shell("").watchedBy(alive -> {}, Duration.ofMinutes(1));

    assertThatThrownBy(() -> run("exec:no-such-tool", call))
        .isInstanceOf(ExecException.class)
        .hasMessageContaining("no-such-tool could not be started");
  }

  @Test
  void stepOutsideOfAVmIsRefused() {
    exchange.removeVariable("vmJob");

    assertThatThrownBy(() -> run("exec:sh", shell("true")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("vmJob");
  }

  @Test
  void noMoreIsHeldInFlightThanAllowedAndWhatIsRemovedMakesRoom() {
    ManifestsInFlight inFlight = new ManifestsInFlight(2);

    assertThat(inFlight.add("a")).isTrue();
    assertThat(inFlight.add("a")).as("held already").isFalse();
    assertThat(inFlight.add("b")).isTrue();
    assertThat(inFlight.add("c")).as("full").isFalse();
    inFlight.remove("a");
    assertThat(inFlight.add("c")).isTrue();
    assertThat(inFlight.contains("a")).isFalse();
    assertThat(inFlight.isEmpty()).isFalse();
  }
}
