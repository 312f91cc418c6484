package io.hyper2kvm.stage.load;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.NoSpace;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ova.ReadyDisk;
import io.hyper2kvm.manifest.model.LoadSpec;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.JobRecord;
import io.hyper2kvm.stage.SourceFingerprint;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.convert.DomainOutput;
import io.hyper2kvm.stage.inspect.SectorSizes;
import io.hyper2kvm.stage.publish.ProvenanceFile;
import io.hyper2kvm.stage.space.SpaceFinding;
import io.hyper2kvm.stage.space.SpaceNeed;
import io.hyper2kvm.stage.space.SpaceReservations;
import io.hyper2kvm.tool.QemuImg;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stage LOAD: the source is checked and fingerprinted, and each disk gets an overlay. Everything
 * that can be refused is refused before a tool sees the source.
 */
public final class LoadStage {

  /** Of a qcow2, in bytes. */
  private static final int LONGEST_BACKING_NAME = 1023;

  private final Preflight preflight;
  private final ToolUser toolUser;
  private final OutputReservations reservations;
  private final SpaceReservations space;
  private final Optional<Duration> limit;

  /**
   * A stage LOAD that shares its reservations with the whole process.
   *
   * @param limit the stage's whole time
   */
  public LoadStage(
      StageSettings settings,
      OutputReservations reservations,
      SpaceReservations space,
      Duration limit) {
    this(settings, reservations, space, Optional.of(limit));
  }

  /** One that has all the time it wants, and waits for nothing. */
  public LoadStage(
      StageSettings settings, OutputReservations reservations, SpaceReservations space) {
    this(settings, reservations, space, Optional.empty());
  }

  private LoadStage(
      StageSettings settings,
      OutputReservations reservations,
      SpaceReservations space,
      Optional<Duration> limit) {
    this.limit = limit;
    this.preflight = new Preflight(settings);
    this.toolUser = settings.toolUser();
    this.reservations = reservations;
    this.space = space;
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
    if (limit.isPresent()) {
      StageDeadline.within(job, limit.get(), () -> open(job));
    } else {
      open(job);
    }
  }

  private void open(VmJob job) throws IOException {
    Preflight.requireFixes(job.spec().pipeline().fix());
    LoadSpec load = job.spec().pipeline().load();
    try (SourceDisks source = preflight.source(load)) {
      prepare(job, load, source);
    }
  }

  private void prepare(VmJob job, LoadSpec load, SourceDisks source) throws IOException {
    List<Path> targets = new ArrayList<>();
    List<SourceFingerprint> now = new ArrayList<>();
    for (int index = 0; index < source.count(); index++) {
      targets.add(target(job, index));
      now.add(SourceFingerprint.of(source.files(index), false));
    }
    reservations.reserve(ProvenanceFile.of(targets.get(0)), job);
    Optional<Path> domain = domain(job, targets.get(0));
    job.earlier(EarlierOutputs.at(job.spec().pipeline(), now, targets, domain));
    if (job.reuses()) {
      ReusedDomain.settle(job, domain);
      // Its source was hashed for that run, if a hash was asked for, and is the same since.
      return;
    }
    if (load.sha256().isPresent()) {
      now.set(0, preflight.hashed(load, source));
    }
    Files.createDirectories(job.directory());
    List<ReadyDisk> ready = source.ready(job.directory());
    job.ovf(source.ovf());
    source.warnings().forEach(job::warn);
    List<VmDisk> disks = disks(job, ready, now, targets);
    disks.forEach(LoadStage::checkName);
    job.toolFiles().open();
    disks.forEach(disk -> job.toolFiles().toWrite(disk.overlay()));
    job.disks(disks);
    job.domain(domain.map(path -> new DomainOutput(VmDisk.partOf(path, job.directory()), path)));
    SectorSizes.afterLoad(job);
    for (VmDisk disk : disks) {
      if (hasLog(disk)) {
        job.toolFiles().toWrite(disk.replayLayer());
        job.warn(notClosed(disk));
      }
    }
    JobRecord.of(job, false).write(job.directory());
  }

  private Optional<Path> domain(VmJob job, Path firstTarget) {
    if (!job.spec().pipeline().convert().domainXml()) {
      return Optional.empty();
    }
    Path domain = DomainOutput.of(firstTarget, job.name());
    reservations.reserve(domain, job);
    return Optional.of(domain);
  }

