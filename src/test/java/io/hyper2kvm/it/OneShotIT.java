package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** run and plan as an operator starts them: exit codes, what is printed, what a signal leaves. */
class OneShotIT {

  @TempDir Path folder;
  private Path tools;

  @BeforeEach
  void folders() throws IOException {
    folder = folder.toRealPath();
    Files.createDirectories(folder.resolve("tmp"));
    tools = Files.createDirectories(folder.resolve("tools"));
  }

  private record Ended(int exit, String out, String err) {}

  private Process start(boolean fake, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(RealGuest.Program.HOME.resolve("bin/hyper2kvm").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile());
    builder.environment().put("TMPDIR", folder.resolve("tmp").toString());
    builder.environment().put("HYPER2KVM_KVM", RealGuest.Program.KVM);
    if (fake) {
      builder.environment().put("PATH", tools + ":/usr/bin:/bin");
    }
    return builder.start();
  }

  private Ended end(Process process) throws Exception {
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("did not end: " + Files.readString(folder.resolve("stderr")));
    }
    return new Ended(
        process.exitValue(),
        Files.readString(folder.resolve("stdout")),
        Files.readString(folder.resolve("stderr")));
  }

  /** A qemu-img that does as told before it copies. */
  private void fakeQemuImg(String beforeConvert) throws IOException {
    try (InputStream script =
        OneShotIT.class.getResourceAsStream("/io/hyper2kvm/daemon/fake-qemu-img.sh")) {
      Path tool = Files.write(tools.resolve("qemu-img"), script.readAllBytes());
      Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.writeString(tools.resolve("on-convert.sh"), beforeConvert);
  }

  private void manifest() throws IOException {
    Files.write(folder.resolve("disk.raw"), new byte[1 << 20]);
    Files.writeString(
        folder.resolve("web.json"),
        """
        {"version": "1.0", "pipeline": {"load": {"source_type": "raw", "source_path": "%s"},
         "convert": {"output_format": "raw"}}}
        """
            .formatted(folder.resolve("disk.raw")));
  }

  private List<String> left() throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(path -> !path.startsWith(tools))
          .filter(Files::isRegularFile)
          .map(path -> folder.relativize(path).toString())
          .filter(name -> !name.startsWith("std"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalEndsTheToolsAndLeavesNothing(String signal, int exit) throws Exception {
    fakeQemuImg("echo half >\"$last\"; echo $$ >\"$here/at-work\"; sleep 600");
    manifest();
    Process process = start(true, "run", "--kvm", "off", "web.json");
    Path atWork = tools.resolve("at-work");
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> !process.isAlive() || (Files.exists(atWork) && Files.size(atWork) > 0));
    long tool = Long.parseLong(Files.readString(atWork).strip());
    RealGuest.Program.run(List.of("kill", "-" + signal, String.valueOf(process.pid())));
    Ended ended = end(process);

    assertThat(ended.exit()).as(ended.err()).isEqualTo(exit);
    assertThat(ended.err()).endsWith("hyper2kvm: stopped; nothing half-written is left\n");
    assertThat(left()).containsExactly("disk.raw", "web.json");
    assertThat(folder.resolve("tmp")).isEmptyDirectory();
    assertThat(ProcessHandle.of(tool)).isEmpty();
  }

  @Test
  void aRunPrintsALineForEachStageAndASummary() throws Exception {
    fakeQemuImg("");
    manifest();
    Ended ended = end(start(true, "run", "--kvm", "off", "web.json"));

    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(ended.err().replaceAll("(?m)^\\d\\d:\\d\\d:\\d\\d ", ""))
        .isEqualTo("web: load\nweb: convert\nweb: validate\nweb: completed\n");
    assertThat(
            ended
                .out()
                .replaceAll("in [0-9.]+ s", "in TIME")
                .replaceAll(
                    "(?m)^  space    1.0 MiB as the guest sees it, .* on disk$",
                    "  space    SIZES"))
        .isEqualTo(
            """
            web: completed in TIME
              output   %s/web-converted.raw (1.0 MiB)
              space    SIZES
              domain   %s/web.xml
              warning  the VM gets sata disks and e1000e cards instead of virtio: the guest was not\
             inspected; set convert.domain.disk_bus and network_model for others
            report: %s/web.json.report.json
            """
                .formatted(folder, folder, folder));
  }

  @Test
  void aFailedRunSaysWhy() throws Exception {
    fakeQemuImg("echo 'qemu-img: No space left on device' >&2; exit 1");
    manifest();
    Ended ended = end(start(true, "run", "-q", "--kvm", "off", "web.json"));

    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.err()).startsWith("web: failed in stage convert").contains("NO_SPACE");
    assertThat(left()).containsExactly("disk.raw", "web.json", "web.json.error.json");
  }

  @Test
  void aFullFileSystemIsNoticedBeforeAnyWork() throws Exception {
    Path small = Files.createDirectories(folder.resolve("small"));
    Files.write(folder.resolve("disk.raw"), new byte[100 << 20]);
    byte[] noise = new byte[90 << 20];
    new java.util.Random(7).nextBytes(noise);
    Files.write(folder.resolve("disk.raw"), noise);
    Files.writeString(
        folder.resolve("web.yaml"),
        "version: '1.0'\npipeline: {load: {source_type: raw, source_path: %s}}\n"
            .formatted(folder.resolve("disk.raw")));
    RealGuest.Program.run(
        List.of("mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", small.toString()));
    try {
      Ended ended = end(start(false, "run", "--kvm", "off", "--output-dir", "small", "web.yaml"));

      assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
      assertThat(ended.out())
          .contains("failed in stage load", "NO_SPACE")
          .contains(small + " has 80.0 MiB available (83886080 bytes), the output needs 90.");
      assertThat(small).isEmptyDirectory();
    } finally {
      RealGuest.Program.run(List.of("umount", small.toString()));
    }
  }

  @Test
  void aRunDoesWhatItsPlanLists() throws Exception {
    runAsPlanned();
  }

  @Test
  @Tag("all")
  void theDomainOfARunBoots() throws Exception {
    Path domain = runAsPlanned();
    try (Libvirt libvirt = new Libvirt()) {
      assertThat(libvirt.boot(domain, "deb", " login: ", Duration.ofMinutes(8)))
          .contains(" login: ");
    }
  }

  /** Plans a conversion, converts, and gives the domain that was written. */
  private Path runAsPlanned() throws Exception {
    Path source = RealGuest.debian12("vmdk", "--modules", "list").get(0);
    Files.writeString(
        folder.resolve("deb.yaml"),
        """
        version: "1.0"
        pipeline:
          load: {source_type: vmdk, source_path: %s}
          fix:
            fstab: {mode: stabilize-all}
            grub: {enabled: true, serial_console: true}
            initramfs: {enabled: true}
            network: {fix_level: full}
          convert: {output_format: qcow2, output_path: new/folder/deb.qcow2}
        """
            .formatted(source));
    Ended plan = end(start(false, "plan", "--output", "json", "deb.yaml"));
    assertThat(plan.exit()).as(plan.err()).isZero();
    assertThat(left()).containsExactly("deb.yaml");
    assertThat(folder.resolve("new")).doesNotExist();
    Ended run = end(start(false, "run", "--output", "json", "deb.yaml"));
    assertThat(run.exit()).as(run.err()).isZero();

    JsonNode planned = new ObjectMapper().readTree(plan.out());
    JsonNode done = new ObjectMapper().readTree(run.out());
    assertThat(changes(planned)).isNotEmpty().isEqualTo(changes(done));
    assertThat(planned.at("/plan/outputs/0/path")).isEqualTo(done.at("/artifacts/output"));
    assertThat(planned.at("/plan/domain_xml/path")).isEqualTo(done.at("/artifacts/domain_xml"));
    long needed = planned.at("/plan/space/0/needed_bytes").asLong();
    assertThat(Files.size(Path.of(done.at("/artifacts/output").asText()))).isLessThan(needed);

    Path domain = Path.of(done.at("/artifacts/domain_xml").asText());
    Libvirt.assertValid(List.of(domain));
    assertThat(domain).content().contains("<mac address=\"00:0c:29:3e:5f:a1\"/>");
    return domain;
  }

  private static List<JsonNode> changes(JsonNode report) {
    List<JsonNode> changes = new ArrayList<>();
    report
        .at("/stages/fix/fixes_applied")
        .forEach(fix -> fix.path("changes").forEach(changes::add));
    return changes;
  }
}
