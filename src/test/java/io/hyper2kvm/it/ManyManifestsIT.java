package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Memory does not grow with what waits: 10,000 manifests and a batch of 2,000 VMs in 128 MB. Other
 * numbers by the system properties {@code h2k.many.manifests} and {@code h2k.many.junk}.
 */
@Timeout(4 * 3600)
class ManyManifestsIT {

  private static final int MANIFESTS = Integer.getInteger("h2k.many.manifests", 5_000);
  private static final int JUNK = Integer.getInteger("h2k.many.junk", 5_000);

  /** Of the default numbers, many times what was seen. */
  private static final Duration PATIENCE =
      Duration.ofMinutes(5 + MANIFESTS / 2_000 + JUNK / 20_000);

  private static final int VMS = 2_000;

  /** Every second file of the junk; nobody is told of the others, temporary files. */
  private static final int REFUSED = (JUNK + 1) / 2;

  /** Files that are no manifests are named in the log up to this number. */
  private static final int NAMED = 1_000;

  @TempDir private Path directory;

  @Test
  void aSmallHeapIsEnoughForManyManifestsAndABigBatch() throws Exception {
    Path dropZone = Files.createDirectories(directory.resolve("workflow/to_be_processed"));
    for (int i = 0; i < MANIFESTS; i++) {
      Files.writeString(dropZone.resolve("web%05d.json".formatted(i)), single(i));
    }
    Files.writeString(dropZone.resolve("batch.json"), batch());
    for (int i = 0; i < JUNK; i++) {
      Files.createFile(
          dropZone.resolve("no-manifest-%06d.%s".formatted(i, i % 2 == 0 ? "txt" : "tmp")));
    }

    DaemonProcess daemon = DaemonProcess.start(directory, "-Xmx128m");
    try {
      JsonNode batch = daemon.outcome("batch.json", PATIENCE).json();
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .until(() -> !daemon.isAlive() || count(dropZone, ".json") == 0);
      assertThat(daemon.isAlive()).as(daemon::log).isTrue();
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> count(daemon.workflow().resolve("processing"), "") == 0);

      assertThat(batch.path("vms")).hasSize(VMS);
      assertThat(batch.path("vms"))
          .allSatisfy(vm -> assertThat(vm.path("code").asText()).isEqualTo("SOURCE_NOT_FOUND"));
      assertThat(failed(daemon, ".error.json")).isEqualTo(MANIFESTS + 1);
      assertThat(failed(daemon, ".retry.json")).isEqualTo(1);
      assertThat(failed(daemon, ".log")).isEqualTo(MANIFESTS + 1);
      assertThat(failed(daemon, "")).isEqualTo(3 * (MANIFESTS + 1L) + 1);
      assertThat(daemon.log()).doesNotContain("OutOfMemory");
      assertThat(daemon.log().lines().filter(line -> line.contains("not-a-manifest")).count())
          .as("files that are no manifests: so many are named, and one line says that no more are")
          .isEqualTo(REFUSED < NAMED ? REFUSED : NAMED + 1L);
      daemon.drop("last.json", "{}");
      daemon.outcome("last.json", Duration.ofMinutes(2));
    } finally {
      daemon.stop();
    }
  }

  private static long failed(DaemonProcess daemon, String ending) throws IOException {
    try (Stream<Path> days = Files.list(daemon.workflow().resolve("failed"))) {
      long all = 0;
      for (Path day : days.toList()) {
        all += count(day, ending);
      }
      return all;
    }
  }

  private static long count(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().endsWith(ending)).count();
    }
  }

  private static String single(int i) {
    return "{\"version\": \"1.0\", \"pipeline\": %s}".formatted(pipeline("web" + i));
  }

  private static String batch() {
    return IntStream.range(0, VMS)
        .mapToObj(i -> "{\"name\": \"vm%d\", \"pipeline\": %s}".formatted(i, pipeline("vm" + i)))
        .collect(
            Collectors.joining(
                ",\n", "{\"version\": \"1.0\", \"batch\": true, \"vms\": [\n", "]}\n"));
  }

  private static String pipeline(String name) {
    return """
        {"load": {"source_type": "raw", "source_path": "/nonexistent/%s.raw"},
         "fix": {"fstab": {}, "grub": {}, "initramfs": {}, "network": {}}}"""
        .formatted(name);
  }
}
