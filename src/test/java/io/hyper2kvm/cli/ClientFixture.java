package io.hyper2kvm.cli;

import io.hyper2kvm.cli.output.Surroundings;
import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.tool.ProcessIdentity;
import io.hyper2kvm.workflow.DaemonRecord;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Workflow directories as a daemon would leave them, and the commands on them, in this JVM. */
final class ClientFixture {

  final Path root;
  final WorkflowDirectories directories;
  final Map<String, String> environment = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private InputStream stdin = InputStream.nullInputStream();

  ClientFixture(Path root) throws IOException {
    this.root = root.toRealPath();
    directories = new WorkflowDirectories(this.root.resolve("flow"));
    directories.create();
    environment.put("HYPER2KVM_MANIFEST_WORKFLOW_DIR", directories.root().toString());
    environment.put("HYPER2KVM_OUTPUT_DIR", this.root.resolve("out").toString());
  }

  /** The record of a daemon; this process stands for it. */
  void announceDaemon() throws IOException {
    announce(ProcessIdentity.current());
  }

  void announce(ProcessIdentity process) throws IOException {
    DaemonRecord record =
        new DaemonRecord(
            process,
            "2026-01-24T14:00:00Z",
            "1.0",
            root.resolve("daemons-out"),
            Optional.of(root.resolve("daemons-in")),
            List.of(),
            List.of(),
            root.resolve("work"),
            1 << 20,
            500,
            2,
            false,
            OptionalInt.empty(),
            ZoneId.systemDefault());
    AtomicFile.write(DaemonRecord.file(directories), record.toJson());
  }

  void stdin(String text) {
    stdin = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    var surroundings =
        new Surroundings(environment, root, Optional.of(root), root.resolve("none.yaml"));
    return Hyper2Kvm.commandLine(surroundings, config -> 0, stdin)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .execute(arguments);
  }

  /** What was printed, with what differs from run to run replaced. */
  String out() {
    return normal(out.toString());
  }

  String err() {
    return normal(err.toString());
  }

  /** As it was printed. */
  String rawOut() {
    return out.toString();
  }

  private String normal(String text) {
    return text.replace(root.toString(), "ROOT")
        .replaceAll("process \\d+", "process PID")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-]\\d\\d:\\d\\d)", "TIME")
        .replaceAll("\\b\\d+:\\d\\d:\\d\\d\\b", "H:MM:SS")
        .replace(LocalDate.now().toString(), "DAY");
  }

  String manifest(String name) {
    return """
        {"version": "1.0", "name": "%s",
         "pipeline": {"load": {"source_type": "raw", "source_path": "/data/%s.raw"}}}
        """
        .formatted(name, name);
  }

  /** A file outside of the workflow directory. */
  Path file(String name, String content) throws IOException {
    Path file = root.resolve("mine").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  Path waiting(String name) throws IOException {
    return Files.writeString(
        directories.toBeProcessed().resolve(name), manifest(name.split("\\.")[0]));
  }

  /** A manifest at work with the live status. */
  Path running(String name, String status) throws IOException {
    Path place = Files.writeString(directories.processing().resolve(name), manifest("x"));
    Files.writeString(place.resolveSibling(name + ".status.json"), status);
    return place;
  }

  /** A manifest that ended today, with a report. */
  Path completed(String name, String report) throws IOException {
    return ended(directories.processed(), name, ".report.json", report);
  }

  /** A manifest that failed today, with an error file. */
  Path failed(String name, String error) throws IOException {
    return ended(directories.failed(), name, ".error.json", error);
  }

  private Path ended(Path folder, String name, String ending, String about) throws IOException {
    Path day = Files.createDirectories(WorkflowDirectories.day(folder, LocalDate.now()));
    Files.writeString(day.resolve(name + ending), about);
    return Files.writeString(day.resolve(name), manifest("x"));
  }

  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  static String golden(String name) throws IOException {
    try (InputStream in = ClientFixture.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
