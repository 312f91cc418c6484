package io.hyper2kvm.report;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.manifest.model.DomainTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Outcomes for the tests; times start at half past two. */
final class Outcomes {

  static final OffsetDateTime START = OffsetDateTime.parse("2026-01-24T14:30:45.000250+01:00");

  private Outcomes() {}

  static Failure failure(String vm, StageName stage) {
    return new Failure(
        FailureCode.TOOL_EXITED_NONZERO,
        "qemu-img exited with 1: cannot read",
        Optional.of(vm),
        Optional.of(stage),
        Optional.of("qemu-img convert '/in/my vm.vmdk'"),
        OptionalInt.of(1),
        "one\ncannot read\n",
        FailureCode.TOOL_EXITED_NONZERO.hint(),
        "io.hyper2kvm.tool.ToolFailedException: qemu-img exited with 1: cannot read");
  }

  static VmOutcome succeeded(String name) {
    Map<StageName, StageReport> stages = new EnumMap<>(StageName.class);
    stages.put(StageName.LOAD, done(Map.of("artifacts", List.of(Map.of("path", "/in/web.vmdk")))));
    stages.put(StageName.INSPECT, done(Map.of("os_detected", "Debian GNU/Linux 12 (bookworm)")));
    stages.put(StageName.FIX, StageReport.without(StageStatus.SKIPPED, Map.of()));
    Map<String, Object> convert = new LinkedHashMap<>();
    convert.put("output_file", "/out/" + name + ".qcow2");
    convert.put("size_bytes", 1L << 33);
    stages.put(StageName.CONVERT, done(convert));
    stages.put(StageName.VALIDATE, done(Map.of("checks", List.of())));
    return new VmOutcome(
        name,
        Map.of(),
        START,
        START.plusSeconds(90),
        stages,
        List.of(Path.of("/in/web.vmdk"), Path.of("/in/web-data.vmdk")),
        List.of(Path.of("/out/" + name + ".qcow2"), Path.of("/out/" + name + "-disk2.qcow2")),
        Optional.of(
            new VmOutcome.Description(DomainTarget.LIBVIRT, Path.of("/out/" + name + ".xml"))),
        List.of("fix: a \"quoted\" warning"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static VmOutcome failed(String name) {
    Map<StageName, StageReport> stages = new EnumMap<>(StageName.class);
    stages.put(StageName.LOAD, done(Map.of()));
    stages.put(StageName.INSPECT, StageReport.without(StageStatus.SKIPPED, Map.of()));
    stages.put(StageName.FIX, StageReport.without(StageStatus.SKIPPED, Map.of()));
    Map<String, Object> why = new LinkedHashMap<>();
    why.put("code", "TOOL_EXITED_NONZERO");
    stages.put(
        StageName.CONVERT,
        new StageReport(
            StageStatus.FAILED, Optional.of(START.plusSeconds(1)), Duration.ofMillis(1500), why));
    stages.put(StageName.VALIDATE, StageReport.without(StageStatus.NOT_RUN, Map.of()));
    return new VmOutcome(
        name,
        Map.of(),
        START,
        START.plusSeconds(3),
        stages,
        List.of(Path.of("/in/" + name + ".vmdk")),
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.of(failure(name, StageName.CONVERT)),
        Optional.empty(),
        Optional.empty());
  }

  private static StageReport done(Map<String, Object> details) {
    return new StageReport(
        StageStatus.SUCCESS, Optional.of(START), Duration.ofMillis(250), details);
  }

  static ManifestOutcome manifest(boolean batch, Optional<Failure> failure, VmOutcome... vms) {
    return new ManifestOutcome(
        "my-vm",
        "my-vm.json",
        batch,
        Map.of(),
        START,
        START.plusSeconds(100),
        List.of(vms),
        failure);
  }
}
