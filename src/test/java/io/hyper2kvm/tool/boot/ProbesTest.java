package io.hyper2kvm.tool.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ProbesTest {

  @Test
  void aConnectionAloneIsNoBanner() throws IOException {
    try (ServerSocket server = server();
        SshBannerProbe probe = new SshBannerProbe(server.getLocalPort())) {
      assertThat(probe.poll()).isEmpty();
      try (Socket accepted = server.accept()) {
        accepted.getOutputStream().write("220 mail ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 50; i++) {
          assertThat(probe.poll()).isEmpty();
        }
      }
    }
  }

  @Test
  void theBannerIsReadAfterTheFirstConnectionsWereDropped() throws IOException {
    try (ServerSocket server = server();
        SshBannerProbe probe = new SshBannerProbe(server.getLocalPort())) {
      Thread guest =
          new Thread(
              () -> {
                try {
                  server.accept().close();
                  server.accept().close();
                  Socket socket = server.accept();
                  socket.getOutputStream().write("SSH-2.0-".getBytes(StandardCharsets.US_ASCII));
                  socket.getOutputStream().flush();
                  socket.getOutputStream().write("x y\r\nmore".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException closed) {
                  // the test is over
                }
              });
      guest.setDaemon(true);
      guest.start();

      await().atMost(Duration.ofSeconds(10)).until(probe::poll, Optional.of("SSH-2.0-x y")::equals);
    }
  }

  @Test
  void nobodyListeningIsNoError() throws IOException {
    int port;
    try (ServerSocket server = server()) {
      port = server.getLocalPort();
    }
    try (SshBannerProbe probe = new SshBannerProbe(port)) {
      for (int i = 0; i < 20; i++) {
        assertThat(probe.poll()).isEmpty();
      }
    }
  }

  @Test
  void theAgentHasToRepeatTheNumber(@TempDir Path directory) throws IOException {
    Path socket = directory.resolve("agent");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      try (GuestAgentProbe probe = new GuestAgentProbe(socket);
          var guest = server.accept()) {
        assertThat(probe.poll()).isFalse();
        ByteBuffer question = ByteBuffer.allocate(500);
        guest.read(question);
        String asked = new String(question.array(), 0, question.position(), StandardCharsets.UTF_8);
        assertThat(asked).contains("guest-sync");
        String number = asked.replaceAll("\\D", "");

        guest.write(ByteBuffer.wrap("{\"return\": 1}\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(probe.poll()).isFalse();
        guest.write(
            ByteBuffer.wrap(
                "{\"return\": %s}\n".formatted(number).getBytes(StandardCharsets.UTF_8)));
        await().atMost(Duration.ofSeconds(5)).until(probe::poll);
      }
    }
  }

  private static ServerSocket server() throws IOException {
    return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }
}
