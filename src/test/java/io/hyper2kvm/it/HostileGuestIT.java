package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guests whose files are meant to harm who reads them, with a real appliance. */
@Timeout(900)
class HostileGuestIT {

  @TempDir Path directory;

  /** A disk with one file system, made of a folder. */
  private Path disk(String name, Path tree) throws Exception {
    Path disk = directory.resolve(name + ".raw");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(64L << 20);
    }
    RealGuest.Program.run(
        List.of("mke2fs", "-q", "-F", "-t", "ext4", "-d", tree.toString(), disk.toString()));
    return disk;
  }

  private Path tree(String name) throws IOException {
    Path tree = directory.resolve("tree-" + name);
    for (String folder : List.of("etc", "bin", "boot", "usr/lib", "var", "root")) {
      Files.createDirectories(tree.resolve(folder));
    }
    Files.writeString(
        tree.resolve("etc/os-release"),
        "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"\u001b]0;owned\u0007<script>x</script>\"\n");
    Files.writeString(tree.resolve("etc/debian_version"), "12.1\n");
    Files.writeString(tree.resolve("etc/fstab"), "/dev/sda / ext4 defaults 0 1\n");
    Files.writeString(tree.resolve("etc/hostname"), "\u001b[2Jhost\n");
    return tree;
  }

  private static String manifest(Path disk) {
    return """
        {"version": "1.0", "pipeline": {
          "load": {"source_type": "raw", "source_path": "%s"},
          "inspect": {"enabled": true, "detect_os": true},
          "fix": {"fstab": {"enabled": true, "mode": "stabilize-all"}},
          "convert": {"output_format": "qcow2"}}}
        """
        .formatted(disk);
  }

  @Test
  void filesOfAGuestNeitherFloodNorLeadOutNorWriteToATerminal() throws Exception {
    String secret = "CANARY-" + UUID.randomUUID();
    Path canary = Files.writeString(directory.resolve("canary"), secret + "\n");

    Path huge = tree("huge");
    try (RandomAccessFile fstab = new RandomAccessFile(huge.resolve("etc/fstab").toFile(), "rw")) {
      fstab.setLength(5L << 30);
    }
    Path links = tree("links");
    Files.delete(links.resolve("etc/hostname"));
    Files.createSymbolicLink(links.resolve("etc/hostname"), canary);
    Files.delete(links.resolve("etc/fstab"));
    Files.createSymbolicLink(
        links.resolve("etc/fstab"), Path.of("../../../../../..").resolve("./" + canary));
    Path escapes = tree("escapes");

    DaemonProcess daemon = DaemonProcess.start(directory);
    try {
      daemon.drop("huge.json", manifest(disk("huge", huge)));
      daemon.drop("links.json", manifest(disk("links", links)));
      daemon.drop("escapes.json", manifest(disk("escapes", escapes)));

      JsonNode hugeError = daemon.outcome("huge.json", Duration.ofMinutes(5)).json();
      assertThat(hugeError.path("code").asText())
          .as(hugeError.toPrettyString())
          .isEqualTo("GUEST_FILE_TOO_LARGE");
      JsonNode linksOutcome = daemon.outcome("links.json", Duration.ofMinutes(5)).json();
      assertThat(linksOutcome.toString()).doesNotContain(secret);
      JsonNode escapesOutcome = daemon.outcome("escapes.json", Duration.ofMinutes(5)).json();
      assertThat(escapesOutcome.toPrettyString()).contains("<script>").doesNotContain("\\u001b");
      assertThat(escapesOutcome.toString()).contains("\ufffd]0;owned");
    } finally {
      daemon.stop();
    }
    assertThat(daemon.log()).doesNotContain(secret, "\u001b");
    assertThat(canary).hasContent(secret);
  }
}
