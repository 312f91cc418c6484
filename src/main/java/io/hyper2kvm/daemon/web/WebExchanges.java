package io.hyper2kvm.daemon.web;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Carries requests to their operations and the answers back. A refusal needs no body and no worker;
 * a body is read up to the limit, and only of who may send it.
 */
final class WebExchanges {

  private static final Logger LOG = LogManager.getLogger(WebExchanges.class);

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-cache");

  private final Vertx vertx;
  private final WebGate gate;
  private final WebLimits limits;
  private final Clients clients;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger uploads = new AtomicInteger();

  WebExchanges(Vertx vertx, WebGate gate, WebLimits limits, Clients clients) {
    this.vertx = vertx;
    this.gate = gate;
    this.limits = limits;
    this.clients = clients;
  }

  /** Answers a request, sooner or later; on an event thread. */
  void handle(HttpServerRequest request) {
    clients.goesOn(request.connection(), Clients.Phase.RECEIVING);
    request.exceptionHandler(broken -> {}); // The connection is gone; there is nobody to answer.
    request.response().exceptionHandler(broken -> {});
    try {
      WebGate.Allowed allowed = gate.decide(head(request));
      long length = length(request);
      boolean withBody = allowed.operation().kind() == Operation.Kind.CHANGE_WITH_MANIFEST;
      if (length > (withBody ? limits.body() : 0)) {
        throw WebProblem.tooLarge(withBody ? limits.body() : 0);
      }
      if (withBody) {
        receive(request, allowed);
      } else {
        run(request, allowed.operation(), allowed.request());
      }
    } catch (WebProblem problem) {
      refuse(request, problem);
    }
  }

  private static WebGate.Head head(HttpServerRequest request) {
    Map<String, String> headers = new TreeMap<>();
    request
        .headers()
        .forEach((name, value) -> headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
    return new WebGate.Head(
        request.method().name(),
        request.path(),
        request.query(),
        headers,
        request.connection().localAddress().hostAddress());
  }

  /**
   * What the head says of the body's length; of a body in chunks 1, as it has a limit of its own.
   */
  private static long length(HttpServerRequest request) throws WebProblem {
    String length = request.getHeader("Content-Length");
    if (request.getHeader("Transfer-Encoding") != null) {
      return 1;
    }
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw WebProblem.badRequest("Content-Length is no number", "Send a number.");
    }
  }

  private void receive(HttpServerRequest request, WebGate.Allowed allowed) throws WebProblem {
    if (uploads.incrementAndGet() > limits.uploads()) {
      uploads.decrementAndGet();
      throw WebProblem.busy();
    }
    Upload upload = new Upload();
    request
        .connection()
        .closeHandler(
            closed -> {
              clients.closed(request.connection());
              upload.end();
            });
    Buffer body = Buffer.buffer();
    request.handler(
        part -> {
          if (body.length() + part.length() > limits.body()) {
            request.handler(ignored -> {});
            upload.end();
            refuse(request, WebProblem.tooLarge(limits.body()));
          } else {
            body.appendBuffer(part);
          }
        });
    request.endHandler(
        end -> {
          if (!request.response().ended()) {
            WebRequest head = allowed.request();
            request.response().endHandler(sent -> upload.end());
            run(
                request,
                allowed.operation(),
                new WebRequest(
                    head.parameters(),
                    head.query(),
                    head.ifNoneMatch(),
                    head.contentType(),
                    body.getBytes()));
          }
        });
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
  }

  /** One of the places for uploads; given back once. */
  private final class Upload {
    private boolean ended;

    synchronized void end() {
      if (!ended) {
        ended = true;
        uploads.decrementAndGet();
      }
    }
  }

  private void run(HttpServerRequest request, Operation operation, WebRequest asked) {
    if (requests.incrementAndGet() > limits.requests()) {
      requests.decrementAndGet();
      send(request, WebAnswer.problem(WebProblem.busy()));
      return;
    }
    vertx
        .executeBlocking(() -> answer(operation, asked), false)
        .onComplete(
            done -> {
              requests.decrementAndGet();
              send(
                  request,
                  done.succeeded() ? done.result() : WebAnswer.problem(WebProblem.internal()));
            });
  }

  private static WebAnswer answer(Operation operation, WebRequest asked) {
    try {
      return operation.handler().answer(asked).unlessKnown(asked);
    } catch (WebProblem problem) {
      return WebAnswer.problem(problem);
    } catch (Exception e) {
      LOG.warn(
          "web-request-failed operation={} {} reason={}",
          operation.method(),
          operation.template(),
          e.toString());
      LOG.debug("web-request-failed-because", e);
      return WebAnswer.problem(WebProblem.internal());
    }
  }

  /** Answers without reading what the client may still send, and closes the connection. */
  private void refuse(HttpServerRequest request, WebProblem problem) {
    boolean more = !request.isEnded() && hasBody(request);
    if (more) {
      request.response().putHeader("Connection", "close");
      request.response().endHandler(sent -> request.connection().close());
    }
    send(request, WebAnswer.problem(problem));
  }

  private static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    return request.getHeader("Transfer-Encoding") != null || length != null && !length.equals("0");
  }

  private void send(HttpServerRequest request, WebAnswer answer) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      answer.file().ifPresent(OpenFile::close);
      return;
    }
    clients.goesOn(request.connection(), Clients.Phase.ANSWERING);
    response.setStatusCode(answer.status());
    HEADERS.forEach(response::putHeader);
    answer.headers().forEach(response::putHeader);
    if (answer.status() != 304) {
      response.putHeader("Content-Length", String.valueOf(answer.length()));
    }
    boolean whole = !request.method().name().equals("HEAD");
    if (whole && answer.file().isPresent()) {
      sendPart(request, answer.file().get(), 0);
    } else {
      answer.file().ifPresent(OpenFile::close);
      response
          .end(whole ? Buffer.buffer(answer.body()) : Buffer.buffer())
          .onComplete(sent -> clients.goesOn(request.connection(), Clients.Phase.WAITING));
    }
  }

  /** The next part is read when the client has taken the one before. */
  private void sendPart(HttpServerRequest request, OpenFile file, long at) {
    if (at >= file.size()) {
      file.close();
      request
          .response()
          .end()
          .onComplete(sent -> clients.goesOn(request.connection(), Clients.Phase.WAITING));
      return;
    }
    vertx
        .executeBlocking(() -> file.part(at), false)
        .compose(
            part ->
                request.response().write(Buffer.buffer(part)).map(written -> (long) part.length))
        .onSuccess(
            length -> {
              clients.goesOn(request.connection(), Clients.Phase.ANSWERING);
              sendPart(request, file, at + length);
            })
        .onFailure(
            broken -> {
              file.close();
              // The client was told another length: it must see that this is not all.
              request.connection().close();
            });
  }
}
