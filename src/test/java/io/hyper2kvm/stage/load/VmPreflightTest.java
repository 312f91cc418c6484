package io.hyper2kvm.stage.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.image.probe.DirtyVhdx;
import io.hyper2kvm.image.probe.TestImages;
import io.hyper2kvm.stage.Jobs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmPreflightTest {

  @TempDir Path directory;
  private final List<String> measured = new ArrayList<>();

  private VmPreflight.Findings check(byte[] vhdx) throws IOException {
    Jobs jobs = new Jobs(directory.toRealPath());
    TestImages.write(jobs.source, vhdx);
    VmPreflight preflight =
        new VmPreflight(
            jobs.settings(),
            jobs.folder("work"),
            name -> {
              measured.add(name);
              return OptionalLong.of(1);
            });
    return preflight.check("web", jobs.job().spec(), false);
  }

  @Test
  void aSourceIsMeasured() throws IOException {
    assertThat(check(TestImages.vhdx()).failures()).isEmpty();
    assertThat(measured).hasSize(1);
  }

  /** QEMU would refuse to open it before its log is replayed, which a look does not do. */
  @Test
  void aVhdxThatWasNotClosedCleanlyIsNotMeasured() throws IOException {
    assertThat(check(DirtyVhdx.withLog(TestImages.vhdx(), 2 << 20)).failures()).isEmpty();
    assertThat(measured).isEmpty();
  }
}
