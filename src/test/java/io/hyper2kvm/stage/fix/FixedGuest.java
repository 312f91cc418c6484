package io.hyper2kvm.stage.fix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.GrubFix;
import io.hyper2kvm.manifest.model.InitramfsFix;
import io.hyper2kvm.manifest.model.NetworkLevel;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.FakeGuest;
import io.hyper2kvm.stage.Inspected;
import io.hyper2kvm.stage.Jobs;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.outcome.JobOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A guest in memory that goes through INSPECT and FIX; real guests are the integration tests'. */
abstract class FixedGuest {

  static final String ROOT = "/dev/sda1";

  @TempDir Path directory;
  Jobs jobs;
  VmJob job;
  final FakeGuest guest = FakeGuest.debian();

  @BeforeEach
  void jobs() throws IOException {
    jobs = new Jobs(directory.toRealPath()).withRawSource();
  }

  static FixSpec spec(FstabMode fstab, GrubFix grub, InitramfsFix initramfs, NetworkLevel network) {
    return new FixSpec(
        Optional.ofNullable(fstab),
        Optional.ofNullable(grub),
        Optional.ofNullable(initramfs),
        Optional.ofNullable(network),
        Optional.empty());
  }

  void fix() throws IOException {
    job = Inspected.job(jobs, guest);
    FixStage fix = new FixStage();
    fix.begin(job);
    guest.talk(job.appliance().session());
    fix.finish(job);
  }

  void assertFails(FailureCode code, String message) {
    assertThatThrownBy(this::fix)
        .hasMessageContaining(message)
        .isInstanceOfSatisfying(
            StageFailedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  List<?> applied() {
    return (List<?>) JobOutcome.of(job).stages().get(StageName.FIX).details().get("fixes_applied");
  }
}
