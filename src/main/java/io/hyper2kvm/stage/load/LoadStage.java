package io.hyper2kvm.stage.load;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.NoSpace;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.manifest.model.Pipeline;
import io.hyper2kvm.report.Estimate;
import io.hyper2kvm.report.PastVm;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.ExpectedWork;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.space.SpaceFinding;
import io.hyper2kvm.stage.space.SpaceNeed;
import io.hyper2kvm.stage.space.SpaceReservations;
import io.hyper2kvm.tool.QemuImg;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Stage LOAD: the source is checked and fingerprinted, and each disk gets an overlay. Everything
 * that can be refused is refused before a tool sees the source.
 */
public final class LoadStage {

  private final JobPreparation preparation;
  private final ToolUser toolUser;
  private final SpaceReservations space;
  private final Duration limit;
  private final Function<Estimate.Work, Optional<Estimate>> estimates;

  /**
   * A stage LOAD that tells nothing of the time that is to come.
   *
   * @param limit the stage's whole time
   */
  public LoadStage(
      StageSettings settings,
      OutputReservations reservations,
      SpaceReservations space,
      Duration limit) {
    this(settings, reservations, space, limit, work -> Optional.empty());
  }

  /**
   * A stage LOAD that shares its reservations with the whole process.
   *
   * @param limit the stage's whole time
   * @param estimates tells what the work on a VM will take
   */
  public LoadStage(
      StageSettings settings,
      OutputReservations reservations,
      SpaceReservations space,
      Duration limit,
      Function<Estimate.Work, Optional<Estimate>> estimates) {
    this.estimates = estimates;
    this.preparation = new JobPreparation(new Preflight(settings), reservations, settings.signer());
    this.toolUser = settings.toolUser();
    this.space = space;
    this.limit = limit;
  }

  /** Whether the VM was begun. */
  public boolean isNeeded(VmJob job) {
    return !job.failed();
  }

  /**
   * Checks sources and targets and prepares the job's directory and disks. A job whose outputs are
   * there already gets neither.
   */
  public void prepare(VmJob job) throws IOException {
    job.enter(StageName.LOAD);
    job.toolUser(toolUser);
    StageDeadline.within(job, limit, () -> preparation.prepare(job));
  }

  /** The disks, for the route to walk through; none when the outputs are there already. */
  public List<VmDisk> disks(VmJob job) {
    return LoadResult.of(job).disks();
  }

  /** Whether the disk's log must be replayed before it can be read. */
  public boolean hasLog(VmDisk disk) {
    return disk.source().dirtyLog();
  }

  /** The call of qemu-img that makes the layer for the replay: over the file, whatever is in it. */
  public ToolCall replayLayer(VmDisk disk) {
    return ToolCall.of(
        QemuImg.createOverlay(
            disk.origin().bytes().value(), ImageFormat.RAW.qemuName(), disk.replayLayer()));
  }

  /** The call of qemu-img that replays the log into the layer. */
  public ToolCall replay(VmDisk disk) {
    return ToolCall.of(QemuImg.repair(disk.sourceName())).judging(1, 2, 3);
  }

  /** Judges the replay: exit code 0 is replayed and whole. */
  public void acceptReplay(VmDisk disk, ToolResult result) {
    if (result.exitCode() != 0) {
      throw StageFailedException.because(
          NoSpace.isIn(result.stderrTail()) ? FailureCode.NO_SPACE : FailureCode.IMAGE_CORRUPT,
          "%s was not closed cleanly, and its log cannot be replayed: %s"
              .formatted(disk.origin().origin(), result.stderrTail().strip()));
    }
  }

  /** The call of qemu-img that asks what size QEMU gave the overlay, which is its source's. */
  public ToolCall info(VmDisk disk) {
    return ToolCall.of(QemuImg.info(disk.overlayName()));
  }

  /** QEMU must read of the source's headers what we read. */
  public void acceptInfo(VmDisk disk, ToolResult result) {
    QemuImg.Info info;
    try {
      info = QemuImg.parseInfo(result.text());
    } catch (IllegalArgumentException e) {
      throw StageFailedException.causedBy(FailureCode.TOOL_ANSWER_UNREADABLE, e.getMessage(), e);
    }
    if (info.virtualSize() != disk.source().virtualSize()) {
      throw StageFailedException.because(
          FailureCode.IMAGE_CORRUPT,
          "%s: its headers say %d bytes, QEMU sees %d"
              .formatted(disk.source().path(), disk.source().virtualSize(), info.virtualSize()));
    }
  }

  /** The call of qemu-img that asks how much of a source there is to copy. */
  public ToolCall measure(VmDisk disk) {
    return ToolCall.of(QemuImg.measure(disk.sourceName()));
  }

  /** Keeps the answer until all disks are measured. */
  public void acceptMeasure(VmJob job, VmDisk disk, ToolResult result) {
    try {
      QemuImg.Measure measure = QemuImg.parseMeasure(result.text());
      job.keep(LoadResult.of(job).withMeasure(disk.index(), measure));
    } catch (IllegalArgumentException e) {
      throw StageFailedException.causedBy(FailureCode.TOOL_ANSWER_UNREADABLE, e.getMessage(), e);
    }
  }

  /** The call of qemu-img that makes a disk's overlay. */
  public ToolCall overlay(VmDisk disk) {
    return ToolCall.of(
        QemuImg.createOverlay(
            disk.sourceName(), disk.source().format().qemuName(), disk.overlay()));
  }

  /** Every disk has its overlay; what the VM will write must have room before it begins. */
  public void finish(VmJob job) throws IOException {
    if (job.reuses()) {
      return; // The report shows the stages of the run that did the work.
    }
    LoadResult found = LoadResult.of(job);
    List<SpaceNeed> needs = SpaceNeed.of(job, found.disks(), found.measures());
    // With VMs at work that may leave room, the answer may take all the stage's time.
    List<SpaceFinding> findings = space.await(job, needs, job.leftOfStage(limit));
    LoadResult result = found.withSpace(findings);
    job.keep(result);
    for (SpaceFinding finding : findings) {
      // A dry run writes no output, and shall show all that a run would do.
      boolean onlyTold = job.isDryRun() && finding.need().isForOutput();
      if (!finding.isEnough() && !onlyTold) {
        throw StageFailedException.withEvidence(
            FailureCode.NO_SPACE, finding.describe(), result.json());
      }
      finding.warning().ifPresent(job::warn);
    }
    job.complete(result);
    job.expects(new ExpectedWork(work(job, result).flatMap(estimates)));
  }

  /** What is done after this stage; of a dry run, what a run would do. */
  private static Optional<Estimate.Work> work(VmJob job, LoadResult loaded) {
    long data = loaded.measures().values().stream().mapToLong(QemuImg.Measure::required).sum();
    if (data <= 0) {
      return Optional.empty();
    }
    Pipeline pipeline = job.spec().pipeline();
    ConvertSpec convert = pipeline.convert();
    Set<StageName> stages = EnumSet.of(StageName.CONVERT);
    if (job.needsAppliance()) {
      stages.add(StageName.INSPECT);
    }
    if (pipeline.fix().any()) {
      stages.add(StageName.FIX);
    }
    if (pipeline.validate().enabled()) {
      stages.add(StageName.VALIDATE);
    }
    Optional<String> compression =
        convert.compress() ? Optional.of(convert.compressionType().text()) : Optional.empty();
    return Optional.of(
        new Estimate.Work(
            stages,
            data,
            PastVm.output(convert.format().text(), compression),
            pipeline.validate().bootTest()));
  }
}
