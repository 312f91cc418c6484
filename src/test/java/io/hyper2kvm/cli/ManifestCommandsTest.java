package io.hyper2kvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.cli.output.Surroundings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What run and plan refuse before any work, and all of validate; work itself is the daemon's. */
class ManifestCommandsTest {

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void folders() throws Exception {
    folder = folder.toRealPath();
    Files.createDirectories(folder.resolve("routes"));
    Files.createFile(folder.resolve("routes/vm-pipeline.camel.yaml"));
    Files.createDirectories(folder.resolve("tools"));
    Files.createDirectories(folder.resolve("out"));
    tool("qemu-img", "echo '{\"required\": 1048576, \"fully-allocated\": 2097152}'");
    Files.write(folder.resolve("disk.raw"), new byte[1 << 20]);
  }

  @AfterEach
  void logPropertiesOfThisProcess() {
    List.of(
            LogSettings.LEVEL,
            LogSettings.LIBRARY_LEVEL,
            LogSettings.FILE,
            LogSettings.CONSOLE,
            LogSettings.CONSOLE_LEVEL,
            LogSettings.CONSOLE_OUTCOMES)
        .forEach(System::clearProperty);
  }

  private void tool(String name, String script) throws Exception {
    Path file = folder.resolve("tools").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private int run(String... arguments) {
    var surroundings =
        new Surroundings(
            Map.of("PATH", folder.resolve("tools").toString(), "TMPDIR", folder.toString()),
            folder,
            Optional.of(folder),
            folder.resolve("none.yaml"));
    return Hyper2Kvm.commandLine(surroundings, config -> 0)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .execute(arguments);
  }

  private void manifest(String name, String vm, String more) throws Exception {
    Files.writeString(
        folder.resolve(name),
        """
        {"version": "1.0", "name": "%s", "pipeline": {
          "load": {"source_type": "raw", "source_path": "%s"}%s}}
        """
            .formatted(vm, folder.resolve("disk.raw"), more));
  }

  /** All there is, with sizes and times: a command that touches nothing leaves it as it was. */
  private List<String> everything() throws Exception {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.map(path -> path + " " + path.toFile().length()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "plan"})
  void aManifestThatIsNotThereIsWrongUse(String command) {
    assertThat(run(command, "none.json")).isEqualTo(2);
    assertThat(err)
        .hasToString("hyper2kvm: there is no such file: " + folder.resolve("none.json") + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "plan", "validate"})
  void noManifestIsWrongUse(String command) {
    assertThat(run(command)).isEqualTo(2);
    assertThat(err.toString()).contains("Missing required parameter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "plan"})
  void aReportThatCannotBeWrittenIsRefusedBeforeAnyWork(String command) throws Exception {
    manifest("web.json", "web", "");

    assertThat(run(command, "--report", "none/report.json", "web.json")).isEqualTo(2);
    assertThat(err.toString()).contains("the report could not be written to");
  }

  @Test
  void aReportIsNotOverwritten() throws Exception {
    manifest("web.json", "web", "");
    Files.writeString(folder.resolve("r.json"), "somebody's");

    assertThat(run("run", "--report=r.json", "web.json")).isEqualTo(2);
    assertThat(err.toString()).contains("r.json is there already");
  }

  @Test
  void aWrongOptionValueIsWrongUse() throws Exception {
    manifest("web.json", "web", "");

    assertThat(run("run", "--kvm=perhaps", "web.json")).isEqualTo(2);
    assertThat(err.toString()).contains("--kvm").contains("auto, on, off");
  }

  @Test
  void allProblemsOfAllFilesAreTold() throws Exception {
    Files.writeString(folder.resolve("wrong.json"), "{\"version\": \"1.0\", \"y\": 1}");
    Files.writeString(
        folder.resolve("gone.yaml"),
        """
        version: "1.0"
        batch: true
        vms:
        - name: one
          pipeline: {load: {source_type: raw, source_path: /nowhere/one.raw}}
        - name: two
          pipeline: {load: {source_type: raw, source_path: /nowhere/two.raw}}
        """);

    assertThat(run("validate", "wrong.json", "gone.yaml", "none.json")).isEqualTo(1);
    assertThat(out.toString())
        .contains("wrong.json: 2 problems", "wrong.json:1:1 /pipeline", "wrong.json:1:20 /y")
        .contains("gone.yaml: 2 problems", "one: SOURCE_NOT_FOUND", "two: SOURCE_NOT_FOUND")
        .contains("none.json: 1 problem", "MANIFEST_UNREADABLE: there is no such file");
  }

  @Test
  void aMissingToolIsTold() throws Exception {
    manifest("web.json", "web", ", \"fix\": {\"fstab\": {}}");

    assertThat(run("validate", "web.json")).isEqualTo(1);
    assertThat(out.toString()).contains("TOOL_NOT_FOUND: guestfish is in none of");
  }

  @Test
  void anOutputThatIsThereIsTold() throws Exception {
    manifest("web.json", "web", "");
    Files.writeString(folder.resolve("web-converted.qcow2"), "somebody's");

    assertThat(run("validate", "web.json")).isEqualTo(1);
    assertThat(out.toString()).contains("web: OUTPUT_EXISTS");
  }

  @Test
  void twoManifestsWithOneOutputAreTold() throws Exception {
    manifest("a.json", "web", "");
    manifest("b.json", "web", "");

    assertThat(run("validate", "a.json", "b.json")).isEqualTo(1);
    assertThat(out.toString())
        .contains("a.json: valid, 1 VM")
        .contains("OUTPUT_IN_USE", "is also the output of VM web of manifest web");
  }

  @Test
  void tooLittleSpaceIsTold() throws Exception {
    tool("qemu-img", "echo '{\"required\": 900000000000000, \"fully-allocated\": 1}'");
    manifest("web.json", "web", "");

    assertThat(run("validate", "web.json")).isEqualTo(1);
    assertThat(out.toString()).contains("web: NO_SPACE: " + folder + " has");
  }

  @Test
  void aChecksumIsComparedWhenAsked() throws Exception {
    manifest("web.json", "web", "");
    Path file = folder.resolve("web.json");
    String load = "\"checksum\": \"sha256:" + "0".repeat(64) + "\", \"source_type\"";
    Files.writeString(file, Files.readString(file).replace("\"source_type\"", load));

    assertThat(run("validate", "web.json")).isZero();
    assertThat(run("validate", "--checksum", "web.json")).isEqualTo(1);
    assertThat(out.toString()).contains("web: SOURCE_CHECKSUM_MISMATCH");
  }

  @Test
  void scriptsGetJson() throws Exception {
    manifest("web.json", "web", "");
    Files.writeString(folder.resolve("wrong.json"), "{\"version\": \"1.0\"}");

    assertThat(run("validate", "--output", "json", "web.json", "wrong.json")).isEqualTo(1);
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.path("valid").asBoolean()).isFalse();
    assertThat(json.at("/files/0/valid").asBoolean()).isTrue();
    assertThat(json.at("/files/1/problems/0/path").asText()).isEqualTo("/pipeline");
    assertThat(json.at("/files/1/problems/0/line").asInt()).isEqualTo(1);
  }

  @Test
  void theTimeOfAManifestIsTold() throws Exception {
    manifest("night.json", "web", "");
    Path file = folder.resolve("night.json");
    String plain = Files.readString(file);
    Files.writeString(
        file,
        plain.replaceFirst(
            "\"pipeline\"",
            "\"schedule\": {\"not_before\": \"22:00\", \"not_after\": \"06:00\"}, \"priority\": 5, \"pipeline\""));

    assertThat(run("validate", "night.json")).isZero();
    assertThat(out)
        .hasToString(
            "night.json: valid, 1 VM for libvirt; a daemon begins VMs each day from 22:00 to 06:00; priority 5\n");

    Files.writeString(
        file,
        plain.replaceFirst(
            "\"pipeline\"",
            "\"schedule\": {\"not_after\": \"2020-01-01T00:00:00Z\"}, \"pipeline\""));
    assertThat(run("validate", "night.json")).isEqualTo(1);
    assertThat(out.toString()).contains("SCHEDULE_PASSED: the schedule has passed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kubevirt | kubevirt | valid, 2 VMs for kubevirt",
        "none | none | valid, 2 VMs without a domain",
        "libvirt | kubevirt | valid, 2 VMs: 1 for libvirt, 1 for kubevirt",
        "none | libvirt | valid, 2 VMs: 1 for libvirt, 1 without a domain",
      })
  void theTargetsAreTold(String first, String second, String words) throws Exception {
    Path disk = Files.write(folder.resolve("two.raw"), new byte[1 << 20]);
    Files.writeString(
        folder.resolve("two.yaml"),
        """
        version: "1.0"
        batch: true
        defaults: {pipeline: {load: {source_type: raw, source_path: %s}}}
        vms:
          - {name: a, pipeline: {convert: {domain: %s}}}
          - {name: b, pipeline: {convert: {domain: %s}}}
        """
            .formatted(disk, first, second));

    assertThat(run("validate", "two.yaml")).isZero();
    assertThat(out.toString().lines().findFirst().orElseThrow()).isEqualTo("two.yaml: " + words);
    run("validate", "--output", "json", "two.yaml");
    assertThat(out.toString()).contains("\"" + second + "\" :");
  }

  @Test
  void whatKubevirtWillLackIsTold() throws Exception {
    Path disk = Files.write(folder.resolve("two.raw"), new byte[1 << 20]);
    Files.writeString(
        folder.resolve("Web_01.yaml"),
        """
        version: "1.0"
        pipeline:
          load: {source_type: raw, source_path: %s, network_cards: [{name: eth0}, {name: eth1}]}
          convert: {domain: kubevirt, networks: {lan: {multus: lan}}}
        """
            .formatted(disk));

    assertThat(run("validate", "Web_01.yaml")).isZero();
    assertThat(out.toString())
        .contains(
            "warning: Web_01: convert.networks names the network \"lan\"",
            "warning: Web_01: there will be no KubeVirt VM: card 1 and card 2 would be on");
  }

  @Test
  void validateTouchesNothing() throws Exception {
    manifest("web.json", "web", ", \"convert\": {\"output_path\": \"new/folder/web.qcow2\"}");
    List<String> before = everything();

    assertThat(run("validate", "web.json")).isZero();
    assertThat(out).hasToString("web.json: valid, 1 VM for libvirt\n");
    assertThat(everything()).isEqualTo(before);
  }
}
