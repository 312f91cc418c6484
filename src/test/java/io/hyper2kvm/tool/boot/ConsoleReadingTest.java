package io.hyper2kvm.tool.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleReadingTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final String MAC = "00:0c:29:3e:5f:a1";

  @Test
  void aScrolledTextScreenIsReadFromItsStart() {
    byte[] memory = new byte[TextModeScreen.MEMORY_BYTES];
    put(memory, 160 * 100, "(initramfs) _");
    put(memory, 0, "stale");

    assertThat(TextModeScreen.text(memory, 80 * 100)).isEqualTo("(initramfs) _");
  }

  @Test
  void theTextScreensMemoryIsARing() {
    byte[] memory = new byte[TextModeScreen.MEMORY_BYTES];
    int start = TextModeScreen.MEMORY_BYTES / 2 - 80;
    put(memory, start * 2, "last row of the ring");
    put(memory, 0, "first row");

    assertThat(TextModeScreen.text(memory, start)).isEqualTo("last row of the ring\nfirst row");
  }

  /** A file without an end, which a hostile QEMU could make of it, is read as far as the ring. */
  @Test
  void ofADumpOnlyTheRingIsRead() throws IOException {
    assertThat(TextModeScreen.read(Path.of("/dev/zero"), 0)).isEmpty();
  }

  @Test
  void aDumpThatEndsEarlyIsRefused(@TempDir Path directory) throws IOException {
    Path dump = Files.write(directory.resolve("screen.bin"), new byte[100]);

    assertThatThrownBy(() -> TextModeScreen.read(dump, 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("100 bytes");
  }

  @Test
  void controlSequencesAreNotText() {
    ConsoleText text = new ConsoleText();
    text.append(bytes("\u001b[0;32m  OK  \u001b[0m x\r\ngrub\b\b\bnu \u001b"));
    text.append(bytes("[2Jlogin: "));

    assertThat(text).hasToString("  OK   x\ngnu login: ");
  }

  @Test
  void aFloodKeepsOnlyItsEnd() {
    ConsoleText text = new ConsoleText();
    for (int i = 0; i < 1000; i++) {
      text.append(bytes("x".repeat(1000)));
    }
    text.append(bytes("end"));

    assertThat(text.toString()).hasSizeLessThan(40_000).endsWith("end");
  }

  @Test
  void aDarkScreenBecomesDarkOnLight(@TempDir Path directory) throws IOException {
    Path ppm = directory.resolve("a.ppm");
    byte[] header = bytes("P6\n4 2\n255\n");
    byte[] pixels = new byte[4 * 2 * 3];
    pixels[0] = (byte) 255;
    Files.write(ppm, ByteBuffer.allocate(header.length + 24).put(header).put(pixels).array());

    ScreenImage image = ScreenImage.read(ppm);
    assertThat(image.writeLegible(directory.resolve("a.pgm"))).isTrue();

    byte[] written = Files.readAllBytes(directory.resolve("a.pgm"));
    assertThat(new String(written, 0, 10, StandardCharsets.US_ASCII)).isEqualTo("P5\n8 4\n255");
    assertThat(written[11]).isZero();
    assertThat(written[13] & 0xff).isEqualTo(255);
  }

  @Test
  void anEmptyScreenHasNothingToRead(@TempDir Path directory) throws IOException {
    var image = new ScreenImage(10, 10, new byte[100]);

    assertThat(image.writeLegible(directory.resolve("a.pgm"))).isFalse();
  }

  @Test
  void aScreenThatPromisesTooMuchIsRefused(@TempDir Path directory) throws IOException {
    Path ppm = Files.write(directory.resolve("a.ppm"), bytes("P6 99999 99999 255\n"));

    assertThatThrownBy(() -> ScreenImage.read(ppm)).isInstanceOf(IOException.class);
  }

  @Test
  void aCutScreenIsRefused(@TempDir Path directory) throws IOException {
    Path ppm = Files.write(directory.resolve("a.ppm"), bytes("P6\n4 4\n255\nxyz"));

    assertThatThrownBy(() -> ScreenImage.read(ppm)).hasMessageContaining("ends early");
  }

  @Test
  void theGuestsArpTellsItsAddress(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("net.pcap");
    CaptureFile capture = new CaptureFile(file, MAC);
    assertThat(capture.poll()).isEmpty();

    String fromHost = arp("525400123502", "0a000202");
    String probe = arp("000c293e5fa1", "00000000");
    Files.write(file, pcap(fromHost, probe));
    assertThat(capture.poll()).isEmpty();

    Files.write(file, pcap(fromHost, probe, arp("000c293e5fa1", "0a00020f")));
    assertThat(capture.poll()).contains("10.0.2.15");
    assertThat(capture.poll()).isEmpty();
  }

  @Test
  void aHalfWrittenPacketWaits(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("net.pcap");
    CaptureFile capture = new CaptureFile(file, MAC);
    byte[] whole = pcap(arp("000c293e5fa1", "0a00020f"));
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 5));
    assertThat(capture.poll()).isEmpty();

    Files.write(file, whole);
    assertThat(capture.poll()).contains("10.0.2.15");
  }

  @Test
  void aStartJobIsAWarningWithItsLongestWait() {
    BootWarnings warnings = new BootWarnings();
    warnings.scan("[  *** ] A start job is running for /dev/sda2 (33s / 1min 30s)\n");
    warnings.scan("[ ***  ] A start job is running for /dev/sda2 (1min 28s / 1min 30s)\n");
    warnings.scan("[ TIME ] Timed out waiting for device dev-sda2.device - /dev/sda2.\n");

    assertThat(warnings.messages())
        .containsExactly(
            "A start job is running for /dev/sda2: waited 88 s",
            "Timed out waiting for device dev-sda2.device - /dev/sda2.");
  }

  @Test
  void aServiceThatIsWaitedForIsAWarningToo() {
    BootWarnings warnings = new BootWarnings();
    warnings.scan("[  *** ] Job networking.service/start running (35s / 5min 34s)\n");
    warnings.scan("[ ***  ] Job networking.service-start ruming (36s / 5min 34s)\n");

    assertThat(warnings.messages())
        .containsExactly("A start job is running for networking.service: waited 36 s");
  }

  @Test
  void aControlSequenceCutShortSwallowsNothing() {
    ConsoleText text = new ConsoleText();
    text.append(bytes("e2scrub_all.timer\u001b[0\u2026t4 Metadata\n"));

    assertThat(text).hasToString("e2scrub_all.timer\u2026t4 Metadata\n");
  }

  @Test
  void warningsHaveABound() {
    BootWarnings warnings = new BootWarnings();
    for (int i = 0; i < 5000; i++) {
      String name =
          Integer.toString(i, 26).chars().mapToObj(c -> "n" + (char) c).toList().toString();
      warnings.scan("Failed to start " + name + "\nA start job is running for " + name + " (3s)\n");
    }

    assertThat(warnings.messages()).hasSize(50);
  }

  @Test
  void aFailureHasToStand() {
    Settling settling = new Settling();
    var prompt = BootClassifier.classify("grub>", true);

    assertThat(settling.take(prompt, Duration.ofSeconds(10))).isEmpty();
    assertThat(settling.take(Optional.empty(), Duration.ofSeconds(12))).isEmpty();
    assertThat(settling.take(prompt, Duration.ofSeconds(14))).isEmpty();
    assertThat(settling.take(prompt, Duration.ofSeconds(18))).isEmpty();
    assertThat(settling.take(prompt, Duration.ofSeconds(19))).isEqualTo(prompt);
  }

  @Test
  void aVerdictNeedsEvidenceAndAFailureItsName() {
    assertThatThrownBy(
            () ->
                new BootVerdict(
                    false,
                    Optional.empty(),
                    Duration.ZERO,
                    java.util.List.of("x"),
                    false,
                    java.util.List.of(),
                    "",
                    ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] pcap(String... packets) {
    ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
    out.putInt(0xa1b2c3d4).position(24);
    for (String hex : packets) {
      byte[] packet = HEX.parseHex(hex);
      out.putInt(0).putInt(0).putInt(packet.length).putInt(packet.length).put(packet);
    }
    return java.util.Arrays.copyOf(out.array(), out.position());
  }

  private static String arp(String mac, String address) {
    return "ffffffffffff" + mac + "0806" + "0001080006040001" + mac + address + "0".repeat(20);
  }

  private static void put(byte[] memory, int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      memory[at + 2 * i] = (byte) text.charAt(i);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
