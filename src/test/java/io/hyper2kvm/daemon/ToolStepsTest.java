package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.daemon.exec.ToolBinding;
import io.hyper2kvm.daemon.exec.ToolExecResult;
import io.hyper2kvm.daemon.exec.ToolExecutor;
import io.hyper2kvm.daemon.intake.ManifestsInFlight;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.manifest.rules.ManifestContext;
import io.hyper2kvm.report.LiveStatus;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.ToolEnvironment;
import io.hyper2kvm.tool.ToolFailedException;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolRunner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.component.exec.ExecBinding;
import org.apache.camel.component.exec.ExecCommand;
import org.apache.camel.component.exec.ExecEndpoint;
import org.apache.camel.component.exec.ExecException;
import org.apache.camel.component.exec.impl.DefaultExecBinding;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an exec step of a route becomes one run of a tool. */
class ToolStepsTest {

  @TempDir Path folder;
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private RunningDaemon daemon;
  private ToolBinding binding;
  private ToolExecutor executor;
  private VmJob job;
  private Exchange exchange;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
    binding = new ToolBinding(daemon.settings());
    executor = new ToolExecutor(new ToolRunner());
    ManifestReader reader =
        new ManifestReader(
            new ManifestContext(Optional.empty(), List.of(), daemon.output(), List.of()));
    String text = daemon.single(daemon.disk("web"), "web");
    VmSpec vm = reader.read("web.json", text.getBytes(StandardCharsets.UTF_8)).vms().get(0);
    LiveStatus status =
        new LiveStatus(
            daemon.root.resolve("status.json"),
            "web",
            "web.json",
            List.of("web"),
            Clock.systemUTC());
    job = new VmJob("web", vm, daemon.work(), status, Clock.systemUTC());
    exchange = new DefaultExchange(camel);
    exchange.setVariable("vmJob", job);
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_ARGS, List.of("-c", "echo hi"));
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  private ExecEndpoint endpoint(String uri) {
    return camel.getEndpoint(uri, ExecEndpoint.class);
  }

  private ToolResult run(String uri) {
    binding.writeOutput(exchange, executor.execute(binding.readInput(exchange, endpoint(uri))));
    return exchange.getMessage().getBody(ToolResult.class);
  }

  @Test
  void answerBecomesTheBodyAndTheArgumentsAreUsedUp() {
    assertThat(run("exec:sh?exitValues=0&timeout=9000").text()).isEqualTo("hi\n");
    assertThat(exchange.getMessage().getHeaders()).doesNotContainKey(ExecBinding.EXEC_COMMAND_ARGS);
  }

  @Test
  void stepWithoutExitValuesIsRefused() {
    assertThatThrownBy(() -> run("exec:sh?timeout=9000"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("exitValues");
  }

  @Test
  void exitValueThatIsNotStatedIsAFailure() {
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_ARGS, List.of("-c", "exit 2"));

    assertThatThrownBy(() -> run("exec:sh?exitValues=0,1&timeout=9000"))
        .isInstanceOf(ExecException.class)
        .hasCauseInstanceOf(ToolFailedException.class)
        .hasMessageContaining("exited with 2");
  }

  @Test
  void exitValueThatIsStatedIsAnAnswer() {
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_ARGS, List.of("-c", "exit 1"));

    assertThat(run("exec:sh?exitValues=0,1&timeout=9000").exitCode()).isEqualTo(1);
  }

  @Test
  void argumentsThatAreNoListOfStringsAreRefused() {
    for (Object arguments : new Object[] {"-c true", List.of("-c", 1), Map.of()}) {
      exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_ARGS, arguments);
      assertThatThrownBy(() -> run("exec:sh?exitValues=0&timeout=9000"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(ExecBinding.EXEC_COMMAND_ARGS);
    }
    exchange.getMessage().removeHeader(ExecBinding.EXEC_COMMAND_ARGS);
    assertThatThrownBy(() -> run("exec:sh?exitValues=0&timeout=9000"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void headersChangeNothingButTheArguments() {
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_EXECUTABLE, "/bin/false");
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_WORKING_DIR, "/");
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_TIMEOUT, 1L);
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_EXIT_VALUES, "77");
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_OUT_FILE, "/etc/passwd");
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_ARGS, List.of("-c", "pwd"));

    ExecCommand command =
        binding.readInput(exchange, endpoint("exec:sh?exitValues=0&timeout=9000"));

    assertThat(command.getExecutable()).isEqualTo("sh");
    assertThat(command.getTimeout()).isEqualTo(9000);
    assertThat(command.getExitValues()).containsExactly(0);
    assertThat(command.getOutFile()).isNull();
    assertThat(((ToolExecResult) executor.execute(command)).tool().text())
        .isEqualTo(daemon.work() + "\n");
  }

  @Test
  void toolGetsTheStatedEnvironmentAndNothingElse() {
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_ARGS, List.of());

    List<String> names =
        run("exec:env?exitValues=0&timeout=9000")
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

    assertThat(run("exec:sh?exitValues=0&timeout=9000").text()).isEqualTo("mine\n");
  }

  @Test
  void standardInputIsTheBodyOnlyWhenItIsText() {
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_ARGS, List.of("-c", "wc -c"));
    exchange.getMessage().setBody(job);
    assertThat(run("exec:sh?exitValues=0&timeout=9000").text().strip()).isEqualTo("0");

    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_ARGS, List.of("-c", "wc -c"));
    exchange.getMessage().setBody("four");
    assertThat(run("exec:sh?exitValues=0&timeout=9000").text().strip()).isEqualTo("4");
  }

  @Test
  void toolThatHangsEndsAtTheStepsTimeout() {
    exchange.getMessage().setHeader(ExecBinding.EXEC_COMMAND_ARGS, List.of("-c", "sleep 1000"));

    assertThatThrownBy(
            () -> run("exec:sh?exitValues=0&timeout=" + Duration.ofMillis(200).toMillis()))
        .isInstanceOfSatisfying(
            ExecException.class,
            e ->
                assertThat(((ToolFailedException) e.getCause()).reason())
                    .isEqualTo(ToolFailedException.Reason.TIMED_OUT));
  }

  @Test
  void stepOutsideOfAVmIsRefused() {
    exchange.removeVariable("vmJob");

    assertThatThrownBy(() -> run("exec:sh?exitValues=0&timeout=9000"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("vmJob");
  }

  @Test
  void stepWithoutTheBindingIsRefused() {
    ExecCommand other =
        new DefaultExecBinding().readInput(exchange, endpoint("exec:sh?exitValues=0&timeout=9000"));

    assertThatThrownBy(() -> executor.execute(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("#toolBinding");
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
