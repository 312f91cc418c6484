package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.SilentAnswers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/**
 * A small input of {@code src/test/guests/cases} and what {@code hyper2kvm plan} reports of it.
 *
 * @param exit the exit code of {@code plan}
 * @param report the report that it printed
 */
record GuestCase(int exit, JsonNode report) {

  private static final Path MAKERS = RealGuest.Program.HOME.resolve("src/test/guests/cases");

  /** Makes the input in a folder that is empty, and plans its conversion. */
  static GuestCase planned(String name, Path folder) throws IOException, InterruptedException {
    return planned(name, folder, Map.of());
  }

  /** The same, with settings from the environment. */
  static GuestCase planned(String name, Path folder, Map<String, String> settings)
      throws IOException, InterruptedException {
    RealGuest.Program.run(
        List.of("bash", MAKERS.resolve(name + ".sh").toString(), folder.toString()));
    return planned(folder.resolve("manifest.json"), settings);
  }

  /** Plans the conversion of a manifest that is there. */
  static GuestCase planned(Path manifest) throws IOException, InterruptedException {
    return planned(manifest, Map.of());
  }

  /** The same, with settings from the environment. */
  static GuestCase planned(Path manifest, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path errors = manifest.resolveSibling("plan.stderr");
    Path out = manifest.resolveSibling("plan.json");
    ProcessBuilder builder =
        new ProcessBuilder(
                RealGuest.Program.HOME.resolve("bin/hyper2kvm").toString(),
                "plan",
                "--kvm",
                RealGuest.Program.KVM,
                "--output",
                "json",
                manifest.toString())
            .directory(manifest.getParent().toFile())
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile());
    builder.environment().putAll(settings);
    Process process = builder.start();
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("plan did not end: " + Files.readString(errors));
    }
    JsonNode report = new ObjectMapper().readTree(Files.readString(out));
    assertThat(report.isObject()).as(() -> read(errors)).isTrue();
    assertThat(SilentAnswers.in(report)).isEmpty();
    return new GuestCase(process.exitValue(), report);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Whether the plan completed. */
  boolean completed() {
    return report.path("status").asText().equals("completed");
  }

  /** The warnings, of all stages. */
  List<String> warnings() {
    return texts(report.path("warnings"));
  }

  /** The code of the failure; empty when the plan completed. */
  String failureCode() {
    return report.path("code").asText();
  }

  /** What the failure says; empty when the plan completed. */
  String failureMessage() {
    return report.path("error").asText();
  }

  /**
   * The lines of a guest's file that the fixes change, as they are afterwards.
   *
   * @param file its path in the guest
   */
  List<String> linesAfter(String file) {
    List<String> lines = new ArrayList<>();
    for (JsonNode change : changes()) {
      if (change.path("file").asText().equals(file)) {
        lines.add(change.path("after").asText());
      }
    }
    return lines;
  }

  /** All changes of all fixes, as the report has them. */
  List<JsonNode> changes() {
    List<JsonNode> changes = new ArrayList<>();
    report
        .at("/stages/fix/fixes_applied")
        .forEach(fix -> fix.path("changes").forEach(changes::add));
    return changes;
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
