package io.hyper2kvm.stage.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ova.VmxFolder;
import io.hyper2kvm.image.probe.DirtyVhdx;
import io.hyper2kvm.image.probe.TestImages;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.stage.Jobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmPreflightTest {

  @TempDir Path directory;
  private final List<String> measured = new ArrayList<>();

  private VmPreflight.Findings check(byte[] vhdx) throws IOException {
    Jobs jobs = new Jobs(directory.toRealPath());
    TestImages.write(jobs.source, vhdx);
    return check(jobs);
  }

  private VmPreflight.Findings check(Jobs jobs) throws IOException {
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

  @Test
  void aScriptForTheFirstBootThatCannotRunIsToldBeforeTheRun() throws IOException {
    Jobs jobs = new Jobs(directory.toRealPath()).withRawSource();
    Path script = Files.writeString(jobs.folder("in").resolve("first.sh"), "echo hi");
    jobs.fix = FixSpec.NOTHING.withFirstboot(Optional.of(script));

    assertThat(check(jobs).failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.FIRSTBOOT_SCRIPT_REFUSED);
              assertThat(failure.message()).contains(script.toString(), "#!");
            });
    Files.writeString(script, "#!/bin/sh\n");
    assertThat(check(jobs).failures()).isEmpty();
  }

  @Test
  void whatASourceTellsOfItselfIsToldBeforeTheRun() throws IOException {
    Jobs jobs = new Jobs(directory.toRealPath());
    jobs.source = jobs.folder("in/web");
    Files.writeString(jobs.source.resolve("web.vmx"), VmxFolder.VMX);
    Files.write(jobs.source.resolve("web.vmdk"), TestImages.vmdk());
    jobs.folder("in/web/web.vmx.lck");

    VmPreflight.Findings found = check(jobs);

    assertThat(found.failures()).isEmpty();
    assertThat(found.warnings())
        .singleElement()
        .asString()
        .startsWith("web.vmx.lck is there: VMware has the VM open");
  }

  /** QEMU would refuse to open it before its log is replayed, which a look does not do. */
  @Test
  void aVhdxThatWasNotClosedCleanlyIsNotMeasured() throws IOException {
    assertThat(check(DirtyVhdx.withLog(TestImages.vhdx(), 2 << 20)).failures()).isEmpty();
    assertThat(measured).isEmpty();
  }
}
