package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real guests that boot after their conversion by their own firmware and loader, with an empty
 * NVRAM and another network address, and answer at their static address on the old name.
 *
 * <p>Of the guests in {@code src/test/guests/real} a run takes a few; with {@code h2k.guests.all}
 * it takes all, with {@code h2k.guests.only=a,b} those. What was found is written to {@code
 * target/real-guests}, and with {@code h2k.guests.record} to the repository.
 */
@Timeout(3600)
class RealGuestsIT {

  /** Of the kinds that nothing else boots in every run. */
  private static final List<String> EVERY_RUN = List.of("xfs-netplan");

  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static DaemonProcess daemon;

  static List<String> guests() throws IOException {
    String only = System.getProperty("h2k.guests.only", "");
    if (!only.isEmpty()) {
      return List.of(only.split(","));
    }
    return Boolean.getBoolean("h2k.guests.all") ? BootedGuest.names() : EVERY_RUN;
  }

  @BeforeAll
  static void startDaemon() throws IOException {
    daemon = DaemonProcess.start(directory);
  }

  @AfterAll
  static void stopDaemon() throws InterruptedException, IOException {
    daemon.stop();
  }

  @ParameterizedTest
  @MethodSource("guests")
  void theGuestBootsAndAnswersAtItsOldAddressAndName(String name) throws Exception {
    BootedGuest guest = BootedGuest.build(name);
    assertThat(guest.evidence("source").path("boots_and_answers").asBoolean()).isTrue();
    assertThat(guest.evidence("unfixed").path("boots_and_answers").asBoolean(true)).isFalse();

    daemon.drop(name + ".yaml", guest.manifest());
    DaemonProcess.Outcome outcome = daemon.outcome(name + ".yaml", PATIENCE);

    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    List<String> warnings =
        StreamSupport.stream(outcome.json().path("warnings").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
    assertThat(warnings)
        .as("warnings")
        .zipSatisfy(
            guest.warnings(), (warning, expected) -> assertThat(warning).containsPattern(expected));

    Path console = directory.resolve(name + ".console");
    List<Path> disks = guest.outputs(daemon);
    JsonNode booted = guest.bootOnVirtio(disks, console);
    assertThat(booted.path("boots_and_answers").asBoolean())
        .as(() -> booted + "\n" + tail(console) + outcome.json().toPrettyString())
        .isTrue();
    write(guest, outcome.json(), booted);
    for (Path disk : disks) {
      Files.delete(disk);
    }
  }

  private static void write(BootedGuest guest, JsonNode report, JsonNode booted)
      throws IOException {
    ObjectNode line = JSON.createObjectNode();
    for (String key : List.of("name", "distribution", "storage", "boot", "network")) {
      line.set(key, guest.description().path(key));
    }
    line.put("verdict", "booted");
    line.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    line.put("source_boot_seconds", guest.evidence("source").path("seconds").asInt());
    line.set("unfixed_on_virtio", guest.evidence("unfixed").path("why"));
    line.set("conversion_seconds", report.path("duration_seconds"));
    line.put("warnings", report.path("warnings").size());
    line.put("boot_seconds", booted.path("seconds").asInt());
    Path folder = Files.createDirectories(RealGuest.Program.HOME.resolve("target/real-guests"));
    Files.writeString(folder.resolve(guest.name() + ".json"), line + "\n");
  }

  private static String tail(Path console) {
    try {
      byte[] bytes = Files.readAllBytes(console);
      int from = Math.max(0, bytes.length - 4000);
      return new String(bytes, from, bytes.length - from, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
