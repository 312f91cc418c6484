package io.hyper2kvm.daemon.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaitingManifestsTest {

  @TempDir Path zone;
  private final Set<String> scheduled = new HashSet<>();

  private WaitingManifests at(Instant now) throws IOException {
    return WaitingManifests.in(zone, scheduled::contains, new TestClock(now));
  }

  @Test
  void anEmptyDropZoneHasNone() throws Exception {
    assertThat(at(Instant.now())).isEqualTo(new WaitingManifests(0, Duration.ZERO));
  }

  @Test
  void onlyManifestsCount() throws Exception {
    for (String name :
        new String[] {
          "a.json",
          "b.YAML",
          "c.yml",
          ".hidden.json",
          "d.json.tmp",
          "a.json.report.json",
          "notes.txt"
        }) {
      Files.writeString(zone.resolve(name), "{}");
    }
    Files.createDirectory(zone.resolve("folder.json"));
    Files.createSymbolicLink(zone.resolve("link.json"), zone.resolve("a.json"));

    assertThat(at(Instant.now()).count()).isEqualTo(3);
  }

  @Test
  void theOldestCountsFromWhenItCameThere() throws Exception {
    Path file = Files.writeString(zone.resolve("a.json"), "{}");
    // A failed manifest that is moved back has an old mtime; it has not waited so long.
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(90, ChronoUnit.DAYS)));

    assertThat(at(Instant.now().plusSeconds(3600)).oldest())
        .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
  }

  @Test
  void whatWaitsForItsTimeIsCountedAndIsNotTheOldest() throws Exception {
    Files.writeString(zone.resolve("tonight.json"), "{}");
    scheduled.add("tonight.json");
    WaitingManifests found = at(Instant.now().plusSeconds(3600));

    assertThat(found).isEqualTo(new WaitingManifests(1, Duration.ZERO));
  }

  @Test
  void aClockBehindTheFilesMakesNoNegativeAge() throws Exception {
    Files.writeString(zone.resolve("a.json"), "{}");

    assertThat(at(Instant.EPOCH).oldest()).isEqualTo(Duration.ZERO);
  }

  @Test
  void aFolderThatCannotBeReadIsAnError() {
    assertThatThrownBy(
            () ->
                WaitingManifests.in(
                    zone.resolve("gone"), scheduled::contains, new TestClock(Instant.EPOCH)))
        .isInstanceOf(IOException.class);
  }
}
