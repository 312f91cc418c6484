package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples {@code compression-by-name} and {@code skip-boot-test}. */
@Tag("daemon")
class SteeringExamplesTest {

  @TempDir Path folder;
  private RunningDaemon daemon;

  @BeforeEach
  void prepare() throws IOException {
    daemon = new RunningDaemon(folder);
  }

  private String compressed(String batch) {
    return batch.replace(
        "\"output_format\": \"raw\"", "\"output_format\": \"qcow2\", \"compress\": true");
  }

  @Test
  void theNameDecidesOnTheCompression() throws Exception {
    for (String name : List.of("db-1", "old-1", "web", "mydb-1")) {
      daemon.disk(name);
    }
    try (RunningDaemon running = new InstalledExamples(daemon, "compression-by-name").start()) {
      running.drop("four.json", compressed(running.batch("", "db-1", "old-1", "web", "mydb-1")));

      List<String> compression = new ArrayList<>();
      for (JsonNode vm : running.report("four.json").path("vms")) {
        JsonNode convert = vm.path("stages").path("convert");
        compression.add(
            "%s %s".formatted(vm.path("name").asText(), convert.path("compression_type").asText()));
        assertThat(vm.path("warnings").size())
            .isEqualTo(vm.path("name").asText().matches("(db|old)-.*") ? 1 : 0);
      }
      assertThat(compression).containsExactly("db-1 ", "old-1 zlib", "web zstd", "mydb-1 zstd");
    }
  }

  @Test
  void anOutputThatCannotBeCompressedIsLeftAlone() throws Exception {
    try (RunningDaemon running = new InstalledExamples(daemon, "compression-by-name").start()) {
      running.drop("db.json", running.single(running.disk("old-1"), "old-1"));

      JsonNode report = running.report("db.json");
      assertThat(report.path("stages").path("convert").path("output_format").asText())
          .isEqualTo("raw");
      assertThat(report.path("warnings")).isEmpty();
    }
  }

  /** A manifest that asks for a boot test, for which there is no appliance here. */
  private String bootTested(String metadata) throws IOException {
    return daemon
        .single(daemon.disk("web"), "web")
        .replaceFirst("\\{", "{\"metadata\": %s, ".formatted(metadata))
        .replace("\"convert\":", "\"validate\": {\"boot_test\": true}, \"convert\":");
  }

  private RunningDaemon startWithoutAppliance() throws IOException {
    daemon.tools.executable("guestfish", "#!/bin/sh\necho 'no appliance here' >&2\nexit 1\n");
    return new InstalledExamples(daemon, "skip-boot-test").start();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"labels\": [\"no-boot-test\"]}",
        "{\"labels\": [\"linux\", \"no-boot-test\"], \"owner\": \"ops\"}",
        "{\"labels\": \"no-boot-test\"}"
      })
  void aLabelledVmHasNoBootTest(String metadata) throws Exception {
    try (RunningDaemon running = startWithoutAppliance()) {
      running.drop("web.json", bootTested(metadata));

      JsonNode report = running.report("web.json");
      assertThat(report.path("stages").path("validate").path("boot_test").isMissingNode()).isTrue();
      assertThat(report.path("warnings"))
          .singleElement()
          .satisfies(warning -> assertThat(warning.asText()).endsWith(": label no-boot-test"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"labels\": null}",
        "{\"labels\": [\"boot-test\"]}",
        "{\"labels\": {\"a\": 1}}"
      })
  void anyOtherVmHasIts(String metadata) throws Exception {
    try (RunningDaemon running = startWithoutAppliance()) {
      running.drop("web.json", bootTested(metadata));

      JsonNode error = running.error("web.json");
      assertThat(error.path("command").asText()).startsWith("guestfish");
    }
  }

  @Test
  void aLabelOfOneVmOfABatchCountsForThatVm() throws Exception {
    daemon.disk("a");
    daemon.disk("b");
    try (RunningDaemon running = startWithoutAppliance()) {
      running.drop(
          "two.json",
          running
              .batch(
                  "\"defaults\": {\"pipeline\": {\"validate\": {\"boot_test\": true}}},", "a", "b")
              .replace(
                  "\"name\": \"b\",",
                  "\"name\": \"b\", \"metadata\": {\"labels\": [\"no-boot-test\"]},"));

      JsonNode vms = running.error("two.json").path("vms");
      assertThat(vms.get(0).path("status").asText()).isEqualTo("failed");
      assertThat(vms.get(1).path("status").asText()).isEqualTo("completed");
    }
  }
}
