package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hang-up, which rotates the log of other daemons or ends them, means nothing to this one. */
class HangUpIT {

  @TempDir private Path directory;

  @Test
  void hangUpRotatesNothingAndBreaksNothing() throws Exception {
    DaemonProcess daemon = DaemonProcess.start(directory);
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> !daemon.isAlive() || daemon.log().contains(") started in "));

      RealGuest.Program.run(List.of("kill", "-HUP", String.valueOf(daemon.pid())));
      daemon.drop("web.json", "{}");

      DaemonProcess.Outcome outcome = daemon.outcome("web.json", Duration.ofMinutes(1));
      assertThat(outcome.json().path("code").asText()).isEqualTo("MANIFEST_INVALID");
      assertThat(daemon.isAlive()).as(daemon::log).isTrue();
      assertThat(daemon.log()).doesNotContain("daemon-stopping");
    } finally {
      daemon.stop();
    }
  }
}
