package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetupTest;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The example {@code mail-on-failure} with a real SMTP server. */
@Tag("daemon")
class MailOnFailureExampleTest {

  @RegisterExtension
  static final GreenMailExtension MAIL =
      new GreenMailExtension(ServerSetupTest.SMTP.dynamicPort().setVerbose(false));

  @TempDir Path folder;
  private RunningDaemon daemon;

  @BeforeEach
  void prepare() throws IOException {
    daemon = new RunningDaemon(folder);
  }

  private InstalledExamples example(int port) throws IOException {
    return new InstalledExamples(daemon, "mail-on-failure")
        .with("MAIL_SERVER", "127.0.0.1:" + port)
        .with("MAIL_TO", "operators@example.org")
        .with("MAIL_FROM", "hyper2kvm@example.org")
        .with("MAIL_PAUSE", 10);
  }

  private RunningDaemon start() throws IOException {
    return example(MAIL.getSmtp().getPort()).start();
  }

  private static MimeMessage theMail() {
    assertThat(MAIL.waitForIncomingEmail(RunningDaemon.LIMIT.toMillis(), 1)).isTrue();
    assertThat(MAIL.getReceivedMessages()).hasSize(1);
    return MAIL.getReceivedMessages()[0];
  }

  private static String host() throws IOException {
    return InetAddress.getLocalHost().getHostName();
  }

  @Test
  void aVmThatFailedIsToldWithCodeHintAndHost() throws Exception {
    daemon.tools.before("convert", "echo 'disk on fire' >&2; exit 7");
    try (RunningDaemon running = start()) {
      running.drop("web.json", running.single(running.disk("web"), "web"));
      Path manifest = running.awaitFailed("web.json");

      MimeMessage mail = theMail();
      assertThat(mail.getSubject())
          .isEqualTo("hyper2kvm on %s: web.json failed with TOOL_EXITED_NONZERO".formatted(host()));
      assertThat(mail.getAllRecipients()[0]).hasToString("operators@example.org");
      assertThat(mail.getFrom()[0]).hasToString("hyper2kvm@example.org");
      assertThat(GreenMailUtil.getBody(mail).replace("\r", "").lines())
          .contains(
              "Manifest:   web.json",
              "Host:       " + host(),
              "VM:         web",
              "Stage:      convert",
              "Code:       TOOL_EXITED_NONZERO",
              "Hint:       Read stderr_tail; repeat the command by hand.",
              "Error file: " + manifest + ".error.json")
          .anyMatch(line -> line.startsWith("Error:      ") && line.contains("disk on fire"));
    }
  }

  @Test
  void aManifestThatIsRefusedIsTold() throws Exception {
    try (RunningDaemon running = start()) {
      running.drop("größe.json", "{\"version\": 7}");
      running.awaitFailed("größe.json");

      MimeMessage mail = theMail();
      assertThat(mail.getSubject()).endsWith(": größe.json failed with MANIFEST_INVALID");
      assertThat((String) mail.getContent())
          .contains("Manifest:   größe.json", "VM:         \r\n", "/version");
    }
  }

  @Test
  void aBatchWithManyFailuresSendsOneMailAndACompletedOneNone() throws Exception {
    try (RunningDaemon running = start()) {
      running.drop("good.json", running.single(running.disk("good"), "good"));
      running.awaitProcessed("good.json");
      running.drop("batch.json", running.batch("", "a", "b", "c"));
      running.awaitFailed("batch.json");

      assertThat(theMail().getSubject()).contains("batch.json");
    }
    assertThat(MAIL.getReceivedMessages()).hasSize(1);
  }

  /** Ends the first two connections at once and passes the others on. */
  private static void relay(ServerSocket socket, AtomicInteger seen, ExecutorService threads) {
    try {
      while (true) {
        Socket client = socket.accept();
        if (seen.incrementAndGet() <= 2) {
          client.close();
        } else {
          Socket server = new Socket("127.0.0.1", MAIL.getSmtp().getPort());
          threads.execute(() -> pass(client, server));
          threads.execute(() -> pass(server, client));
        }
      }
    } catch (IOException e) {
      assertThat(socket.isClosed()).isTrue();
    }
  }

  private static void pass(Socket from, Socket to) {
    try (InputStream in = from.getInputStream()) {
      in.transferTo(to.getOutputStream());
      to.close();
    } catch (IOException e) {
      assertThat(from.isClosed() || to.isClosed()).isTrue();
    }
  }

  @Test
  void aServerThatFailsTwiceGetsItTheThirdTime() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    ExecutorService threads = Executors.newCachedThreadPool();
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> relay(socket, connections, threads));
      try (RunningDaemon running = example(socket.getLocalPort()).start()) {
        running.drop("web.json", "{");
        running.awaitFailed("web.json");

        assertThat(theMail().getSubject()).contains("MANIFEST_INVALID");
        assertThat(connections).hasValue(3);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
