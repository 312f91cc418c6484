package io.hyper2kvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.config.DaemonConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read without picocli means the same as with it. */
class PlainStartTest {

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private Surroundings surroundings;

  @BeforeEach
  void program() throws Exception {
    folder = folder.toRealPath();
    Files.createDirectories(folder.resolve("routes"));
    Files.createFile(folder.resolve("routes/vm-pipeline.camel.yaml"));
    Files.createDirectories(folder.resolve("sources a"));
    Files.createDirectories(folder.resolve("b"));
    Files.writeString(
        folder.resolve("daemon.yaml"),
        "command: daemon\nmanifest_workflow_dir: work\noutput_dir: out\nmax_concurrent_jobs: 3\n");
    Files.writeString(folder.resolve("daemon"), "manifest_workflow_dir: flow\noutput_dir: out\n");
    Files.writeString(folder.resolve("wrong.yaml"), "manifest_workflow_dir: flow\nno_key: 1\n");
    surroundings =
        new Surroundings(environment, folder, Optional.of(folder), folder.resolve("none.yaml"));
  }

  @AfterEach
  void logPropertiesOfThisProcess() {
    List.of(LogSettings.LEVEL, LogSettings.LIBRARY_LEVEL, LogSettings.FILE, LogSettings.FORMAT)
        .forEach(System::clearProperty);
  }

  private String[] words(String line) {
    return line.isEmpty() ? new String[0] : line.replace("@", folder + "/").split(" ");
  }

  private DaemonConfig byPicocli(String line) {
    List<DaemonConfig> started = new ArrayList<>();
    int exit =
        Hyper2Kvm.commandLine(
                surroundings,
                config -> {
                  started.add(config);
                  return 0;
                })
            .execute(words(line));
    assertThat(exit).isZero();
    assertThat(started).hasSize(1);
    return started.get(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--config daemon.yaml",
        "--config @daemon.yaml",
        "daemon --config daemon.yaml",
        "daemon --config=daemon.yaml",
        "daemon --config daemon.yaml --max-concurrent-jobs 9",
        "daemon --max-concurrent-jobs=9 --config @daemon.yaml",
        "daemon --manifest-workflow-mode --manifest-workflow-dir flow --output-dir out",
        "daemon --manifest-workflow-dir @flow --output-dir=@out --kvm off --dry-run",
        "daemon --config daemon.yaml --allowed-source-roots b --allowed-source-roots=@",
        "daemon --config daemon.yaml --manifest-min-age 0s --verbose=2",
        "daemon --config daemon.yaml --log-level debug --web-port 0 --http-port 18080",
        "daemon --config daemon.yaml --domain-cpu maximum --poll-interval=1s",
        "daemon --config daemon --output-dir=a=b"
      })
  void sameConfigurationAsByPicocli(String line) {
    environment.put("HYPER2KVM_POLL_INTERVAL", "700ms");
    environment.put("HYPER2KVM_KVM", "off");
    assertThat(PlainStart.load(surroundings, words(line)).orElseThrow().config())
        .isEqualTo(byPicocli(line));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--help",
        "--config",
        "--config -x",
        "--config daemon.yaml --kvm off",
        "--config daemon.yaml daemon",
        "--config=daemon.yaml",
        "status --config daemon.yaml",
        "daemon --help",
        "daemon --config daemon.yaml --print-config",
        "daemon --config daemon.yaml --config daemon.yaml",
        "daemon --config daemon.yaml --kvm",
        "daemon --config daemon.yaml --kvm off --kvm on",
        "daemon --config daemon.yaml --kvm=",
        "daemon --config daemon.yaml --kvm --dry-run",
        "daemon --config daemon.yaml --dry-run --dry-run",
        "daemon --config daemon.yaml --dry-run=true",
        "daemon --config daemon.yaml --dry-run false",
        "daemon --config daemon.yaml --command daemon",
        "daemon --config daemon.yaml --max-concurrent-job 9",
        "daemon --config daemon.yaml --max-concurrent-jobs nine",
        "daemon --config daemon.yaml --verbose 2 --log-level INFO",
        "daemon --config daemon.yaml --domain-cpu=host=model",
        "daemon --config daemon.yaml -- x",
        "daemon --config none.yaml",
        "--config wrong.yaml",
        "daemon daemon.yaml",
        "daemon"
      })
  void allElseIsLeftToPicocli(String line) {
    assertThat(PlainStart.load(surroundings, words(line))).isEmpty();
  }

  @Test
  void valueMayHaveASpace() {
    String[] words = {"daemon", "--config", "daemon.yaml", "--source-dir", "sources a"};
    assertThat(PlainStart.load(surroundings, words).orElseThrow().config().sources().dir())
        .hasValue(folder.resolve("sources a"));
  }
}
