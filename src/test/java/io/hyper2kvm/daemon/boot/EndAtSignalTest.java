package io.hyper2kvm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("daemon")
@Timeout(60)
class EndAtSignalTest {

  /** A daemon whose end takes longer than all that is told to it. */
  static final class Slow {

    private Slow() {}

    public static void main(String[] arguments) throws Exception {
      CountDownLatch told = new CountDownLatch(1);
      try (EndAtSignal end = new EndAtSignal(Duration.parse(arguments[0]))) {
        Runtime.getRuntime().addShutdownHook(new Thread(told::countDown));
        end.arm();
        System.out.println("armed");
        if (Boolean.parseBoolean(arguments[1])) {
          told.await();
        }
        long until = System.nanoTime() + Duration.ofMillis(Long.parseLong(arguments[2])).toNanos();
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
        System.out.println("cleaned");
      }
    }
  }

  private static List<String> run(boolean signal, String limit, long cleaningMillis)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Slow.class.getName(),
                limit,
                String.valueOf(signal),
                String.valueOf(cleaningMillis))
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
      String first = said.readLine();
      if (signal) {
        process.toHandle().destroy(); // Process.destroy() would close its output, too.
      }
      List<String> more = said.lines().toList();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(first).isEqualTo("armed");
      return more;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aSignalWaitsForTheEnd() throws Exception {
    assertThat(run(true, "PT30S", 300)).containsExactly("cleaned");
  }

  @Test
  void aSignalDoesNotWaitForEver() throws Exception {
    assertThat(run(true, "PT0.1S", 25_000)).doesNotContain("cleaned");
  }

  @Test
  void withoutASignalTheProcessEndsByItself() throws Exception {
    assertThat(run(false, "PT30S", 0)).containsExactly("cleaned");
  }
}
