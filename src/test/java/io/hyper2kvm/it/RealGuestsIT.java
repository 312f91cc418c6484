package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.hyper2kvm.guests.RecordedGuest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
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
 * it takes all and, as with {@code h2k.guests.next}, has each guest build its initramfs anew, with
 * {@code h2k.guests.only=a,b} those. What was found is written to {@code target/real-guests.jsonl},
 * and with {@code h2k.guests.record} to the repository.
 */
@Timeout(3600)
class RealGuestsIT {

  /** Of the kinds that nothing else boots in every run. */
  private static final List<String> EVERY_RUN = List.of("xfs-netplan");

  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final List<RecordedGuest> FOUND = new ArrayList<>();

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
    Path folder = Files.createDirectories(RealGuest.Program.HOME.resolve("target"));
    RecordedGuest.write(folder.resolve("real-guests.jsonl"), FOUND);
    if (Boolean.getBoolean("h2k.guests.record")) {
      RecordedGuest.write(RealGuest.Program.HOME.resolve(RecordedGuest.FILE), FOUND);
    }
  }

  @ParameterizedTest
  @MethodSource("guests")
  void theGuestBootsAndAnswersAtItsOldAddressAndName(String name) throws Exception {
    BootedGuest guest = BootedGuest.build(name);
    assertThat(guest.evidence("source").path("boots_and_answers").asBoolean()).isTrue();
    assertThat(guest.evidence("unfixed").path("boots_and_answers").asBoolean(true)).isFalse();

    JsonNode nothing = MissingNode.getInstance();
    RecordedGuest failed = record(guest, nothing, nothing, commit());
    FOUND.add(failed);

    daemon.drop(name + ".yaml", guest.manifest());
    DaemonProcess.Outcome outcome = daemon.outcome(name + ".yaml", PATIENCE);
    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();

    Path console = directory.resolve(name + ".console");
    List<Path> disks = guest.outputs(daemon);
    JsonNode booted = guest.bootOnVirtio(disks, console);
    assertThat(booted.path("boots_and_answers").asBoolean())
        .as(() -> booted + "\n" + tail(console) + outcome.json().toPrettyString())
        .isTrue();
    FOUND.set(FOUND.indexOf(failed), record(guest, outcome.json(), booted, failed.commit()));
    if (Boolean.getBoolean("h2k.guests.next")) {
      assertThat(
              NextInitramfs.of(
                  disks,
                  guest.description().path("key").asText(),
                  directory.resolve(name + "-next")))
          .as("what the initramfs of the next kernel update can drive")
          .allSatisfy((kernel, drivers) -> assertThat(drivers.noDisk()).isEmpty());
    }
    for (Path disk : disks) {
      Files.delete(disk);
    }

    assertThat(StreamSupport.stream(outcome.json().path("warnings").spliterator(), false))
        .extracting(JsonNode::asText)
        .as("warnings")
        .zipSatisfy(
            guest.warnings(), (warning, expected) -> assertThat(warning).containsPattern(expected));
  }

  private static RecordedGuest record(
      BootedGuest guest, JsonNode report, JsonNode booted, String commit) throws IOException {
    JsonNode words = guest.description();
    return new RecordedGuest(
        guest.name(),
        words.path("distribution").asText(),
        words.path("storage").asText(),
        words.path("boot").asText(),
        words.path("network").asText(),
        booted.path("boots_and_answers").asBoolean(),
        LocalDate.now(ZoneOffset.UTC).toString(),
        commit,
        guest.evidence("source").path("seconds").asLong(),
        guest.evidence("unfixed").path("why").asText(),
        Math.round(report.path("duration_seconds").asDouble()),
        report.path("warnings").size(),
        booted.path("seconds").asLong());
  }

  /** The commit that is tried; with a plus sign if the tree has other changes. */
  private static String commit() throws IOException, InterruptedException {
    return RealGuest.Program.run(
            List.of(
                "git",
                "-C",
                RealGuest.Program.HOME.toString(),
                "describe",
                "--always",
                "--dirty=+"))
        .strip();
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