  private static List<VmDisk> disks(
      VmJob job, List<ReadyDisk> ready, List<SourceFingerprint> now, List<Path> targets) {
    List<VmDisk> disks = new ArrayList<>();
    for (int index = 0; index < targets.size(); index++) {
      Path target = targets.get(index);
      disks.add(
          new VmDisk(
              index,
              ready.get(index),
              now.get(index),
              job.directory().resolve("disk" + (index + 1) + ".overlay.qcow2"),
              VmDisk.partOf(target, job.directory()),
              target));
    }
    return disks;
  }

  private Path target(VmJob job, int index) throws IOException {
    Path wanted = job.spec().pipeline().convert().output(index);
    // Before any folder is made, so that none is made outside, and again when all are there.
    Path target = preflight.target(wanted);
    if (!job.isDryRun()) {
      createFolder(wanted.getParent());
      target = preflight.target(wanted);
    }
    reservations.reserve(target, job);
    return target;
  }

  private static void createFolder(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (FileSystemException e) {
      if (NoSpace.is(e)) {
        throw e;
      }
      throw StageFailedException.causedBy(
          FailureCode.OUTPUT_NOT_WRITABLE, "the output's folder cannot be made: " + e, e);
    }
  }

  /** An overlay's header has no room for more; it would say so in words that name no cause. */
  private static void checkName(VmDisk disk) {
    int length = disk.sourceName().getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_BACKING_NAME) {
      throw StageFailedException.because(
          FailureCode.SOURCE_NAME_TOO_LONG,
          "%s: the names of its files make %d bytes in an overlay, which has room for %d"
              .formatted(disk.source().path(), length, LONGEST_BACKING_NAME));
    }
  }

  /** The disks, for the route to walk through; none when the outputs are there already. */
  public List<VmDisk> disks(VmJob job) {
    return job.disks();
  }

  private static String notClosed(VmDisk disk) {
    return "%s was not closed cleanly: its log is replayed, and the source stays as it is; was the VM running?"
        .formatted(disk.origin().origin());
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
      job.space().measured(disk.index(), QemuImg.parseMeasure(result.text()));
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
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("artifacts", artifacts(job));
    job.ovf().ifPresent(ovf -> details.put("appliance", ovf.ovaJson()));
    job.ovf().ifPresent(ovf -> details.put("machine", ovf.machineJson()));
    List<SpaceFinding> findings = findings(job, SpaceNeed.of(job));
    job.space().findings(findings);
    details.put("space", findings.stream().map(SpaceFinding::json).toList());
    for (SpaceFinding finding : findings) {
      // A dry run writes no output, and shall show all that a run would do.
      boolean onlyTold = job.isDryRun() && finding.need().isForOutput();
      if (!finding.isEnough() && !onlyTold) {
        throw StageFailedException.withEvidence(FailureCode.NO_SPACE, finding.describe(), details);
      }
      finding.warning().ifPresent(job::warn);
    }
    job.succeed(details);
  }

  /** With VMs at work that may leave room, the answer may take all the stage's time. */
  private List<SpaceFinding> findings(VmJob job, List<SpaceNeed> needs) throws IOException {
    return limit.isPresent()
        ? space.await(job, needs, job.leftOfStage(limit.get()))
        : space.reserve(job, needs);
  }

  private static List<Object> artifacts(VmJob job) {
    List<Object> artifacts = new ArrayList<>();
    for (VmDisk disk : job.disks()) {
      Map<String, Object> artifact = new LinkedHashMap<>();
      artifact.put("path", disk.origin().origin().toString());
      if (!disk.origin().member().isEmpty()) {
        artifact.put("member", disk.origin().member());
      }
      disk.origin().window().ifPresent(part -> artifact.put("offset_bytes", part.offset()));
      if (disk.origin().unpacked()) {
        artifact.put("unpacked", true);
      }
      artifact.put("format", disk.source().format().qemuName());
      artifact.put("subformat", disk.source().subformat());
      artifact.put("logical_sector_size_bytes", disk.source().logicalSectorSize());
      artifact.put("virtual_size_bytes", disk.source().virtualSize());
      artifact.put("fingerprint", disk.before().json());
      artifacts.add(artifact);
    }
    return artifacts;
  }
}
