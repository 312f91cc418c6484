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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example {@code virsh-define}; VirshDefineExampleIT has the real virsh. */
@Tag("daemon")
class VirshDefineExampleTest {

  @TempDir Path folder;
  private RunningDaemon daemon;

  @BeforeEach
  void prepare() throws IOException {
    daemon = new RunningDaemon(folder);
    virsh("");
  }

  /** A virsh that writes down its call, and then does what is said. */
  private void virsh(String then) throws IOException {
    daemon.tools.executable(
        "virsh", "#!/bin/sh\necho \"$@\" >>%s/virsh-calls\n%s\n".formatted(folder, then));
  }

  private List<String> calls() throws IOException {
    Path calls = folder.resolve("virsh-calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  private String manifest(String keys, String convert) throws IOException {
    return """
        {"version": "1.0", %s "pipeline": {
          "load": {"source_type": "raw", "source_path": "%s"},
          "convert": {"output_format": "raw"%s}}}
        """
        .formatted(keys, daemon.disk("web"), convert);
  }

  private RunningDaemon start() throws IOException {
    return new InstalledExamples(daemon, "virsh-define").with("LIBVIRT_URI", "test:///x").start();
  }

  private String define(RunningDaemon running) {
    return "-q -c test:///x define --file " + running.output().resolve("web.xml");
  }

  @Test
  void aVmIsDefinedAndNotStarted() throws Exception {
    try (RunningDaemon running = start()) {
      running.drop("web.json", manifest("", ""));
      running.awaitProcessed("web.json");

      assertThat(calls()).containsExactly(define(running));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"metadata\": {\"labels\": [\"start\"]}, | true",
        "\"metadata\": {\"labels\": [\"web\", \"start\"]}, | true",
        "\"metadata\": {\"labels\": [\"restart\"]}, | false",
        "\"metadata\": {\"labels\": {}}, | false",
        "\"metadata\": {\"owner\": \"start\"}, | false",
      })
  void theLabelDecidesOnTheStart(String metadata, boolean started) throws Exception {
    try (RunningDaemon running = start()) {
      running.drop("web.json", manifest(metadata, ""));
      running.awaitProcessed("web.json");

      assertThat(calls().contains("-q -c test:///x start --domain web")).isEqualTo(started);
      assertThat(calls()).contains(define(running));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | , \"domain_xml\": false",
        "'' | , \"domain\": \"none\"",
        "'' | , \"domain\": \"kubevirt\"",
        "\"dry_run\": true, | ''",
      })
  void whatHasNoDomainIsLeftAlone(String keys, String convert) throws Exception {
    try (RunningDaemon running = start()) {
      running.drop("web.json", manifest(keys, convert));
      running.awaitProcessed("web.json");

      assertThat(calls()).isEmpty();
    }
  }

  @Test
  void aVmThatWasReusedIsDefinedAgain() throws Exception {
    try (RunningDaemon running = start()) {
      String manifest = manifest("\"name\": \"web\",", "");
      running.drop("web.json", manifest);
      running.awaitProcessed("web.json");
      running.drop("again.json", manifest);
      running.awaitProcessed("again.json");

      assertThat(calls()).containsExactly(define(running), define(running));
    }
  }

  @Test
  void aDomainThatIsNotDefinedIsNotStartedAndTheVmHasCompleted() throws Exception {
    virsh("echo 'error: no such host' >&2; exit 1");
    try (RunningDaemon running = start()) {
      running.drop("web.json", manifest("\"metadata\": {\"labels\": [\"start\"]},", ""));

      assertThat(running.report("web.json").path("status").asText()).isEqualTo("completed");
      assertThat(calls()).containsExactly(define(running));
    }
  }

  @Test
  void whatVirshLeavesIsRemoved() throws Exception {
    virsh("touch left; pwd >%s/where".formatted(folder));
    try (RunningDaemon running = start()) {
      running.drop("web.json", manifest("", ""));
      running.awaitProcessed("web.json");

      assertThat(folder.resolve("where")).content().startsWith(running.work().toString());
      assertThat(RunningDaemon.names(running.work())).noneMatch(name -> name.startsWith("web."));
    }
  }
}
