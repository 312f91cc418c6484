package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("daemon")
class DryRunTest {

  @TempDir Path root;
  private RunningDaemon daemon;

  @BeforeEach
  void folders() throws Exception {
    daemon = new RunningDaemon(root);
  }

  private static String dry(String manifest) {
    return manifest.replaceFirst("\"pipeline\"", "\"dry_run\": true, \"pipeline\"");
  }

  @Test
  void whatARunWouldRefuseADryRunRefuses() throws Exception {
    Files.writeString(daemon.output().resolve("a-converted.raw"), "somebody's");
    try (RunningDaemon running = daemon.start()) {
      running.drop("a.json", dry(running.single(running.disk("a"), "a")));

      JsonNode error = running.error("a.json");

      assertThat(error.path("code").asText()).isEqualTo("OUTPUT_EXISTS");
      assertThat(error.path("dry_run").asBoolean()).isTrue();
      assertThat(error.at("/plan/outputs/0/exists").asBoolean()).isTrue();
    }
  }

  @Test
  void aDryRunLeavesNothingButItsReport() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      String manifest = dry(running.single(running.disk("a"), "a"));
      String elsewhere = "\"output_format\": \"raw\", \"output_path\": \"new/folder/a.raw\"";
      running.drop("a.json", manifest.replace("\"output_format\": \"raw\"", elsewhere));

      JsonNode report = running.report("a.json");

      assertThat(report.path("dry_run").asBoolean()).isTrue();
      assertThat(report.at("/plan/outputs/0/path").asText())
          .isEqualTo(running.output().resolve("new/folder/a.raw").toString());
      assertThat(report.at("/plan/outputs/0/action").asText()).isEqualTo("create");
      assertThat(report.at("/plan/space/0/needed_bytes").asLong()).isPositive();
      assertThat(RunningDaemon.names(running.output())).isEmpty();
      assertThat(RunningDaemon.names(running.work())).isEmpty();
    }
  }

  @Test
  void whatWouldBeReplacedIsSaidAndStays() throws Exception {
    Path output = Files.writeString(daemon.output().resolve("a-converted.raw"), "somebody's");
    try (RunningDaemon running = daemon.start()) {
      String manifest = dry(running.single(running.disk("a"), "a"));
      String overwrite = "\"output_format\": \"raw\", \"overwrite\": true";
      running.drop("a.json", manifest.replace("\"output_format\": \"raw\"", overwrite));

      assertThat(running.report("a.json").at("/plan/outputs/0/action").asText())
          .isEqualTo("replace");
      assertThat(output).hasContent("somebody's");
    }
  }

  @Test
  void theConfigurationMakesEveryManifestADryRun() throws Exception {
    daemon.dryRun = true;
    try (RunningDaemon running = daemon.start()) {
      running.drop("a.json", running.single(running.disk("a"), "a"));

      assertThat(running.report("a.json").path("dry_run").asBoolean()).isTrue();
      assertThat(RunningDaemon.names(running.output())).isEmpty();
    }
  }

  @Test
  void aRealRunIsNoDryRun() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("a.json", running.single(running.disk("a"), "a"));

      JsonNode report = running.report("a.json");

      assertThat(report.has("dry_run")).isFalse();
      assertThat(report.has("plan")).isFalse();
    }
  }
}
