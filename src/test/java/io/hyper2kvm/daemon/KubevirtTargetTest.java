package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.hyper2kvm.stage.domain.kubevirt.KubevirtSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manifest's target, from the drop zone to the report. */
@Tag("daemon")
class KubevirtTargetTest {

  @TempDir Path folder;
  private RunningDaemon daemon;

  @BeforeEach
  void prepare() throws IOException {
    daemon = new RunningDaemon(folder);
  }

  private static List<JsonNode> objects(Path file) throws IOException {
    return new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(file.toFile()).readAll();
  }

  private String batch(String more) throws IOException {
    return """
        {"version": "1.0", "batch": true, %s
         "defaults": {"pipeline": {"convert": {"output_format": "raw",
           "networks": {"*": {"network": "default", "multus": "lab/lan"}}}}},
         "vms": [
          {"name": "Web_01", "pipeline": {
            "load": {"source_type": "raw", "source_path": "%s", "additional_disks": ["%s"]},
            "convert": {"domain": "kubevirt"}}},
          {"name": "db", "pipeline": {"load": {"source_type": "raw", "source_path": "%s"}}},
          {"name": "old", "pipeline": {"load": {"source_type": "raw", "source_path": "%s"},
            "convert": {"domain": "none"}}}]}
        """
        .formatted(
            more,
            daemon.disk("web-1"),
            daemon.disk("web-2"),
            daemon.disk("db"),
            daemon.disk("old"));
  }

  @Test
  void everyVmOfABatchGetsItsTargetsFile() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("wave.json", batch(""));
      JsonNode vms = running.report("wave.json").path("vms");

      Path file = running.output().resolve("Web_01.kubevirt.yaml");
      assertThat(vms.at("/0/artifacts/kubevirt_yaml").asText()).isEqualTo(file.toString());
      assertThat(vms.at("/0/artifacts").has("domain_xml")).isFalse();
      assertThat(vms.at("/0/stages/convert/kubevirt_yaml/name").asText()).isEqualTo("web-01");
      assertThat(vms.at("/0/warnings"))
          .singleElement()
          .satisfies(
              warning -> assertThat(warning.asText()).startsWith("in KubeVirt the VM is called"));
      assertThat(objects(file))
          .hasSize(3)
          .allSatisfy(object -> assertThat(KubevirtSchema.problems(object)).isEmpty());
      assertThat(vms.at("/1/artifacts/domain_xml").asText()).endsWith("/db.xml");
      assertThat(vms.at("/2/artifacts").has("domain_xml")).isFalse();
      assertThat(RunningDaemon.names(running.output()))
          .contains("Web_01.kubevirt.yaml", "db.xml")
          .doesNotContain("Web_01.xml", "old.xml", "old.kubevirt.yaml");
    }
  }

  @Test
  void aDryRunNamesTheFilesAndWritesNone() throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("wave.json", batch("\"dry_run\": true,"));
      JsonNode vms = running.report("wave.json").path("vms");

      assertThat(vms.findValuesAsText("target")).containsExactly("kubevirt", "libvirt", "none");
      assertThat(vms.at("/0/plan/kubevirt_yaml/action").asText()).isEqualTo("create");
      assertThat(vms.at("/1/plan/domain_xml/action").asText()).isEqualTo("create");
      assertThat(RunningDaemon.names(running.output())).isEmpty();
    }
  }
}
