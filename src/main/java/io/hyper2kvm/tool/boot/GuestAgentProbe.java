package io.hyper2kvm.tool.boot;

import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Asks the guest agent, without ever blocking, whether it is there. The question carries a number
 * that the answer has to repeat.
 */
final class GuestAgentProbe implements AutoCloseable {

  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(10);
  private static final int LONGEST_ANSWER = 4096;
  private static final String NUMBER = "739104625";

  private final SocketChannel channel;
  private final ByteBuffer received = ByteBuffer.allocate(LONGEST_ANSWER);
  private long askedAt;
  private boolean asked;

  GuestAgentProbe(Path socket) throws IOException {
    this(socket, ToolUser.OWN);
  }

  /** A probe of a channel that a QEMU of the given user must have made. */
  GuestAgentProbe(Path socket, ToolUser user) throws IOException {
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      user.requirePeer(channel);
      channel.configureBlocking(false);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Whether the agent has answered. */
  boolean poll() throws IOException {
    if (!asked || System.nanoTime() - askedAt > BETWEEN_QUESTIONS.toNanos()) {
      asked = true;
      askedAt = System.nanoTime();
      String question =
          "{\"execute\":\"guest-sync\",\"arguments\":{\"id\":%s}}\n".formatted(NUMBER);
      channel.write(ByteBuffer.wrap(question.getBytes(StandardCharsets.US_ASCII)));
    }
    if (!received.hasRemaining()) {
      received.clear();
    }
    channel.read(received);
    String text = new String(received.array(), 0, received.position(), StandardCharsets.US_ASCII);
    return text.contains("\"return\"") && text.contains(NUMBER);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
