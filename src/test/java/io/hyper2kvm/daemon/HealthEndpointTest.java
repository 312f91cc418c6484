package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.config.value.DataSize;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The health endpoint of a running daemon. */
@Tag("daemon")
class HealthEndpointTest {

  @TempDir Path root;

  private static String up(String check) {
    return "{\"name\":\"%s\",\"status\":\"UP\"}".formatted(check);
  }

  @Test
  void readinessKnowsOfIntakeRoutesAndFoldersAndLivenessOfThePollerAlone() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(root)) {
      ManagementPort port = ManagementPort.of(daemon);
      daemon.start();

      assertThat(port.await200("health/ready"))
          .contains(up("intake"), up("space"), up("routes"), up("folders"))
          .contains(up("free-space"), up("accepting"))
          .doesNotContain("poller");
      assertThat(port.await200("health/live"))
          .contains(up("poller"))
          .doesNotContain("intake", "folders", "free-space", "routes");
      assertThat(port.await200("health")).contains(up("poller"), up("intake"));
    }
  }

  @Test
  void aSuspendedIntakeIsNotReadyAndIsNoReasonForARestart() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(root)) {
      ManagementPort port = ManagementPort.of(daemon);
      daemon.start();
      port.await200("health/ready");

      daemon.context().getRouteController().suspendRoute("manifest-intake");

      assertThat(port.awaitStatus("health/ready", 503))
          .contains("route manifest-intake is suspended: start what");
      assertThat(port.get("health/live").statusCode()).isEqualTo(200);
      assertThat(port.scrape()).contains("hyper2kvm_check_up{check=\"routes\"} 0.0");

      daemon.context().getRouteController().resumeRoute("manifest-intake");
      port.await200("health/ready");
    }
  }

  @Test
  void aRouteThatWasStoppedOrRemovedIsNamed() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(root)) {
      ManagementPort port = ManagementPort.of(daemon);
      daemon.start();
      port.await200("health/ready");

      daemon.context().getRouteController().stopRoute("retention");
      daemon.context().getRouteController().stopRoute("stage-fix");
      daemon.context().removeRoute("stage-fix");

      assertThat(port.awaitStatus("health/ready", 503))
          .contains("route retention is stopped, stage-fix is removed: start what");
    }
  }

  @Test
  void aRouteThatIsNotToStartWithTheDaemonIsNotMissed() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(root)) {
      daemon.route(
          "by-hand.camel.yaml",
          """
          - route:
              id: by-hand
              description: Started by hand
              autoStartup: false
              nodePrefixId: by-hand-
              from:
                uri: timer:by-hand
                steps:
                  - log: {id: line, message: tick}
          """);
      ManagementPort port = ManagementPort.of(daemon);
      daemon.start();

      port.await200("health/ready");
    }
  }

  @Test
  void tooLittleSpaceIsNotReadyAndSaysWhereAndWhatToDo() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(root)) {
      daemon.minFreeSpace = DataSize.parse("1024TiB");
      ManagementPort port = ManagementPort.of(daemon);
      daemon.start();

      assertThat(port.awaitStatus("health/ready", 503))
          .containsPattern("output_dir has \\d+ MiB free, less than min_free_space")
          .contains("less than min_free_space 1073741824 MiB: make room there");
      assertThat(port.get("health/live").statusCode()).isEqualTo(200);
    }
  }
}
