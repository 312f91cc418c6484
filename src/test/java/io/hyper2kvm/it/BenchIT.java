package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The measurements of src/bench run to their end and print what docs/performance.md shows; with
 * less than there, since no time is asserted.
 */
@Timeout(3600)
@Tag("all")
class BenchIT {

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      textBlock =
          """
          start-up.sh       => -n 1 -r 2                    => with archive +[0-9]+ ms +[0-9]+ ms +[0-9]+ MB.*
          many-manifests.sh => -n 300 -t 5 --min-rate 1     => [0-9]+ of 300 manifests ended, [0-9.]+ a second;.*
          real-guests.sh    => --only hyper2kvm xfs-netplan => \\| xfs-netplan \\| 0 \\|.* boots, answers.*
          virt-v2v.sh       => -n 1 --no-warmup             => medians: hyper2kvm [0-9.]+ s, virt-v2v [0-9.]+ s, ratio [0-9.]+
          """)
  void theMeasurementEndsWithItsFigures(String script, String arguments, String line)
      throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(RealGuest.Program.HOME.resolve("src/bench").resolve(script).toString());
    command.addAll(List.of(arguments.split(" ")));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(55, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroy();
    }

    assertThat(log)
        .content()
        .as("exit code %s", process.exitValue())
        .containsPattern("(?m)^" + line + "$");
    assertThat(process.exitValue()).isZero();
  }
}
