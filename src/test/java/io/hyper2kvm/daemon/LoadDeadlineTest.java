package io.hyper2kvm.daemon;

import static io.hyper2kvm.daemon.RunningDaemon.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.image.ova.Ovas;
import io.hyper2kvm.image.probe.TestImages;
import io.hyper2kvm.workflow.CancelRequest;
import io.hyper2kvm.workflow.FileIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What this program reads by itself ends with the stage's time and with a cancel. Each source takes
 * much longer to read than a test may last.
 */
@Tag("daemon")
class LoadDeadlineTest {

  private static final long HUGE = 2L << 40;
  private static final long PACKED = 60L << 30;
  private static final int MEMBER = 64 << 20;
  private static final String SUM = "0".repeat(64);

  @TempDir Path folder;
  RunningDaemon daemon;

  enum Reading {
    CHECKSUM("raw"),
    SUMS_OF_AN_OVF("ovf"),
    UNPACKING("ami");

    final String type;

    Reading(String type) {
      this.type = type;
    }
  }

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
  }

  private String manifest(Reading reading) throws IOException {
    Path in = folder.resolve("in");
    Path source =
        switch (reading) {
          case CHECKSUM -> sparse(in.resolve("web.raw"));
          case SUMS_OF_AN_OVF -> ova(in.resolve("web"));
          case UNPACKING -> packed(in.resolve("web.tar.gz"));
        };
    String checksum =
        reading == Reading.CHECKSUM ? ", \"checksum\": \"sha256:%s\"".formatted(SUM) : "";
    return """
        {"version": "1.0", "name": "web", "pipeline": {
          "load": {"source_type": "%s", "source_path": "%s"%s}}}
        """
        .formatted(reading.type, source, checksum);
  }

  private static Path sparse(Path file) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(HUGE);
    }
    return file;
  }

  private static Path ova(Path folder) throws IOException {
    byte[] description;
    try (var in = Ovas.class.getResourceAsStream("vsphere-bios.ovf")) {
      description = in.readAllBytes();
    }
    Ovas.with("vm.ovf", description)
        .and("disk1.vmdk", TestImages.vmdk())
        .and("vm.mf", "SHA256(disk1.vmdk)= %s\n".formatted(SUM))
        .folder(folder);
    sparse(folder.resolve("disk1.vmdk"));
    return folder;
  }

  /** One gzip member with the archive's header, and many with zeros. */
  private static Path packed(Path file) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry("disk.raw");
    entry.setSize(PACKED);
    byte[] header = new byte[512];
    entry.writeEntryHeader(header, ZipEncodingHelper.getZipEncoding("UTF-8"), true);
    byte[] zeros = Ovas.gzip(new byte[MEMBER]);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(Ovas.gzip(header));
      for (long written = 0; written <= PACKED; written += MEMBER) {
        out.write(zeros);
      }
    }
    return file;
  }

  @ParameterizedTest
  @EnumSource
  void theStagesTimeEndsIt(Reading reading) throws Exception {
    daemon.loadTimeout = Duration.ofSeconds(1);
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", manifest(reading));

      JsonNode error = running.error("web.json");
      assertThat(error.path("code").asText()).as(error::toPrettyString).isEqualTo("TOOL_TIMED_OUT");
      assertThat(error.path("stage").asText()).isEqualTo("load");
      assertThat(error.path("error").asText()).contains("1 s while its source was read");
      assertThat(names(running.work())).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void cancelEndsIt(Reading reading) throws Exception {
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", manifest(reading));
      Path manifest = running.directories.processing().resolve("web.json");
      Path status = manifest.resolveSibling("web.json.status.json");
      await()
          .atMost(RunningDaemon.LIMIT)
          .until(() -> Files.exists(status) && Files.readString(status).contains("\"load\""));

      FileIdentity identity = FileIdentity.of(manifest).orElseThrow();
      CancelRequest.write(running.directories, "web.json", identity);

      assertThat(running.error("web.json").path("code").asText()).isEqualTo("CANCELLED");
      assertThat(names(running.work())).isEmpty();
    }
  }
}
