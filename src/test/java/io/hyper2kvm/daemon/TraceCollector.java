package io.hyper2kvm.daemon;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A collector that keeps the spans which it gets as OTLP over HTTP, or behaves badly. */
public final class TraceCollector implements AutoCloseable {

  /** How it answers. */
  public enum Answer {
    TAKES,
    HANGS,
    REFUSES,
    REDIRECTS,
    TALKS_NONSENSE,
    DROPS_THE_CONNECTION
  }

  /**
   * A span as it was sent.
   *
   * @param parent empty for the first of a trace
   * @param failed whether its status is an error
   * @param events how many it has
   */
  public record SentSpan(
      String trace,
      String id,
      String parent,
      String name,
      Map<String, String> attributes,
      boolean failed,
      int events) {

    String attribute(String name) {
      return attributes.getOrDefault("hyper2kvm." + name, "");
    }
  }

  private final HttpServer server;
  private final Answer answer;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch released = new CountDownLatch(1);
  private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();

  public TraceCollector(Answer answer) throws IOException {
    this.answer = answer;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/traces", this::answer);
    server.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  int requests() {
    return requests.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    byte[] body = exchange.getRequestBody().readAllBytes();
    switch (answer) {
      case TAKES -> {
        bodies.add(body);
        exchange.sendResponseHeaders(200, -1);
      }
      case HANGS -> {
        bodies.add(body);
        awaitRelease();
        exchange.sendResponseHeaders(200, -1);
      }
      case REFUSES -> exchange.sendResponseHeaders(503, -1);
      case REDIRECTS -> {
        exchange.getResponseHeaders().set("Location", "/v1/traces");
        exchange.sendResponseHeaders(307, -1);
      }
      case TALKS_NONSENSE -> {
        exchange.sendResponseHeaders(200, 3);
        exchange.getResponseBody().write(new byte[] {-1, -1, -1});
      }
      case DROPS_THE_CONNECTION -> {} // Closed without an answer.
    }
    exchange.close();
  }

  private void awaitRelease() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All that was sent, as bytes of ISO 8859-1. */
  String raw() {
    StringBuilder all = new StringBuilder();
    bodies.forEach(body -> all.append(new String(body, StandardCharsets.ISO_8859_1)));
    return all.toString();
  }

  /** The spans so far. */
  public List<SentSpan> spans() {
    List<SentSpan> spans = new ArrayList<>();
    for (byte[] body : bodies) {
      for (Field resource : Field.of(ByteBuffer.wrap(body), 1)) {
        for (Field scope : Field.of(resource.bytes(), 2)) {
          Field.of(scope.bytes(), 2).forEach(span -> spans.add(span(span.bytes())));
        }
      }
    }
    return spans;
  }

  private static SentSpan span(ByteBuffer span) {
    Map<String, String> attributes = new TreeMap<>();
    for (Field attribute : Field.of(span, 9)) {
      String key = Field.of(attribute.bytes(), 1).get(0).text();
      Field value = Field.of(attribute.bytes(), 2).get(0);
      attributes.put(key, Field.of(value.bytes(), 1).get(0).text());
    }
    boolean failed =
        Field.of(span, 15).stream()
            .flatMap(status -> Field.of(status.bytes(), 3).stream())
            .anyMatch(code -> code.number() == 2);
    return new SentSpan(
        hex(span, 1),
        hex(span, 2),
        hex(span, 4),
        Field.of(span, 5).get(0).text(),
        attributes,
        failed,
        Field.of(span, 11).size());
  }

  private static String hex(ByteBuffer message, int number) {
    List<Field> fields = Field.of(message, number);
    if (fields.isEmpty()) {
      return "";
    }
    ByteBuffer bytes = fields.get(0).bytes();
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return HexFormat.of().formatHex(copy);
  }

  /**
   * A field of a message in the wire format of Protocol Buffers.
   *
   * @param number the value of a number; 0 for bytes
   * @param content the bytes; empty for a number
   */
  private record Field(long number, ByteBuffer content) {

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    /** The fields of this number, in their order. */
    static List<Field> of(ByteBuffer message, int wanted) {
      ByteBuffer in = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      List<Field> found = new ArrayList<>();
      while (in.hasRemaining()) {
        long tag = varint(in);
        Field field =
            switch ((int) (tag & 7)) {
              case VARINT -> new Field(varint(in), ByteBuffer.allocate(0));
              case FIXED_64 -> new Field(in.getLong(), ByteBuffer.allocate(0));
              case FIXED_32 -> new Field(in.getInt(), ByteBuffer.allocate(0));
              case BYTES -> new Field(0, slice(in, (int) varint(in)));
              default -> throw new AssertionError("no wire type: " + tag);
            };
        if (tag >> 3 == wanted) {
          found.add(field);
        }
      }
      return found;
    }

    private static ByteBuffer slice(ByteBuffer in, int length) {
      ByteBuffer slice = in.slice(in.position(), length);
      in.position(in.position() + length);
      return slice;
    }

    private static long varint(ByteBuffer in) {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = in.get();
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }

    ByteBuffer bytes() {
      return content.duplicate();
    }

    String text() {
      return StandardCharsets.UTF_8.decode(bytes()).toString();
    }
  }

  /** Lets the answers go that hang. */
  public void release() {
    released.countDown();
  }

  @Override
  public void close() {
    release();
    server.stop(0);
    threads.shutdownNow();
  }
}
