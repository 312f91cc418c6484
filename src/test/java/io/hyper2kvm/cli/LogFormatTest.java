package io.hyper2kvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.ThreadContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs hostile events with config/log4j2.properties, in a process of its own. */
class LogFormatTest {

  private static final String TIME =
      "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)";

  @TempDir Path folder;

  /** The other process: what it logs is what the test looks at. */
  public static final class Speaker {
    private Speaker() {}

    /** Logs each kind of event once, or sixty megabytes. */
    public static void main(String[] args) {
      var log = LogManager.getLogger("io.hyper2kvm.test");
      if (args.length > 0) {
        for (int i = 0; i < 60; i++) {
          log.info("x".repeat(1 << 20));
        }
        return;
      }
      log.info("stage started vm={}", "web\r\n2026-01-24T00:00:00.000Z INFO  forged");
      ThreadContext.put("manifest", "we\"b\n.json");
      ThreadContext.put("vm", "web\\");
      log.info("colour {} {}", "\u001b[31mred", "\u2028ü 日本 ${jndi:ldap://x} ${java:version}");
      ThreadContext.clearAll();
      log.debug("a detail");
      LogManager.getLogger("org.apache.camel").debug("their detail");
      log.warn("it failed", new IllegalStateException("first\nforged \u001b[2J line"));
      log.info("last");
    }
  }

  private List<String> speak(List<String> properties, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.add("-Xmx128m");
    command.add(
        "-Dlog4j2.configurationFile=" + Path.of("config/log4j2.properties").toAbsolutePath());
    command.addAll(properties);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Speaker.class.getName()));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    return Files.readString(output).lines().toList();
  }

  @Test
  void oneLineAnEventAndNothingForgedOnConsoleAndInTheFile() throws Exception {
    Path file = folder.resolve("lo g/manifest-daemon.log");
    List<String> lines = speak(List.of("-Dh2k.log.file=" + file));
    assertThat(Files.readString(file).lines()).containsExactlyElementsOf(lines);

    var events = lines.stream().filter(line -> line.matches(TIME + " .*")).toList();

    assertThat(events).hasSize(4).allMatch(line -> line.matches(TIME + " (INFO |WARN ) .*"));
    assertThat(events.get(0))
        .endsWith("INFO  stage started vm=web\\r\\n2026-01-24T00:00:00.000Z INFO  forged");
    assertThat(events.get(1)).endsWith("colour ?[31mred ?ü 日本 ${jndi:ldap://x} ${java:version}");
    assertThat(events.get(2)).endsWith("WARN  it failed");
    assertThat(events.get(3)).endsWith("INFO  last");
    assertThat(lines)
        .filteredOn(line -> !events.contains(line))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("  | "));
    assertThat(lines).contains("  | forged ?[2J line");
  }

  @Test
  void jsonHasOneObjectALineAndEveryCharacterOfTheMessage() throws Exception {
    Path file = folder.resolve("manifest-daemon.log");
    List<String> lines = speak(List.of("-Dh2k.log.file=" + file, "-Dh2k.log.format=json"));
    assertThat(Files.readString(file).lines()).containsExactlyElementsOf(lines);

    List<JsonNode> events = new ArrayList<>();
    for (String line : lines) {
      assertThat(line).matches("\\P{Cntrl}*").doesNotContain("\u2028");
      events.add(new ObjectMapper().readTree(line));
    }
    assertThat(events).hasSize(4);
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.path("time").asText()).matches(TIME);
              assertThat(event.path("thread").asText()).isEqualTo("main");
            });
    assertThat(events.get(0).path("message").asText())
        .isEqualTo("stage started vm=web\r\n2026-01-24T00:00:00.000Z INFO  forged");
    assertThat(events.get(0).has("manifest")).isFalse();
    assertThat(events.get(0).has("exception")).isFalse();
    assertThat(events.get(1).path("message").asText())
        .isEqualTo("colour \u001b[31mred ?ü 日本 ${jndi:ldap://x} ${java:version}");
    assertThat(events.get(1).path("manifest").asText()).isEqualTo("we\"b\n.json");
    assertThat(events.get(1).path("vm").asText()).isEqualTo("web\\");
    assertThat(events.get(2).path("level").asText()).isEqualTo("WARN");
    assertThat(events.get(2).path("logger").asText()).isEqualTo("io.hyper2kvm.test");
    assertThat(events.get(2).path("exception").asText())
        .startsWith("java.lang.IllegalStateException: first\nforged \u001b[2J line\n\tat ");
  }

  @Test
  void levelsAreOursAndTheLibraries() throws Exception {
    assertThat(speak(List.of("-Dh2k.log.level=DEBUG")))
        .anyMatch(line -> line.endsWith("DEBUG a detail"))
        .noneMatch(line -> line.endsWith("their detail"));
    assertThat(speak(List.of("-Dh2k.log.level=WARN", "-Dh2k.log.level.libraries=DEBUG")))
        .anyMatch(line -> line.endsWith("their detail"))
        .noneMatch(line -> line.contains("INFO"));
    assertThat(folder.toFile().list()).as("written without a log file").containsExactly("output");
  }

  @Test
  void largeFileIsPackedAndANewOneBegun() throws Exception {
    Path file = folder.resolve("daemon.log");
    speak(List.of("-Dh2k.log.file=" + file), "much");

    assertThat(Files.size(file)).isLessThan(50_000_000);
    byte[] packed = Files.readAllBytes(folder.resolve("daemon.log.1.gz"));
    try (var in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      assertThat(new String(in.readNBytes(60), StandardCharsets.UTF_8)).contains("INFO  xxx");
    }
  }
}
