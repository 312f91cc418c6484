package io.hyper2kvm.tool.boot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Tries repeatedly, without blocking, whether the guest's SSH server sends its banner. QEMU accepts
 * every connection at once, so only the banner is evidence.
 */
final class SshBannerProbe implements AutoCloseable {

  /** A connection made before the guest had its address never comes through. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final int LONGEST_BANNER = 255;

  private final InetSocketAddress address;
  private SocketChannel channel;
  private long connectedAt;
  private ByteBuffer received = ByteBuffer.allocate(LONGEST_BANNER);

  SshBannerProbe(int port) {
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** The banner's first line, once it is there. */
  Optional<String> poll() throws IOException {
    try {
      if (channel == null) {
        connect();
        return Optional.empty();
      }
      if (channel.finishConnect() && channel.read(received) < 0) {
        close();
      }
    } catch (IOException refusedOrReset) {
      // The guest is not listening yet: the next poll connects anew.
      close();
    }
    String text = new String(received.array(), 0, received.position(), StandardCharsets.US_ASCII);
    int end = text.indexOf('\n');
    if (text.startsWith("SSH-") && (end > 0 || !received.hasRemaining())) {
      close();
      return Optional.of(text.substring(0, end > 0 ? end : text.length()).strip());
    }
    if (channel != null && System.nanoTime() - connectedAt > PATIENCE.toNanos()) {
      close();
    }
    return Optional.empty();
  }

  private void connect() throws IOException {
    received = ByteBuffer.allocate(LONGEST_BANNER);
    connectedAt = System.nanoTime();
    channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.connect(address);
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
