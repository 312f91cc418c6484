package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.hyper2kvm.guest.initramfs.KernelDrivers;
import io.hyper2kvm.guests.GuestTable;
import io.hyper2kvm.guests.RecordedGuest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
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
 * it takes all, with {@code h2k.guests.only=a,b} those. With {@code h2k.guests.record} each source
 * is shown to boot on the machine that it comes from, and not on virtio, and what was found is
 * recorded in the repository, with docs/guests.md made anew. With {@code h2k.guests.next} each
 * guest also builds its initramfs anew by its own tool, as the next kernel update does.
 */
@Timeout(3600)
class RealGuestsIT {

  /** Kinds that no other test boots in every run; each boots in two to four minutes. */
  private static final List<String> EVERY_RUN = List.of("luks-lvm", "uefi-uki");

  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final boolean RECORD = Boolean.getBoolean("h2k.guests.record");

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
    // A key is read when its guest is found to be encrypted.
    List<String> keys =
        BootedGuest.names().stream()
            .map(name -> "vm=%s; key_file=%s".formatted(name, keyFile(name)))
            .toList();
    daemon = DaemonProcess.start(directory, Map.of("HYPER2KVM_LUKS_KEYS", String.join(":", keys)));
  }

  private static Path keyFile(String name) {
    return directory.resolve(name + ".key");
  }

  @AfterAll
  static void stopDaemon() throws InterruptedException, IOException {
    daemon.stop();
  }

  @ParameterizedTest
  @MethodSource("guests")
  void theGuestBootsAndAnswersAtItsOldAddressAndName(String name) throws Exception {
    BootedGuest guest = BootedGuest.build(name, RECORD);
    record(guest, MissingNode.getInstance(), MissingNode.getInstance(), 0);

    String key = guest.description().path("key").asText();
    if (!key.isEmpty()) {
      Files.setPosixFilePermissions(
          Files.writeString(keyFile(name), key + "\n"),
          PosixFilePermissions.fromString("rw-------"));
    }
    daemon.drop(name + ".yaml", guest.manifest());
    DaemonProcess.Outcome outcome = daemon.outcome(name + ".yaml", PATIENCE);
    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();

    Path console = directory.resolve(name + ".console");
    List<Path> disks = guest.outputs(daemon);
    JsonNode booted = guest.bootOnVirtio(disks, console);
    assertThat(booted.path("boots_and_answers").asBoolean())
        .as(() -> booted + "\n" + tail(console) + outcome.json().toPrettyString())
        .isTrue();
    record(guest, outcome.json(), booted, 0);
    if (Boolean.getBoolean("h2k.guests.next")) {
      Map<String, KernelDrivers> next =
          NextInitramfs.of(disks, key, guest.mountedBy(), directory.resolve(name + "-next"));
      assertThat(next)
          .as("what the initramfs of the next kernel update can drive")
          .allSatisfy((kernel, drivers) -> assertThat(drivers.noDisk()).isEmpty());
      record(guest, outcome.json(), booted, next.size());
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

  /** Writes what is known so far; what did not boot, or has not yet, is recorded as that. */
  private static void record(BootedGuest guest, JsonNode report, JsonNode booted, int nextKernels)
      throws IOException, InterruptedException {
    if (!RECORD) {
      return;
    }
    assertThat(guest.evidence("source").path("boots_and_answers").asBoolean()).isTrue();
    assertThat(guest.evidence("unfixed").path("boots_and_answers").asBoolean(true)).isFalse();
    JsonNode words = guest.description();
    RecordedGuest.write(
        RealGuest.Program.HOME.resolve(RecordedGuest.FILE),
        List.of(
            new RecordedGuest(
                guest.name(),
                words.path("distribution").asText(),
                words.path("storage").asText(),
                words.path("boot").asText(),
                words.path("network").asText(),
                booted.path("boots_and_answers").asBoolean(),
                LocalDate.now(ZoneOffset.UTC).toString(),
                commit(),
                guest.evidence("source").path("seconds").asLong(),
                guest.evidence("unfixed").path("why").asText(),
                Math.round(report.path("duration_seconds").asDouble()),
                report.path("warnings").size(),
                booted.path("seconds").asLong(),
                nextKernels)));
    GuestTable.writeDocument();
  }

  /** The commit that is tried; with a plus sign if the program has other changes. */
  private static String commit() throws IOException, InterruptedException {
    String home = RealGuest.Program.HOME.toString();
    return RealGuest.Program.run(List.of("git", "-C", home, "rev-parse", "--short", "HEAD"))
        + (RealGuest.Program.run(
                    List.of("git", "-C", home, "status", "--porcelain", "--", "src/main", "routes"))
                .isEmpty()
            ? ""
            : "+");
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
