package io.hyper2kvm.daemon.web;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The connections, and what each does: one that takes too long for it is closed. */
final class Clients {

  /** What a connection does. */
  enum Phase {
    WAITING,
    RECEIVING,
    ANSWERING
  }

  private record Doing(Phase phase, long since) {}

  private final WebLimits limits;
  private final Map<HttpConnection, Doing> open = new ConcurrentHashMap<>();

  Clients(WebLimits limits) {
    this.limits = limits;
  }

  /** A client has connected. */
  void opened(HttpConnection connection) {
    if (open.size() >= limits.connections()) {
      connection.close();
      return;
    }
    enter(connection, Phase.WAITING);
    connection.closeHandler(closed -> closed(connection));
  }

  /** It has gone. */
  void closed(HttpConnection connection) {
    open.remove(connection);
  }

  private void enter(HttpConnection connection, Phase phase) {
    open.put(connection, new Doing(phase, System.nanoTime()));
  }

  /** It begins something, or goes on with it; the time for it runs from now on. */
  void goesOn(HttpConnection connection, Phase phase) {
    open.computeIfPresent(connection, (key, doing) -> new Doing(phase, System.nanoTime()));
  }

  /** Closes those that take too long. */
  void sweep() {
    long now = System.nanoTime();
    open.forEach(
        (connection, doing) -> {
          if (now - doing.since() > limit(doing.phase()).toNanos()) {
            open.remove(connection);
            connection.close();
          }
        });
  }

  private Duration limit(Phase phase) {
    return switch (phase) {
      case WAITING -> limits.waiting();
      case RECEIVING -> limits.receiving();
      case ANSWERING -> limits.answering();
    };
  }
}
