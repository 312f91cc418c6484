package io.hyper2kvm.stage.validate;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.DomainOutput;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.convert.ConvertStage;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.tool.QemuImg;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Stage VALIDATE: checks that the outputs are intact and have the content of the fixed guest. */
public final class ValidateStage {

  /** Whether the manifest wants the checks. */
  public boolean isNeeded(VmJob job) {
    return job.writesOutputs() && job.spec().pipeline().validate().enabled();
  }

  /** The stage begins. */
  public void begin(VmJob job) {
    job.enter(StageName.VALIDATE);
  }

  /** The disks, for the route to walk through. */
  public List<VmDisk> disks(VmJob job) {
    return LoadResult.of(job).disks();
  }

  /** Whether the format has a structure of its own that can be checked. */
  public boolean hasStructure(VmJob job) {
    return job.spec().pipeline().convert().format() != OutputFormat.RAW;
  }

  /** The call of qemu-img that checks an output's structure. */
  public ToolCall check(VmJob job, VmDisk disk) {
    return ToolCall.of(QemuImg.check(ConvertStage.partName(job, disk))).judging(2, 3);
  }

  /** Judges the structure: exit code 0 is whole, 2 corrupt, 3 leaked clusters. */
  public void acceptCheck(VmJob job, VmDisk disk, ToolResult result) {
    require(
        job,
        result.exitCode() == 0,
        "image_integrity",
        FailureCode.OUTPUT_CORRUPT,
        "qemu-img check ended with %d for disk %d".formatted(result.exitCode(), disk.index() + 1));
  }

  /** The call of qemu-img that asks for an output's format and size. */
  public ToolCall info(VmJob job, VmDisk disk) {
    return ToolCall.of(QemuImg.info(ConvertStage.partName(job, disk)));
  }

  /** Judges format and virtual size. */
  public void acceptInfo(VmJob job, VmDisk disk, ToolResult result) {
    QemuImg.Info info;
    try {
      info = QemuImg.parseInfo(result.text());
    } catch (IllegalArgumentException e) {
      throw StageFailedException.causedBy(FailureCode.TOOL_ANSWER_UNREADABLE, e.getMessage(), e);
    }
    String format = job.spec().pipeline().convert().format().qemuName();
    require(
        job,
        info.format().equals(format),
        "format",
        FailureCode.OUTPUT_CORRUPT,
        "the output is %s, wanted %s".formatted(info.format(), format));
    long size = disk.source().virtualSize();
    require(
        job,
        info.virtualSize() == size,
        "virtual_size",
        FailureCode.OUTPUT_DIFFERS,
        "the output has %d bytes, the source %d".formatted(info.virtualSize(), size));
  }

  /** The call of qemu-img that compares an output with the fixed overlay. */
  public ToolCall compare(VmJob job, VmDisk disk) {
    return ToolCall.of(QemuImg.compare(disk.overlayName(), ConvertStage.partName(job, disk)))
        .judging(1);
  }

  /** Judges the content: exit code 0 is equal, 1 different. */
  public void acceptCompare(VmJob job, VmDisk disk, ToolResult result) {
    require(
        job,
        result.exitCode() == 0,
        "content",
        FailureCode.OUTPUT_DIFFERS,
        "disk %d of the output %s the fixed source"
            .formatted(disk.index() + 1, result.exitCode() == 0 ? "equals" : "differs from"));
  }

  /** Judges what the checks inside the guest found, at the end of FIX. */
  public void acceptGuest(VmJob job) {
    judgeGuest(job);
  }

  /** A dry run ends before this stage, so the checks of the guest are judged now. */
  public void judgeDryRun(VmJob job) {
    boolean asked = job.spec().pipeline().validate().enabled();
    if (asked && job.isDryRun() && job.hasWorkLeft()) {
      judgeGuest(job);
    }
    if (job.isDryRun() && job.hasWorkLeft()) {
      ConvertStage.warnOfNoBoot(job);
    }
    if (job.isDryRun() && job.hasWorkLeft()) {
      Optional<Path> described = LoadResult.of(job).domain().map(DomainOutput::target);
      ConvertStage.targetFile(job)
          .ifPresent(file -> ConvertStage.warnOf(job, file, described.orElseThrow()));
    }
  }

  static void judgeGuest(VmJob job) {
    for (Check check : ValidateResult.of(job).checks()) {
      if (check.status() == Check.Status.FAILED) {
        throw failed(job, FailureCode.GUEST_CHECK_FAILED, check);
      }
      if (check.status() == Check.Status.WARNING) {
        job.warn("%s: %s".formatted(check.name(), check.detail()));
      }
    }
  }

  /** Ends the stage: all checks passed. */
  public void finish(VmJob job) {
    job.complete(ValidateResult.of(job));
  }

  static void require(VmJob job, boolean holds, String name, FailureCode code, String detail) {
    Check check = holds ? Check.passed(name, detail) : Check.failed(name, detail);
    job.keep(ValidateResult.of(job).with(check));
    if (!holds) {
      throw failed(job, code, check);
    }
  }

  private static StageFailedException failed(VmJob job, FailureCode code, Check check) {
    return StageFailedException.withEvidence(
        code, "%s: %s".formatted(check.name(), check.detail()), ValidateResult.of(job).json());
  }
}
