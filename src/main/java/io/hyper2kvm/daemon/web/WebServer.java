package io.hyper2kvm.daemon.web;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The HTTP server of the page and the API, on Vert.x as camel-platform-http-main brings it. It has
 * threads of its own, and none of the daemon's work is done on them.
 */
final class WebServer implements AutoCloseable {

  private static final int EVENT_THREADS = 1;
  private static final int WORKERS = 4;
  private static final long SWEEP_MILLIS = 1_000;
  private static final long SAMPLE_MILLIS = 5_000;
  private static final long START_SECONDS = 30;

  private final Vertx vertx;
  private final HttpServer server;

  private WebServer(Vertx vertx, HttpServer server) {
    this.vertx = vertx;
    this.server = server;
  }

  /** The threads of a server. Whoever makes them closes them, or the server that has them. */
  static Vertx threads() {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(EVENT_THREADS)
            .setWorkerPoolSize(WORKERS)
            .setInternalBlockingPoolSize(1)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setClassPathResolvingEnabled(false)
                    .setFileCachingEnabled(false)));
  }

  /**
   * Listens and answers.
   *
   * @param port 0: any that is free
   * @param sample measures the throughput; runs on a thread that may block
   * @throws IOException when it cannot listen there
   */
  static WebServer start(
      Vertx vertx, String host, int port, WebLimits limits, WebGate gate, Runnable sample)
      throws IOException {
    Clients clients = new Clients(limits);
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setMaxInitialLineLength(4 << 10)
                    .setMaxHeaderSize(8 << 10)
                    .setMaxChunkSize(64 << 10)
                    .setHttp2ClearTextEnabled(false)
                    .setHandle100ContinueAutomatically(false)
                    .setRegisterWebSocketWriteHandlers(false))
            .connectionHandler(clients::opened)
            // Whoever sends no HTTP is answered with 400 and closed by Vert.x; nothing is logged.
            .exceptionHandler(broken -> {})
            .requestHandler(new WebExchanges(vertx, gate, limits, clients)::handle);
    vertx.setPeriodic(SWEEP_MILLIS, id -> clients.sweep());
    vertx.setPeriodic(
        SAMPLE_MILLIS,
        id ->
            vertx.executeBlocking(
                () -> {
                  sample.run();
                  return null;
                },
                false));
    try {
      return new WebServer(
          vertx,
          server
              .listen(port, host)
              .toCompletionStage()
              .toCompletableFuture()
              .get(START_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      vertx.close();
      throw new IOException(
          "cannot listen on %s port %d: %s".formatted(host, port, e.getCause().getMessage()), e);
    } catch (TimeoutException e) {
      vertx.close();
      throw new IOException("cannot listen on %s port %d: no answer".formatted(host, port), e);
    } catch (InterruptedException e) {
      vertx.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while it began to listen", e);
    }
  }

  /** The port that is listened on. */
  int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // The process ends, or the test; its threads do not keep a JVM alive that was told to end.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
