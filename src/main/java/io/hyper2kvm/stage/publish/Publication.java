package io.hyper2kvm.stage.publish;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.signature.Subject;
import io.hyper2kvm.stage.DomainOutput;
import io.hyper2kvm.stage.JobRecord;
import io.hyper2kvm.stage.SourceFingerprint;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.convert.ConvertResult;
import io.hyper2kvm.stage.load.EarlierOutputs;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.provenance.Provenance;
import io.hyper2kvm.stage.provenance.ProvenanceFile;
import io.hyper2kvm.tool.Sha256Sum;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The last step of a VM: the outputs are hashed and signed where that is configured, and get their
 * names. So no image has its final name before it was checked.
 */
public final class Publication {

  private final Optional<Signer> signer;
  private final OutputSignature signature;

  /** A publication of an installation that signs nothing. */
  public Publication() {
    this(Optional.empty());
  }

  /** A publication of outputs that are signed. */
  public Publication(Optional<Signer> signer) {
    this.signer = signer;
    this.signature = new OutputSignature(signer);
  }

  /** Whether there are outputs to be published. */
  public boolean isNeeded(VmJob job) {
    return job.writesOutputs();
  }

  /** Whether the outputs are signed, and are to be hashed therefore. */
  public boolean isSigned() {
    return signer.isPresent();
  }

  /** The disks, for the route to walk through. */
  public List<VmDisk> disks(VmJob job) {
    return LoadResult.of(job).disks();
  }

  /** The call of sha256sum for a disk's output. */
  public ToolCall digest(VmDisk disk) {
    return ToolCall.of(Sha256Sum.of(disk.part()));
  }

  /** Keeps the answer. */
  public void acceptDigest(VmJob job, VmDisk disk, ToolResult result) throws IOException {
    try {
      OutputDigests.Digest digest =
          new OutputDigests.Digest(
              Sha256Sum.parse(result.text()), SourceFingerprint.FileState.of(disk.part()));
      job.keep(OutputDigests.of(job).with(disk, digest));
    } catch (IllegalArgumentException e) {
      throw StageFailedException.causedBy(FailureCode.TOOL_ANSWER_UNREADABLE, e.getMessage(), e);
    }
  }

  /**
   * Compares the source a last time, syncs every output, writes their record and renames them.
   *
   * @throws StageFailedException when the source changed meanwhile, or a target has appeared
   */
  public void publish(VmJob job) throws IOException {
    LoadResult loaded = LoadResult.of(job);
    Optional<DomainOutput> domain = ConvertResult.of(job).domain().map(ConvertResult.Domain::file);
    for (VmDisk disk : loaded.disks()) {
      disk.requireFolderUnmoved();
      if (!isUnchanged(disk.before())) {
        throw StageFailedException.because(
            FailureCode.SOURCE_CHANGED,
            "%s was written to or replaced while it was converted"
                .formatted(disk.origin().origin()));
      }
    }
    boolean overwrite = job.spec().pipeline().convert().overwrite();
    JobRecord naming = JobRecord.of(loaded.disks(), domain, overwrite, true);
    for (JobRecord.Output output : naming.outputs()) {
      boolean appeared = Files.exists(output.target(), LinkOption.NOFOLLOW_LINKS);
      if (appeared && !mayReplace(output, loaded.earlier())) {
        throw StageFailedException.because(
            FailureCode.OUTPUT_EXISTS, "the output appeared meanwhile: " + output.target());
      }
    }
    for (VmDisk disk : loaded.disks()) {
      job.parts().takeBack(disk.part());
    }
    for (JobRecord.Output output : naming.outputs()) {
      AtomicFile.sync(output.part());
    }
    List<Subject> subjects = signature.subjects(job, loaded.disks(), domain);
    removeHalf(loaded.earlier());
    // The record and its signature first: a kill between them and the outputs then leaves a record
    // without outputs, which has no effect, and no outputs without a record.
    Path first = loaded.disks().get(0).target();
    signature.removeEarlier(first);
    Path record = ProvenanceFile.of(first);
    Provenance provenance = Provenance.of(job, loaded.disks(), domain);
    byte[] written = ProvenanceFile.write(record, provenance, job.inputs());
    Optional<Path> signed = signature.write(job, subjects, provenance, written);
    rename(job, naming, record);
    job.keep(
        new PublishResult(
            loaded.disks().stream().map(VmDisk::target).toList(),
            domain.map(DomainOutput::target),
            signed));
  }

  private static boolean mayReplace(JobRecord.Output output, EarlierOutputs earlier)
      throws IOException {
    return output.overwrite()
        || earlier.half().contains(SourceFingerprint.FileState.of(output.target()));
  }

  /**
   * Removes what a killed run left of these outputs: it must not lie beside another run's record.
   */
  private static void removeHalf(EarlierOutputs earlier) throws IOException {
    for (SourceFingerprint.FileState half : earlier.half()) {
      Files.deleteIfExists(half.path());
      AtomicFile.syncDirectory(half.path().getParent());
    }
  }

  private void rename(VmJob job, JobRecord naming, Path record) throws IOException {
    Deque<JobRecord.Output> named = new ArrayDeque<>();
    if (naming.outputs().size() > 1) {
      // If the process is killed between two renames, the next start makes the others.
      naming.write(job.directory());
    }
    try {
      for (JobRecord.Output output : naming.outputs()) {
        rename(output.part(), output.target());
        named.push(output);
        AtomicFile.syncDirectory(output.target().getParent());
      }
    } catch (IOException e) {
      // A VM with only some of its disks is of no use, and would block the next attempt.
      for (JobRecord.Output output : named) {
        rename(output.target(), output.part());
      }
      Files.deleteIfExists(record);
      signature.removeEarlier(naming.outputs().get(0).target());
      try {
        naming.notNaming().write(job.directory());
      } catch (IOException notWritten) {
        e.addSuppressed(notWritten);
      }
      throw e;
    }
  }

  private static boolean isUnchanged(SourceFingerprint before) throws IOException {
    try {
      return before.again().equals(before);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
