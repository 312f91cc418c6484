package io.hyper2kvm.daemon;

import static io.hyper2kvm.daemon.RunningDaemon.names;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.daemon.boot.Validation;
import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.report.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tools that are too old for what is asked of them are named, before they do any work. */
@Tag("daemon")
class ToolTooOldTest {

  /** What QEMU says that was built without zstd. */
  private static final String NO_ZSTD =
      """
      case "$*" in
        *compression_type=zstd*)
          echo "qemu-img: $7: Parameter 'compression-type' does not accept value 'zstd'" >&2
          exit 1
          ;;
      esac
      """;

  @TempDir Path folder;
  RunningDaemon daemon;

  @BeforeEach
  void prepare() throws Exception {
    daemon = new RunningDaemon(folder);
  }

  private void version(String line) throws IOException {
    Files.writeString(daemon.tools.folder().resolve("version"), line + "\n");
  }

  private String compressed(String type) throws IOException {
    return daemon
        .single(daemon.disk("web"), "web")
        .replace(
            "\"output_format\": \"raw\"",
            "\"output_format\": \"qcow2\", \"compress\": true, \"compression_type\": \"%s\""
                .formatted(type));
  }

  private String plain() throws IOException {
    return daemon.single(daemon.disk("web"), "web");
  }

  private JsonNode errorOf(String manifest) throws IOException {
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", manifest);
      JsonNode error = running.error("web.json");
      assertThat(names(running.work())).isEmpty();
      return error;
    }
  }

  private List<Failure> validated(String manifest) throws IOException {
    Path file = Files.writeString(folder.resolve("web.json"), manifest);
    return new Validation(daemon.config(), Map.of("PATH", daemon.path))
        .check(file, false)
        .failures();
  }

  @Test
  void oldVersionIsNamedWithTheOneThatIsNeeded() throws Exception {
    version("qemu-img version 4.2.1 (Debian 1:4.2-3ubuntu6)");

    JsonNode error = errorOf(plain());

    assertThat(error.path("code").asText()).isEqualTo("TOOL_TOO_OLD");
    assertThat(error.path("stage").asText()).isEqualTo("load");
    assertThat(error.path("error").asText())
        .contains(daemon.tools.folder().resolve("qemu-img").toString(), "4.2", "5.1", "qemu-utils");
    assertThat(daemon.tools.calls()).isEmpty();
  }

  @Test
  void buildWithoutZstdIsNamedWithItsWords() throws Exception {
    daemon.tools.before("create", NO_ZSTD);

    JsonNode error = errorOf(compressed("zstd"));

    assertThat(error.path("code").asText()).isEqualTo("TOOL_TOO_OLD");
    assertThat(error.path("stage").asText()).isEqualTo("load");
    assertThat(error.path("error").asText())
        .contains("9.9", "does not accept value 'zstd'", "compression_type: zlib");
  }

  @Test
  void whatAsksForNoZstdNeedsNone() throws Exception {
    daemon.tools.before("create", NO_ZSTD);

    assertThat(validated(compressed("zlib"))).isEmpty();
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", plain());
      running.report("web.json");
    }
  }

  @Test
  void toolThatSaysNoVersionIsTried() throws Exception {
    version("");
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", plain());
      running.report("web.json");
    }
  }

  @Test
  void toolIsAskedOnceForAllVmsAndAgainWhenItWasReplaced() throws Exception {
    Path asked = daemon.tools.folder().resolve("asked");
    // Two VMs that begin at the same time may both ask.
    daemon.maxConcurrentJobs = 1;
    try (RunningDaemon running = daemon.start()) {
      running.drop("web.json", plain());
      running.drop("db.json", running.single(running.disk("db"), "db"));
      running.report("web.json");
      running.report("db.json");
      assertThat(Files.readString(asked)).isEqualTo(".");
      Files.delete(asked);

      version("qemu-img version 2.0.0");
      Path tool = running.tools.folder().resolve("qemu-img");
      running.tools.executable("qemu-img", Files.readString(tool) + "# replaced\n");
      running.drop("mail.json", running.single(running.disk("mail"), "mail"));

      assertThat(running.error("mail.json").path("code").asText()).isEqualTo("TOOL_TOO_OLD");
    }
  }

  @Test
  void validateTellsBoth() throws Exception {
    daemon.tools.before("create", NO_ZSTD);
    assertThat(validated(compressed("zstd")))
        .singleElement()
        .satisfies(f -> assertThat(f.code()).isEqualTo(FailureCode.TOOL_TOO_OLD))
        .satisfies(f -> assertThat(f.message()).contains("zlib"));

    version("qemu-img version 4.2.1");
    assertThat(validated(plain()))
        .singleElement()
        .satisfies(f -> assertThat(f.message()).contains("4.2", "5.1"));
  }

  @Test
  void oldGuestfishIsToldForManifestsThatNeedIt() throws Exception {
    daemon.tools.executable("guestfish", "#!/bin/sh\necho 'guestfish 1.28.1'\n");

    assertThat(validated(plain())).isEmpty();
    String inspected = plain().replace("\"convert\"", "\"inspect\": {}, \"convert\"");
    assertThat(validated(inspected))
        .singleElement()
        .satisfies(f -> assertThat(f.message()).contains("1.28", "1.40", "libguestfs-tools"));
    assertThat(errorOf(inspected).path("code").asText()).isEqualTo("TOOL_TOO_OLD");
  }
}
