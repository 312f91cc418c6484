package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFilesCheckTest {

  @Test
  void shippedRoutesPass(@TempDir Path folder) {
    assertThat(DaemonUnderCheck.problems(folder, Path.of("routes").toAbsolutePath())).isEmpty();
  }
}
