package io.hyper2kvm.tool.boot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.tool.ToolUser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A client of QEMU's control protocol: greeting, capabilities, one command at a time, events. Lines
 * and queues are bounded. It is used by one thread; a thread of its own only reads.
 */
public final class QmpClient implements AutoCloseable {

  private static final int LONGEST_LINE = 1 << 20;
  private static final int MOST_EVENTS = 1000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SocketChannel channel;
  private final BlockingQueue<Incoming> incoming = new ArrayBlockingQueue<>(64);
  private final ArrayDeque<QmpEvent> events = new ArrayDeque<>();
  private final Thread reader;
  private Throwable ended;
  private long lastId;

  /** A line that came, or the reason why no more will. */
  private record Incoming(JsonNode line, Throwable end) {}

  private QmpClient(SocketChannel channel) {
    this.channel = channel;
    reader = new Thread(this::readLines, "qmp-reader");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Connects to a socket that is there and negotiates.
   *
   * @throws IOException when there is no socket or the other end is no QEMU that answers in time
   */
  public static QmpClient connect(Path socket, Duration timeout) throws IOException {
    return connect(socket, timeout, ToolUser.OWN);
  }

  /** The same, with a QEMU that must be the given user's. */
  static QmpClient connect(Path socket, Duration timeout, ToolUser user) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      user.requirePeer(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    QmpClient client = new QmpClient(channel);
    try {
      JsonNode greeting = client.nextLine("the greeting", timeout);
      if (!greeting.has("QMP")) {
        throw QmpException.malformed("no greeting: " + brief(greeting), null);
      }
      client.execute("qmp_capabilities", Map.of(), timeout);
      return client;
    } catch (IOException e) {
      client.close();
      throw e;
    }
  }

  /**
   * Runs a command and waits for its answer; events that come meanwhile are kept.
   *
   * @return what the command returned
   * @throws QmpException when it was refused, or no answer came in time
   */
  public JsonNode execute(String command, Map<String, ?> arguments, Duration timeout)
      throws IOException {
    ObjectNode request = JSON.createObjectNode();
    request.put("execute", command);
    request.set("arguments", JSON.valueToTree(arguments));
    request.put("id", ++lastId);
    send(command, request);
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      JsonNode line = nextLine(command, Duration.ofNanos(deadline - System.nanoTime()));
      if (line.has("event")) {
        keep(line);
      } else if (line.path("id").asLong(-1) == lastId) {
        if (line.has("error")) {
          throw QmpException.refused(command, brief(line.path("error").path("desc")));
        }
        return line.path("return");
      }
    }
  }

  /** A line of QEMU's human monitor and its answer, for what the protocol has no command for. */
  String monitor(String line, Duration timeout) throws IOException {
    return execute("human-monitor-command", Map.of("command-line", line), timeout).asText("");
  }

  /**
   * The next event, waited for at most that long.
   *
   * @throws IOException when the connection has ended and every event was handed out
   */
  public Optional<QmpEvent> nextEvent(Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (events.isEmpty()) {
      try {
        JsonNode line = nextLine("an event", Duration.ofNanos(deadline - System.nanoTime()));
        if (line.has("event")) {
          keep(line);
        }
      } catch (QmpException e) {
        if (ended == null) {
          return Optional.empty();
        }
        throw e;
      }
    }
    return Optional.of(events.removeFirst());
  }

  @Override
  public void close() throws IOException {
    reader.interrupt();
    channel.close();
  }

  private void keep(JsonNode line) {
    if (events.size() < MOST_EVENTS) {
      events.addLast(new QmpEvent(line.path("event").asText(), line.path("data")));
    }
  }

  private void send(String command, JsonNode request) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      ended = e;
      throw QmpException.closed(command, e);
    }
  }

  private JsonNode nextLine(String waitingFor, Duration timeout) throws IOException {
    if (ended != null && incoming.isEmpty()) {
      throw QmpException.closed(waitingFor, ended);
    }
    try {
      Incoming next = incoming.poll(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw QmpException.silent(waitingFor, Math.max(0, timeout.toMillis()));
      }
      if (next.end() != null) {
        ended = next.end();
        throw QmpException.closed(waitingFor, ended);
      }
      return next.line();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while waiting for " + waitingFor);
    }
  }

  private void readLines() {
    Throwable end = new IOException("end of stream");
    ByteBuffer buffer = ByteBuffer.allocate(1 << 14);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      while (channel.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          byte next = buffer.get();
          if (next != '\n') {
            line.write(next);
          } else if (line.size() > 0) {
            incoming.put(new Incoming(parse(line), null));
            line.reset();
          }
          if (line.size() > LONGEST_LINE) {
            throw QmpException.malformed("a line of more than " + LONGEST_LINE + " bytes", null);
          }
        }
        buffer.clear();
      }
    } catch (IOException e) {
      end = e;
    } catch (InterruptedException e) {
      end = e;
      Thread.currentThread().interrupt();
    }
    while (!incoming.offer(new Incoming(null, end))) {
      incoming.poll();
    }
  }

  private static JsonNode parse(ByteArrayOutputStream line) throws QmpException {
    try {
      return JSON.readTree(line.toString(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw QmpException.malformed("not JSON", e);
    }
  }

  private static String brief(JsonNode node) {
    String text = node.isTextual() ? node.asText() : node.toString();
    return text.length() <= 300 ? text : text.substring(0, 300) + "…";
  }
}
