package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What outputs occupy, by the blocks that the file system counts. Needs qemu-img. */
@Tag("daemon")
class SparseOutputsIT {

  private static final long SIZE = 256L << 20;
  private static final int DATA = 4 << 20;

  /** The formats' own tables, and a cluster that is written in part. */
  private static final long MARGIN = 2L << 20;

  @TempDir Path folder;
  private RunningDaemon daemon;

  @BeforeAll
  static void needsQemuImg() {
    assumeTrue(RealDisks.toolsAreThere(), "qemu-img is not installed");
  }

  @BeforeEach
  void prepare() throws IOException {
    daemon = new RunningDaemon(folder);
    daemon.path = System.getenv("PATH");
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  /** What a file occupies, in bytes. */
  private static long allocated(Path file) throws Exception {
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(stat.waitFor()).isZero();
    return 512 * Long.parseLong(blocks.strip());
  }

  /** A disk with some data in its midst. */
  private Path source(boolean full) throws IOException {
    Path file = folder.resolve("in").resolve("web.raw");
    byte[] data = new byte[DATA];
    new Random(1).nextBytes(data);
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      if (full) {
        byte[] zeros = new byte[1 << 20];
        for (long at = 0; at < SIZE; at += zeros.length) {
          disk.write(zeros);
        }
      }
      disk.setLength(SIZE);
      disk.seek(SIZE / 2);
      disk.write(data);
    }
    return file;
  }

  private JsonNode savings(Path source, String format) throws Exception {
    daemon.start();
    daemon.drop(
        "web.json",
        daemon
            .single(source, "web")
            .replace("\"output_format\": \"raw\"", "\"output_format\": \"%s\"".formatted(format)));
    return daemon.report("web.json").at("/stages/convert/savings");
  }

  @ParameterizedTest
  @CsvSource({"raw, false", "raw, true", "qcow2, false", "qcow2, true", "vdi, false", "vdi, true"})
  void outputIsSparse(String format, boolean full) throws Exception {
    JsonNode savings = savings(source(full), format);

    long occupied = allocated(daemon.output().resolve("web-converted." + format));
    assertThat(occupied).isBetween((long) DATA, DATA + MARGIN);
    assertThat(savings.path("output_allocated_bytes").asLong()).isEqualTo(occupied);
    assertThat(savings.path("virtual_size_bytes").asLong()).isEqualTo(SIZE);
  }
}
