package io.hyper2kvm.guests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/guests.md says what the tests found; {@code -Dgolden.write=true} writes it anew. */
class GuestTableTest {

  private static final Map<String, String> WORDS =
      Map.of("distribution", "Debian 13", "storage", "XFS", "boot", "BIOS", "network", "netplan");

  @TempDir private Path folder;

  @Test
  void theDocumentIsWhatTheTestsFound() throws IOException {
    if (Boolean.getBoolean("golden.write")) {
      GuestTable.writeDocument();
    }

    assertThat(Files.readString(GuestTable.DOCUMENT)).isEqualTo(GuestTable.ofThisTree().text());
  }

  @Test
  void aRecordedGuestIsBooted() {
    assertThat(table(record("xfs", "XFS", true), Map.of("xfs", WORDS)))
        .contains("| Debian 13 | XFS | BIOS | netplan | **booted** |")
        .contains(
            "| xfs | 2026-11-29 | abc1234 | 60 s | Gave up waiting | 41 s | 0 | 56 s | kept, kernels: 2 |")
        .doesNotContain("Not run");
  }

  @Test
  void aGuestThatDidNotBootSaysSo() {
    assertThat(table(record("xfs", "XFS", false), Map.of("xfs", WORDS)))
        .contains("| netplan | **does not boot** |")
        .doesNotContain("| **booted** |");
  }

  @Test
  void aRecordOfAGuestThatIsGoneDoesNotCount() {
    assertThat(table(record("xfs", "XFS", true), Map.of())).doesNotContain("| **booted** |");
  }

  @Test
  void aRecordOfAnotherLayoutDoesNotCount() {
    assertThat(table(record("xfs", "ext4", true), Map.of("xfs", WORDS)))
        .doesNotContain("| **booted** |")
        .contains("Not run since they were written or changed: xfs.");
  }

  @Test
  void aGuestWithoutARecordIsNamed() {
    assertThat(table(record("xfs", "XFS", true), Map.of("xfs", WORDS, "btrfs", Map.of())))
        .contains("Not run since they were written or changed: btrfs.");
  }

  @Test
  void aRunReplacesTheRecordsOfItsGuestsAlone() throws IOException {
    Path file = folder.resolve("results.jsonl");
    RecordedGuest.write(file, List.of(record("b", "XFS", true), record("a", "XFS", true)));

    RecordedGuest.write(file, List.of(record("b", "XFS", false)));

    SortedMap<String, RecordedGuest> records = RecordedGuest.read(file);
    assertThat(records.keySet()).containsExactly("a", "b");
    assertThat(records.get("a").booted()).isTrue();
    assertThat(records.get("b").booted()).isFalse();
  }

  @Test
  void twoRecordsOfAGuestAreAnError() throws IOException {
    Path file = folder.resolve("results.jsonl");
    RecordedGuest.write(file, List.of(record("a", "XFS", true)));
    String line = Files.readString(file);
    Files.writeString(file, line + line);

    assertThatThrownBy(() -> RecordedGuest.read(file)).hasMessageContaining("two records of a");
  }

  private static String table(RecordedGuest guest, Map<String, Map<String, String>> specs) {
    return GuestTable.of(new TreeMap<>(Map.of(guest.name(), guest)), new TreeMap<>(specs)).text();
  }

  private static RecordedGuest record(String name, String storage, boolean booted) {
    return new RecordedGuest(
        name,
        "Debian 13",
        storage,
        "BIOS",
        "netplan",
        booted,
        "2026-11-29",
        "abc1234",
        60,
        "Gave up waiting",
        41,
        0,
        56,
        2);
  }
}
