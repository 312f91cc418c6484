package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What systemd itself says of the service unit. */
class ServiceUnitIT {

  private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");
  private static final Pattern EXPOSURE = Pattern.compile("Overall exposure level.*: (\\d+\\.\\d)");

  @Test
  void exposureIsLow() throws Exception {
    assumeTrue(Files.isExecutable(ANALYZE), "needs systemd-analyze (package systemd)");
    Process process =
        new ProcessBuilder(
                ANALYZE.toString(),
                "security",
                "--offline=true",
                "--no-pager",
                RealGuest.Program.HOME.resolve("config/hyper2kvm-manifest.service").toString())
            .redirectErrorStream(true)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    Matcher exposure = EXPOSURE.matcher(answer);
    assertThat(exposure.find()).as(answer).isTrue();
    assertThat(Double.parseDouble(exposure.group(1))).isLessThan(3.0);
  }
}
