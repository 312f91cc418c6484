package io.hyper2kvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.value.LogLevel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class Hyper2KvmTest {

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final List<DaemonConfig> started = new ArrayList<>();
  private ToIntFunction<DaemonConfig> daemon =
      config -> {
        started.add(config);
        return 0;
      };
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void program() throws Exception {
    folder = folder.toRealPath();
    Files.createDirectories(folder.resolve("routes"));
    Files.createFile(folder.resolve("routes/vm-pipeline.camel.yaml"));
    Files.writeString(
        folder.resolve("manifest-daemon.yaml"),
        "command: daemon\nmanifest_workflow_dir: work\noutput_dir: out\nmax_concurrent_jobs: 3\n");
  }

  @AfterEach
  void logPropertiesOfThisProcess() {
    List.of(LogSettings.LEVEL, LogSettings.LIBRARY_LEVEL, LogSettings.FILE)
        .forEach(System::clearProperty);
  }

  private int run(String... arguments) {
    var surroundings =
        new Surroundings(environment, folder, Optional.of(folder), folder.resolve("none.yaml"));
    return Hyper2Kvm.commandLine(surroundings, config -> daemon.applyAsInt(config))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .execute(arguments);
  }

  @Test
  void configAloneStartsTheDaemon() {
    assertThat(run("--config", "manifest-daemon.yaml")).isZero();
    assertThat(started)
        .singleElement()
        .extracting(config -> config.workflow().maxConcurrentJobs())
        .isEqualTo(3);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void flagsAloneStartTheDaemon() {
    int exit =
        run(
            "daemon",
            "--manifest-workflow-mode",
            "--manifest-workflow-dir",
            folder + "/flow",
            "--output-dir",
            folder + "/disks",
            "--max-concurrent-jobs",
            "2");

    assertThat(exit).isZero();
    assertThat(started)
        .singleElement()
        .extracting(config -> config.workflow().dir(), config -> config.output().dir())
        .containsExactly(folder.resolve("flow"), folder.resolve("disks"));
  }

  @ParameterizedTest
  @CsvSource({
    "daemon --config x.yaml, daemon, true",
    "daemon --config x.yaml, status, false",
    "status web01 --follow, status, true",
    "--config x.yaml, daemon, false",
    "--config daemon, daemon, false",
    "--config x.yaml daemon, daemon, true",
    "--config --help, plan, true",
    "--help, plan, true",
    "init --yes, doctor, true",
    "completion, retry, true",
    "statsu, status, true"
  })
  void commandThatTheWordsCanNeedIsThere(String words, String command, boolean there) {
    assertThat(Hyper2Kvm.wanted(words.split(" ")).test(command)).isEqualTo(there);
  }

  @Test
  void allCommandsAreThereWithoutWords() {
    assertThat(Hyper2Kvm.wanted().test("daemon")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "daemon --config manifest-daemon.yaml --max-concurrent-jobs=9",
    "daemon --max-concurrent-jobs 9 --config=manifest-daemon.yaml",
    "--config manifest-daemon.yaml daemon --max-concurrent-jobs 9"
  })
  void flagWinsOverTheFile(String arguments) {
    assertThat(run(arguments.split(" "))).isZero();
    assertThat(started)
        .singleElement()
        .extracting(config -> config.workflow().maxConcurrentJobs())
        .isEqualTo(9);
  }

  @Test
  void environmentWinsOverTheFile() {
    environment.put("HYPER2KVM_MAX_CONCURRENT_JOBS", "8");
    run("--config", "manifest-daemon.yaml");
    assertThat(started)
        .singleElement()
        .extracting(config -> config.workflow().maxConcurrentJobs())
        .isEqualTo(8);
  }

  @Test
  void repeatedListFlagMakesAList() throws Exception {
    Files.createDirectories(folder.resolve("a b"));
    Files.createDirectories(folder.resolve("@c"));
    run(
        "daemon",
        "--config=manifest-daemon.yaml",
        "--allowed-source-roots",
        "a b",
        "--allowed-source-roots",
        "@c");
    assertThat(started.get(0).sources().allowedRoots())
        .containsExactly(folder.resolve("a b"), folder.resolve("@c"));
  }

  @Test
  void daemonsExitCodeIsTheProgramsOwn() {
    daemon = config -> 1;
    assertThat(run("--config", "manifest-daemon.yaml")).isEqualTo(1);
  }

  @Test
  void failingDaemonIsExitCodeOneWithItsReason() {
    daemon =
        config -> {
          throw new IllegalStateException("no route starts");
        };
    assertThat(run("--config", "manifest-daemon.yaml")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("hyper2kvm: failed in a way that is a defect")
        .contains("IllegalStateException: no route starts");
  }

  @Test
  void wrongConfigurationIsExitCodeTwoWithAllProblems() {
    environment.put("HYPER2KVM_KVM", "x");
    assertThat(run("daemon", "--output-dir", "out", "--fix-timeout", "5")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("hyper2kvm: the configuration has 3 problems:\n")
        .contains("manifest_workflow_dir: found nothing", "--fix-timeout: ", "HYPER2KVM_KVM: ");
    assertThat(started).isEmpty();
  }

  @Test
  void misspeltFlagIsExitCodeTwoWithTheRightOne() {
    assertThat(run("daemon", "--config=manifest-daemon.yaml", "--output-dri=x")).isEqualTo(2);
    assertThat(err.toString()).contains("Unknown option: '--output-dri=x'", "--output-dir");
    assertThat(started).isEmpty();
  }

  @Test
  void misspeltCommandIsExitCodeTwoWithTheRightOne() {
    assertThat(run("deamon")).isEqualTo(2);
    assertThat(err.toString()).contains("Did you mean: hyper2kvm daemon");
  }

  @Test
  void daemonsFlagBeforeItsCommandIsExplained() {
    assertThat(run("--output-dir=x", "daemon")).isEqualTo(2);
    assertThat(err.toString()).contains("write it after that word: hyper2kvm daemon");
  }

  @ParameterizedTest
  @CsvSource({
    "daemon --output-dir a --output-dir b, should be specified only once",
    "daemon --output-dir, Missing required parameter",
    "daemon --manifest-workflow-mode=false, should be specified without",
    "--config a daemon --config b, --config is given twice",
    "daemon stray, Unmatched argument"
  })
  void wrongUseIsExitCodeTwo(String arguments, String reason) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(reason);
    assertThat(started).isEmpty();
  }

  @Test
  void nothingToDoIsExitCodeTwo() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("nothing to do", "Try: hyper2kvm --help");
  }

  @Test
  void printConfigStartsNothing() {
    assertThat(run("daemon", "--config=manifest-daemon.yaml", "--print-config")).isZero();
    assertThat(out.toString())
        .contains("max_concurrent_jobs: 3  # " + folder + "/manifest-daemon.yaml:4:22\n");
    assertThat(started).isEmpty();
  }

  @Test
  void logSettingsAreThereBeforeTheDaemon() {
    var seen = new ArrayList<String>();
    daemon =
        config -> {
          seen.add(System.getProperty(LogSettings.LEVEL));
          seen.add(System.getProperty(LogSettings.LIBRARY_LEVEL));
          seen.add(System.getProperty(LogSettings.FILE));
          assertThat(config.log().level()).isEqualTo(LogLevel.DEBUG);
          return 0;
        };
    run("daemon", "--config=manifest-daemon.yaml", "--verbose=2", "--log-dir=log");
    assertThat(seen).containsExactly("DEBUG", "INFO", folder + "/log/manifest-daemon.log");
  }

  @ParameterizedTest
  @CsvSource({"--version", "daemon --version"})
  void version(String arguments) {
    assertThat(run(arguments.split(" "))).isZero();
    assertThat(out.toString()).matches("hyper2kvm \\S+ \\(Java \\d\\S*\\)\n");
  }
}
