package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as a process, with the real qemu-img, on a workflow directory that is full. */
class FullDiskIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path directory;
  private SmallDisk disk;

  @BeforeEach
  void mount() throws Exception {
    disk = SmallDisk.mount(directory.resolve("workflow"), "80m");
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.unmount();
    }
  }

  /** The log's file is on the full disk, too. */
  private DaemonProcess start() throws IOException {
    return DaemonProcess.start(
        directory,
        Map.of("HYPER2KVM_LOG_FILE", directory.resolve("workflow/daemon-file.log").toString()));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void manifestIsNotLostWhenTheProcessIsKilledWhileItWaitsForRoom() throws Exception {
    Path source = Files.write(directory.resolve("disk.raw"), new byte[1 << 20]);
    Path zone = Files.createDirectories(directory.resolve("workflow/to_be_processed"));
    // LOAD asks for 64 MiB in work_dir, which is below the workflow directory: it is full only
    // then.
    Path aside =
        Files.writeString(
            zone.resolve(".web"),
            """
            {"version": "1.0", "pipeline": {
              "load": {"source_type": "raw", "source_path": "%s"},
              "convert": {"output_format": "raw"}}}
            """
                .formatted(source));
    Path output = directory.resolve("output/web-converted.raw");
    DaemonProcess first = start();
    try {
      Awaitility.await().atMost(PATIENCE).until(() -> first.log().contains(") started in "));
      disk.fill(0);
      Files.move(aside, zone.resolve("web.json"));
      Path processing = first.workflow().resolve("processing");
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> !first.isAlive() || first.log().contains("end-waits"));
      assertThat(first.isAlive()).as(first::log).isTrue();
      assertThat(first.log()).contains("code=NO_SPACE");
      assertThat(names(processing)).containsExactly("web.json", "web.json.log");
      assertThat(output).doesNotExist();
    } finally {
      first.kill();
    }
    disk.makeRoom();

    DaemonProcess again = start();
    try {
      DaemonProcess.Outcome outcome = again.outcome("web.json", PATIENCE);
      assertThat(outcome.completed()).as(again::log).isTrue();
      JsonNode report = outcome.json();
      assertThat(report.path("status").asText()).isEqualTo("completed");
      assertThat(output).hasSize(1 << 20);
      assertThat(names(again.workflow().resolve("processing"))).isEmpty();
    } finally {
      again.stop();
    }
  }
}
