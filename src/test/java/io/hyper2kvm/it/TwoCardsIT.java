package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.it.RealGuest.Program;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real guest with two network cards on two networks, booted after its conversion: each address
 * answers on its own network. The names do not tell the order of the cards; their addresses do.
 */
@Timeout(2400)
class TwoCardsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final int CONNECT_MILLIS = 5000;

  @TempDir private static Path directory;
  private static DaemonProcess daemon;
  private static Path disk;
  private static List<String> macs;

  /** A network of the booted guest: what its card must be reached by, and where that is here. */
  private record Net(String prefix, String mac, int port) {
    List<String> arguments(int number) {
      return List.of(
          "-netdev",
          "user,id=n%1$d,net=%2$s.0/24,restrict=on,hostfwd=tcp:127.0.0.1:%3$d-%2$s.20:22"
              .formatted(number, prefix, port),
          "-device",
          "virtio-net-pci,netdev=n%d,mac=%s".formatted(number, mac));
    }

    /** Whether an SSH server answers; without a guest, QEMU accepts and says nothing. */
    boolean answers() {
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
        socket.setSoTimeout(CONNECT_MILLIS);
        InputStream in = socket.getInputStream();
        return new String(in.readNBytes(4), StandardCharsets.US_ASCII).equals("SSH-");
      } catch (IOException e) {
        return false;
      }
    }
  }

  @BeforeAll
  static void convert() throws Exception {
    daemon = DaemonProcess.start(directory);
    daemon.drop(
        "two01.yaml",
        """
        version: "1.0"
        name: two01
        pipeline:
          load: {source_type: ova, source_path: %s}
          fix: {fstab: {}, grub: {}, initramfs: {}, network: {}}
          convert: {output_format: qcow2}
        """
            .formatted(RealGuest.debian12WithTwoCards()));
    DaemonProcess.Outcome outcome = daemon.outcome("two01.yaml", PATIENCE);

    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    assertThat(outcome.json().path("warnings")).isEmpty();
    JsonNode cards = outcome.json().at("/stages/convert/domain_xml/network_cards");
    macs = cards.findValuesAsText("mac");
    disk = daemon.output("two01-converted.qcow2");
  }

  @AfterAll
  static void stop() throws Exception {
    daemon.stop();
  }

  @Test
  void eachAddressAnswersWithTheAddressesOfTheDomain() throws Exception {
    assertThat(macs).containsExactly("00:0c:29:3e:5f:b2", "00:0c:29:3e:5f:a1");
    bothAnswer(macs.get(0), macs.get(1));
  }

  @Test
  void eachAddressAnswersWithOtherAddresses() throws Exception {
    bothAnswer("52:54:00:0a:0b:0d", "52:54:00:0a:0b:0c");
  }

  private void bothAnswer(String firstMac, String secondMac) throws Exception {
    Net first = new Net("10.88.4", firstMac, freePort());
    Net second = new Net("10.77.4", secondMac, freePort());
    Path console = directory.resolve(firstMac.replace(':', '-') + ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                "qemu-system-x86_64",
                "-machine",
                "q35,accel=" + (Program.KVM.equals("off") ? "tcg" : "kvm:tcg"),
                "-m",
                "512",
                "-display",
                "none",
                "-nodefaults",
                "-snapshot",
                "-serial",
                "file:" + console,
                "-drive",
                "file=%s,format=qcow2,if=virtio".formatted(disk)));
    command.addAll(first.arguments(0));
    command.addAll(second.arguments(1));
    Process qemu =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("qemu.log").toFile())
            .start();
    try {
      Awaitility.await()
          .alias("both addresses answer")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(2))
          .until(() -> !qemu.isAlive() || first.answers() && second.answers());
      assertThat(qemu.isAlive()).as(() -> read(directory.resolve("qemu.log"))).isTrue();
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError(
          "%s: %s, %s: %s; the console: %s"
              .formatted(first, first.answers(), second, second.answers(), read(console)),
          e);
    } finally {
      qemu.destroyForcibly();
      qemu.waitFor();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
