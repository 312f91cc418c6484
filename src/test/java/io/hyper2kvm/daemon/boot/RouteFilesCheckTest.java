package io.hyper2kvm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.daemon.DaemonUnderCheck;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFilesCheckTest {

  @Test
  void shippedRoutesPass(@TempDir Path folder) {
    assertThat(DaemonUnderCheck.problems(folder, Path.of("routes").toAbsolutePath())).isEmpty();
  }
}
