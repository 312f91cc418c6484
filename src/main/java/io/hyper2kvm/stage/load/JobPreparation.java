package io.hyper2kvm.stage.load;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.NoSpace;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.ova.ReadyDisk;
import io.hyper2kvm.manifest.model.LoadSpec;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.stage.DomainOutput;
import io.hyper2kvm.stage.JobRecord;
import io.hyper2kvm.stage.OperatorScript;
import io.hyper2kvm.stage.SourceFingerprint;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.provenance.ProvenanceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What LOAD does before the first tool: sources and targets are checked, and the job's directory
 * and disks get ready. A job whose outputs are there already gets neither.
 */
final class JobPreparation {

  /** Of a qcow2, in bytes. */
  private static final int LONGEST_BACKING_NAME = 1023;

  private final Preflight preflight;
  private final OutputReservations reservations;
  private final ReusedDomain reusedDomain;

  JobPreparation(Preflight preflight, OutputReservations reservations, Optional<Signer> signer) {
    this.preflight = preflight;
    this.reservations = reservations;
    this.reusedDomain = new ReusedDomain(signer);
  }

  void prepare(VmJob job) throws IOException {
    try (SourceDisks source = preflight.source(job.spec().pipeline().load())) {
      prepare(job, source);
    }
  }

  private void prepare(VmJob job, SourceDisks source) throws IOException {
    List<Path> targets = new ArrayList<>();
    List<SourceFingerprint> now = new ArrayList<>();
    for (int index = 0; index < source.count(); index++) {
      targets.add(target(job, index));
      now.add(SourceFingerprint.of(source.files(index), false));
    }
    LoadSpec load = job.spec().pipeline().load();
    if (load.sha256().isPresent() && now.get(0).mayHideAChange()) {
      now.set(0, preflight.hashed(load, source));
    }
    reservations.reserve(ProvenanceFile.of(targets.get(0)), job);
    Optional<Path> domain = domain(job, targets.get(0));
    Optional<OperatorScript> script = preflight.script(job.spec().pipeline());
    script.ifPresent(job::keep);
    EarlierOutputs earlier = EarlierOutputs.at(job.spec().pipeline(), script, now, targets, domain);
    if (earlier.reusable().isPresent()) {
      job.reuse();
      // Its source was hashed for that run, if a hash was asked for, and is the same since.
      job.keep(LoadResult.reused(reusedDomain.settle(job, earlier.reusable().get(), domain)));
      return;
    }
    if (load.sha256().isPresent() && now.get(0).sha256().isEmpty()) {
      now.set(0, preflight.hashed(load, source));
    }
    Files.createDirectories(job.directory());
    List<VmDisk> disks = disks(job, source.ready(job.directory()), now, targets);
    source.warnings().forEach(job::warn);
    disks.forEach(JobPreparation::checkName);
    job.toolFiles().open();
    disks.forEach(disk -> job.toolFiles().toWrite(disk.overlay()));
    LoadResult found =
        LoadResult.found(
            disks,
            domain.map(path -> new DomainOutput(VmDisk.partOf(path, job.directory()), path)),
            source.ovf(),
            machine(job, source, disks),
            earlier);
    job.keep(found);
    SectorSizes.afterLoad(job, disks);
    disks.stream().filter(disk -> disk.source().dirtyLog()).forEach(disk -> log(job, disk));
    boolean overwrite = job.spec().pipeline().convert().overwrite();
    JobRecord.of(disks, found.domain(), overwrite, false).write(job.directory());
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

  private Optional<Path> domain(VmJob job, Path firstTarget) {
    Optional<Path> domain = job.spec().pipeline().convert().description(firstTarget, job.name());
    domain.ifPresent(file -> reservations.reserve(file, job));
    return domain;
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

  private static MachineDescription machine(VmJob job, SourceDisks source, List<VmDisk> disks) {
    MachineDescription machine =
        DescribedMachine.of(
            source.machine(),
            disks.stream().map(disk -> disk.source().logicalSectorSize()).toList());
    return StatedCards.on(machine, job.spec().pipeline().load().networkCards());
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

  /** The disk's log is to be replayed. */
  private static void log(VmJob job, VmDisk disk) {
    job.toolFiles().toWrite(disk.replayLayer());
    job.warn(
        "%s was not closed cleanly: its log is replayed, and the source stays as it is; was the VM running?"
            .formatted(disk.origin().origin()));
  }
}
