package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetupTest;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Components that the shipped routes do not use, but routes of an operator may. */
class OperatorComponentsTest {

  @RegisterExtension
  static final GreenMailExtension MAIL =
      new GreenMailExtension(ServerSetupTest.SMTP.dynamicPort().setVerbose(false));

  @Test
  void aMailArrivesAtItsServer() throws Exception {
    try (DefaultCamelContext context = started()) {
      context
          .createProducerTemplate()
          .sendBodyAndHeaders(
              "smtp://127.0.0.1:%d".formatted(MAIL.getSmtp().getPort()),
              "{\"status\":\"failed\"}",
              Map.of(
                  "From", "hyper2kvm@example.org",
                  "To", "operator@example.org",
                  "Subject", "web01 failed"));
    }

    assertThat(MAIL.getReceivedMessages())
        .singleElement()
        .satisfies(
            mail -> {
              assertThat(mail.getSubject()).isEqualTo("web01 failed");
              assertThat(GreenMailUtil.getBody(mail)).isEqualTo("{\"status\":\"failed\"}");
            });
  }

  @Test
  void anHttpServerGetsWhatIsPosted() throws Exception {
    List<String> posted = new CopyOnWriteArrayList<>();
    HttpServer server = HttpServer.create(loopback(), 0);
    server.createContext(
        "/outcomes",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          posted.add(exchange.getRequestMethod() + " " + new String(body, StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try (DefaultCamelContext context = started()) {
      ProducerTemplate template = context.createProducerTemplate();

      template.sendBody(
          "http://127.0.0.1:%d/outcomes".formatted(server.getAddress().getPort()), "{}");
    } finally {
      server.stop(0);
    }

    assertThat(posted).containsExactly("POST {}");
  }

  private static DefaultCamelContext started() {
    DefaultCamelContext context = new DefaultCamelContext();
    context.disableJMX();
    context.start();
    return context;
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
