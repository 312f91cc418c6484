package io.hyper2kvm.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.parse.ManifestInvalidException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a file holds, the reader answers soon and within the heap of the tests. */
@Timeout(60)
class ReaderLimitsTest {

  private static final String HEAD = "{\"version\": \"1.0\", ";
  private static final String PIPELINE = "\"pipeline\": {\"load\": {\"source_path\": \"/a\"}}";

  @TempDir private Path directory;

  @Test
  void sparseFileOf300MiBIsRefusedUnread() throws IOException {
    Path file = directory.resolve("a.json");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(300L << 20);
    }

    ManifestInvalidException refusal =
        catchThrowableOfType(
            ManifestInvalidException.class,
            () -> new ManifestReader(Installations.OPEN).read(file));

    assertThat(refusal)
        .hasMessageStartingWith("a.json:1:1: the file is larger than 16 MiB, too large");
  }

  @Test
  void directoryIsNoManifest() throws IOException {
    Path file = Files.createDirectory(directory.resolve("a.json"));

    assertThatIOException()
        .isThrownBy(() -> new ManifestReader(Installations.OPEN).read(file))
        .withMessage("not a regular file: " + file);
  }

  @Test
  void absentFileIsAnIoFailure() {
    assertThatIOException()
        .isThrownBy(
            () -> new ManifestReader(Installations.OPEN).read(directory.resolve("none.json")));
  }

  @ParameterizedTest
  @CsvSource({
    "a.json, [, ]",
    "a.json, '{\"a\":', }",
    "a.yaml, [, ]",
    "a.yaml, '{a: ', }",
    "a.yaml, '- ', ''"
  })
  void depthOf10000IsRefused(String fileName, String open, String close) {
    String text = open.repeat(10_000) + "1" + close.repeat(10_000);

    assertThat(refusal(fileName, text)).contains("values are nested more than 100 deep");
  }

  @Test
  void depthOf10000ByIndentationIsRefused() {
    String text =
        IntStream.range(0, 3_000)
            .mapToObj(depth -> " ".repeat(depth) + "a:\n")
            .collect(Collectors.joining());

    assertThat(refusal("a.yaml", text)).contains("values are nested more than 100 deep");
  }

  @Test
  void depthOfAHundredIsRead() {
    String deep = "[".repeat(98) + "]".repeat(98);

    Manifest manifest = read(HEAD + PIPELINE + ", \"metadata\": {\"deep\": " + deep + "}}");

    assertThat(manifest.metadata()).containsKey("deep");
  }

  @Test
  void aliasesOfLongTextAreRefused() {
    String text =
        "version: \"1.0\"\nmetadata:\n  a: &a "
            + "x".repeat(1 << 20)
            + "\n  b: ["
            + "*a, ".repeat(99_999)
            + "*a]\n";

    assertThat(refusal("a.yaml", text)).contains("aliases expand to more than 16 MiB");
  }

  @Test
  void aliasesThatDoubleAreRefused() {
    StringBuilder text = new StringBuilder("version: \"1.0\"\nmetadata:\n  k0: &k0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      text.append("  k%d: &k%d [*k%d, *k%d]\n".formatted(i, i, i - 1, i - 1));
    }

    assertThat(refusal("a.yaml", text.toString())).contains("more than 200000 values");
  }

  @Test
  void aliasesThatDeepenAreRefused() {
    StringBuilder text = new StringBuilder("version: \"1.0\"\nmetadata:\n  k0: &k0 [x]\n");
    for (int i = 1; i < 200; i++) {
      text.append("  k%d: &k%d [*k%d]\n".formatted(i, i, i - 1));
    }

    assertThat(refusal("a.yaml", text.toString())).contains("nested more than 100 deep");
  }

  @Test
  void batchOf2000VmsIsRead() {
    Manifest manifest = read(batch(2_000));

    assertThat(manifest.vms()).hasSize(2_000);
  }

  @Test
  void batchOf5001VmsIsRefused() {
    assertThat(refusal("a.json", batch(5_001))).contains("/vms: must have at most 5000 items");
  }

  @Test
  void problemsBeyond200AreCounted() {
    String vms =
        IntStream.range(0, 5_000)
            .mapToObj(i -> "{\"name\": \"v%d\", \"pipeline\": 1}".formatted(i))
            .collect(Collectors.joining(","));
    ManifestInvalidException refusal =
        catchThrowableOfType(
            ManifestInvalidException.class,
            () -> read(HEAD + "\"batch\": true, \"vms\": [" + vms + "]}"));

    assertThat(refusal.problems()).hasSize(200);
    assertThat(refusal.unlisted()).isEqualTo(4_800);
    assertThat(refusal.getMessage().lines()).hasSize(201).last().isEqualTo("and 4800 more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.json", "a.yaml"})
  void sixteenMiBOfUnknownKeysAreRefused(String fileName) {
    String keys =
        IntStream.range(0, 190_000)
            .mapToObj(i -> "\"unknown-key-number-%060d\": 1".formatted(i))
            .collect(Collectors.joining(",\n"));

    assertThat(refusal(fileName, HEAD + PIPELINE + ",\n" + keys + "}"))
        .contains("unknown key \"unknown-key-number-0")
        .endsWith("and 189800 more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.json", "a.yaml"})
  void eightMillionItemsAreRefused(String fileName) {
    assertThat(refusal(fileName, "{\"x-a\": [" + "1,".repeat(8_000_000) + "1]}"))
        .contains("more than 200000 values");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.json", "a.yaml"})
  void keyOfAMillionLettersIsRefused(String fileName) {
    assertThat(
            refusal(
                fileName, "{\"" + "k".repeat(fileName.endsWith("json") ? 1 << 20 : 900) + "\": 1}"))
        .contains("a key may have at most 256 characters");
  }

  @Test
  void numberOfAMillionDigitsIsRefused() {
    assertThat(refusal("a.json", HEAD + PIPELINE + ", \"x-n\": " + "9".repeat(1 << 20) + "}"))
        .contains("a.json:1:");
  }

  @Test
  void disksInTheDefaultsOfManyVmsAreRefused() {
    String disks =
        IntStream.range(0, 90_000)
            .mapToObj(i -> "\"/d/%d\"".formatted(i))
            .collect(Collectors.joining(","));
    String vms =
        IntStream.range(0, 30_000)
            .mapToObj(i -> "{\"pipeline\":{\"load\":{}}}")
            .collect(Collectors.joining(","));

    assertThat(
            refusal(
                "a.json",
                "%s\"batch\":true,\"defaults\":{\"pipeline\":{\"load\":{\"additional_disks\":[%s]}}},\"vms\":[%s]}"
                    .formatted(HEAD, disks, vms)))
        .contains("must have at most 63 items, found 90000 items");
  }

  /** Every VM with 64 disks, and every output as long and as deep as a path may be. */
  @Test
  void longestAndDeepestPathsInManyVmsAreRead() {
    String disks =
        IntStream.range(0, 63)
            .mapToObj(i -> "\"/%s/%d\"".formatted(("d".repeat(39) + "/").repeat(98), i))
            .collect(Collectors.joining(","));
    String vms =
        IntStream.range(0, 3_900)
            .mapToObj(
                i ->
                    "{\"name\":\"v%d\",\"pipeline\":{\"convert\":{\"output_path\":\"%d/%sx\"}}}"
                        .formatted(i, i, ("o".repeat(40) + "/").repeat(98)))
            .collect(Collectors.joining(","));

    Manifest manifest =
        read(
            "%s\"batch\":true,\"defaults\":{\"pipeline\":{\"load\":{\"source_path\":\"/a\",\"additional_disks\":[%s]}}},\"vms\":[%s]}"
                .formatted(HEAD, disks, vms));

    assertThat(manifest.vms()).hasSize(3_900);
  }

  @ParameterizedTest
  @CsvSource({
    "'ef bb bf 7b 7d', '1:1: the file begins with a byte-order mark of UTF-8'",
    "'ff fe 7b 00', '1:1: the file begins with a byte-order mark of UTF-16'",
    "'fe ff 00 7b', '1:1: the file begins with a byte-order mark of UTF-16'",
    "'7b 0a 22 00', '2:2: the file holds a NUL byte'",
    "'7b 0a 22 e4 22', '2:2: the file is not valid UTF-8: byte 0xe4 does not belong here'",
    "'7b 22 c3', '1:3: the file is not valid UTF-8'",
    "'7b 22 c0 80', '1:3: the file is not valid UTF-8'",
    "'7b 22 ed a0 80', '1:3: the file is not valid UTF-8'",
    "'7b 0a 1b 5b', '2:1: the file holds the control character U+001B'",
  })
  void bytesThatAreNoText(String hex, String message) {
    byte[] content = new byte[hex.split(" ").length];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) Integer.parseInt(hex.split(" ")[i], 16);
    }
    for (String fileName : List.of("a.json", "a.yaml")) {
      ManifestInvalidException refusal =
          catchThrowableOfType(
              ManifestInvalidException.class,
              () -> new ManifestReader(Installations.OPEN).read(fileName, content));

      assertThat(refusal).hasMessageStartingWith(fileName + ":" + message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0085", "\u2028", "\u2029"})
  void lineBreakThatYamlWouldFoldIsRefused(String lineBreak) {
    byte[] content =
        "name: web\nmetadata: {note: \"a %s b\"}"
            .formatted(lineBreak)
            .getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> new ManifestReader(Installations.OPEN).read("a.yaml", content))
        .hasMessageStartingWith(
            "a.yaml:2:21: the file holds the line break U+%04X", (int) lineBreak.charAt(0));
  }

  private static String batch(int vms) {
    return IntStream.range(0, vms)
        .mapToObj(
            i ->
                """
                {"name": "vm%d", "metadata": {"owner": "team", "labels": ["a", "b"]}, "pipeline": {
                  "load": {"source_type": "vmdk", "source_path": "/data/vm%d.vmdk",
                           "additional_disks": ["/data/vm%d-2.vmdk"]},
                  "inspect": {"enabled": true, "detect_os": true},
                  "fix": {"fstab": {"enabled": true, "mode": "stabilize-all"},
                          "grub": {"enabled": true}, "initramfs": {"enabled": true},
                          "network": {"enabled": true, "fix_level": "full"}},
                  "convert": {"output_format": "qcow2", "compress": true},
                  "validate": {"enabled": true}}}
                """
                    .formatted(i, i, i))
        .collect(Collectors.joining(",", HEAD + "\"batch\": true, \"vms\": [", "]}"));
  }

  private static Manifest read(String json) {
    return new ManifestReader(Installations.OPEN)
        .read("a.json", json.getBytes(StandardCharsets.UTF_8));
  }

  private static String refusal(String fileName, String text) {
    return catchThrowableOfType(
            ManifestInvalidException.class,
            () ->
                new ManifestReader(Installations.OPEN)
                    .read(fileName, text.getBytes(StandardCharsets.UTF_8)))
        .getMessage();
  }
}
