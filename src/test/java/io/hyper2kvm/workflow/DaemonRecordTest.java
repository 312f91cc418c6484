package io.hyper2kvm.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.tool.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DaemonRecordTest {

  @TempDir Path folder;
  private WorkflowDirectories directories;

  @BeforeEach
  void directories() {
    directories = new WorkflowDirectories(folder);
  }

  private static DaemonRecord record(ProcessIdentity process) {
    return new DaemonRecord(
        process,
        "2026-01-24T14:30:45+01:00",
        "1.0",
        Path.of("/srv/ü \" out"),
        Optional.of(Path.of("/data")),
        List.of(Path.of("/a"), Path.of("/b")),
        List.of(),
        Path.of("/work"),
        1 << 20,
        500,
        2,
        true,
        OptionalInt.of(3),
        ZoneId.of("Europe/Berlin"));
  }

  private void write(byte[] content) throws IOException {
    Files.write(DaemonRecord.file(directories), content);
  }

  @Test
  void recordIsReadAsItWasWritten() throws IOException {
    DaemonRecord record = record(ProcessIdentity.current());
    write(record.toJson());

    assertThat(DaemonRecord.read(directories)).contains(record);
  }

  @Test
  void numberOfVmsAtWorkIsKnownWhileNothingNewBegins() throws IOException {
    DaemonRecord record = record(ProcessIdentity.current());
    write(record.withDraining(true, 0).toJson());
    assertThat(DaemonRecord.read(directories).orElseThrow().vmsAtWork()).hasValue(0);

    write(record.withDraining(false, 0).toJson());
    assertThat(DaemonRecord.read(directories).orElseThrow().vmsAtWork()).isEmpty();
  }

  @Test
  void processThatWroteItIsRunning() throws IOException {
    assertThat(record(ProcessIdentity.current()).isRunning()).isTrue();
  }

  @Test
  void laterProcessOfTheSameNumberIsNotTheOneThatWroteIt() throws IOException {
    ProcessIdentity own = ProcessIdentity.current();

    assertThat(record(new ProcessIdentity(own.pid(), 1, own.boot())).isRunning()).isFalse();
  }

  @Test
  void processThatEndedIsNotRunning() throws Exception {
    Process process = new ProcessBuilder("cat").start();
    DaemonRecord record = record(ProcessIdentity.of(process.pid()).orElseThrow());
    assertThat(record.isRunning()).isTrue();
    process.destroy();
    process.waitFor();

    assertThat(record.isRunning()).isFalse();
  }

  @Test
  void noRecordIsNone() {
    assertThat(DaemonRecord.read(directories)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"pid\" : \\d+ | \"pid\" : \"x\"",
        "\"pid\" : \\d+ | \"pid\" : 99999999999999999999",
        "\"pid\" : \\d+ | \"pid\" : {\"a\": 1}",
        "\"output_dir\" | \"outputdir\"",
        "/work | work",
        "/work | /wo\\\\u0000rk",
        "\"/a\" | \"a\"",
        "} | ]"
      })
  void recordThatMakesNoSenseIsNone(String pattern, String nonsense) throws IOException {
    String json = new String(record(ProcessIdentity.current()).toJson(), StandardCharsets.UTF_8);
    String mangled = json.replaceFirst(pattern.strip(), nonsense.strip());
    assertThat(mangled).isNotEqualTo(json);
    write(mangled.getBytes(StandardCharsets.UTF_8));

    assertThat(DaemonRecord.read(directories)).isEmpty();
  }

  @Test
  void halfARecordIsNone() throws IOException {
    byte[] json = record(ProcessIdentity.current()).toJson();
    for (int length = 0; length < json.length - 3; length += 7) {
      write(Arrays.copyOf(json, length));
      assertThat(DaemonRecord.read(directories)).as("first %d bytes", length).isEmpty();
    }
  }

  @Test
  void linkIsNotFollowed() throws IOException {
    Path elsewhere = folder.resolve("elsewhere");
    Files.write(elsewhere, record(ProcessIdentity.current()).toJson());
    Files.createSymbolicLink(DaemonRecord.file(directories), elsewhere);

    assertThat(DaemonRecord.read(directories)).isEmpty();
  }
}
