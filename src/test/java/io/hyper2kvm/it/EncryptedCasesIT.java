package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A guest with its root on LVM in LUKS 2, and LUKS 1 on one of its volumes, through a real
 * appliance. A stand-in before guestfish writes down all that guestfish is given and all that it
 * says, with its traces on; the keys must be in none of it.
 */
@Timeout(900)
class EncryptedCasesIT {

  private static final String UUID = "11111111-2222-4333-8444-00000000000";
  private static final String LOST =
      "disk 1, partition 3 (LUKS 2, UUID "
          + UUID
          + "5) is encrypted: 1 key was tried and does not open it: nothing in it was looked at or changed";

  @TempDir private static Path directory;

  @BeforeAll
  static void makeGuest() throws Exception {
    RealGuest.Program.run(
        List.of(
            "bash",
            RealGuest.Program.HOME.resolve("src/test/guests/cases/luks-stack.sh").toString(),
            directory.toString()));
    Path standIn = Files.createDirectories(directory.resolve("bin")).resolve("guestfish");
    Files.writeString(
        standIn,
        """
        #!/bin/bash
        # Writes down the arguments, the environment, the input and the errors.
        export LIBGUESTFS_TRACE=1 LIBGUESTFS_DEBUG=1
        here=%s
        printf '%%s\\n' "$@" >>"$here/arguments"
        env >>"$here/environment"
        case $1 in
          --listen) exec /usr/bin/guestfish "$@" 2> >(tee -a "$here/errors" >&2) ;;
          *) tee -a "$here/input" | /usr/bin/guestfish "$@" 2> >(tee -a "$here/errors" >&2) ;;
        esac
        """
            .formatted(Files.createDirectories(directory.resolve("written"))));
    Files.setPosixFilePermissions(standIn, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void rootAndDataAreFoundAndNoKeyIsWrittenAnywhere() throws Exception {
    JsonNode report =
        plan(
            "vm=*; device=disk?-*; key_file=text.key",
            "vm=*; device=/dev/vg/*; key_file=binary.key");

    assertThat(report.path("status").asText()).as(report::toPrettyString).isEqualTo("completed");
    Map<String, String> mounted = new HashMap<>();
    List<String> devices = new ArrayList<>();
    report
        .at("/stages/inspect/file_systems")
        .forEach(
            fs -> {
              mounted.put(fs.path("mount_point").asText(), fs.path("device").asText());
              devices.add(fs.path("device").asText() + " " + fs.path("type").asText());
            });
    assertThat(mounted).containsEntry("/", "/dev/vg/root").containsEntry("/boot", "/dev/sda1");
    assertThat(devices)
        .contains("/dev/mapper/root_crypt LVM2_member", "/dev/mapper/data_crypt ext4");
    assertThat(new GuestCase(0, report).linesAfter("/etc/crypttab"))
        .containsExactly("root_crypt UUID=" + UUID + "4 none luks");
    assertThat(texts(report.path("warnings")))
        .contains(
            LOST,
            "line 3 of /etc/crypttab has a key for lost in the guest's own file /etc/keys/lost, which is not used here")
        .noneMatch(warning -> warning.contains("data_crypt") || warning.contains("root_crypt"));
    assertNothingWrittenHas("a-long-passphrase");
    assertNothingWrittenHas("binary\n\u0001\u00ff\u00fekey");
  }

  @Test
  void withoutTheRightKeyTheFailureSaysWhichDevice() throws Exception {
    JsonNode report = plan("vm=*; key_file=binary.key", "vm=another; key_file=text.key");

    assertThat(report.path("code").asText())
        .as(report::toPrettyString)
        .isEqualTo("GUEST_ENCRYPTED");
    assertThat(report.path("error").asText())
        .contains("disk 1, partition 2 (LUKS 2, UUID " + UUID + "4) is encrypted")
        .contains("1 key was tried and does not open it");
  }

  private static JsonNode plan(String... keys) throws IOException, InterruptedException {
    Path out = directory.resolve("plan.json");
    Path log = directory.resolve("written").resolve("log");
    List<String> command =
        new ArrayList<>(
            List.of(
                RealGuest.Program.HOME.resolve("bin/hyper2kvm").toString(),
                "plan",
                "--kvm",
                RealGuest.Program.KVM,
                "--output",
                "json",
                "-v",
                "--log-file",
                log.toString()));
    for (String key : keys) {
      command.addAll(List.of("--luks-keys", key));
    }
    command.add(directory.resolve("manifest.json").toString());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(directory.resolve("written").resolve("stderr").toFile());
    builder
        .environment()
        .merge("PATH", "/usr/bin:/bin", (own, usual) -> directory.resolve("bin") + ":" + own);
    builder.environment().put("HYPER2KVM_LOG_LEVEL", "TRACE");
    Process process = builder.start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    return new ObjectMapper().readTree(out.toFile());
  }

  private static void assertNothingWrittenHas(String key) throws IOException {
    assertThat(directory.resolve("written/input")).content().contains("cryptsetup open");
    assertThat(directory.resolve("written/errors"))
        .content(StandardCharsets.ISO_8859_1)
        .contains("libguestfs: trace: debug_upload");
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.toString().endsWith(".key") && !file.toString().endsWith(".img")) {
          assertThat(Files.readString(file, StandardCharsets.ISO_8859_1).contains(key))
              .as("%s has a key", file)
              .isFalse();
        }
      }
    }
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
