package io.hyper2kvm.stage.publish;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.signature.Subject;
import io.hyper2kvm.stage.DomainOutput;
import io.hyper2kvm.stage.SourceFingerprint.FileState;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.provenance.ConversionStatement;
import io.hyper2kvm.stage.provenance.Provenance;
import io.hyper2kvm.stage.provenance.ProvenanceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The signed statement beside a VM's outputs, made while they are published. */
final class OutputSignature {

  private final Optional<Signer> signer;

  OutputSignature(Optional<Signer> signer) {
    this.signer = signer;
  }

  /**
   * Makes the subjects of the disks and of the domain, whose parts are complete.
   *
   * @throws StageFailedException when a disk is not the one that was hashed
   */
  List<Subject> subjects(VmJob job, List<VmDisk> disks, Optional<DomainOutput> domain)
      throws IOException {
    List<Subject> subjects = new ArrayList<>();
    if (signer.isEmpty()) {
      return subjects;
    }
    for (VmDisk disk : disks) {
      OutputDigests.Digest digest =
          OutputDigests.of(job)
              .of(disk)
              .orElseThrow(() -> new IllegalStateException("not hashed: " + disk.target()));
      FileState now = FileState.of(disk.part());
      if (!now.equals(digest.state())) {
        throw StageFailedException.because(
            FailureCode.OUTPUT_DIFFERS,
            "%s was written to after its hash had been computed".formatted(disk.part()));
      }
      subjects.add(new Subject(name(disk.target()), digest.sha256(), Optional.of(now.size())));
    }
    if (domain.isPresent()) {
      byte[] xml = Files.readAllBytes(domain.get().part());
      subjects.add(Subject.of(name(domain.get().target()), xml));
    }
    return subjects;
  }

  /** Removes the statement about earlier files of these names: it is not about the new ones. */
  void removeEarlier(Path firstOutput) throws IOException {
    Path file = AttestationFile.beside(firstOutput);
    if (Files.deleteIfExists(file)) {
      AtomicFile.syncDirectory(file.getParent());
    }
  }

  /**
   * Writes the statement, if this installation signs.
   *
   * @param record the record's content as it was written
   * @return where it is
   */
  Optional<Path> write(VmJob job, List<Subject> subjects, Provenance provenance, byte[] record)
      throws IOException {
    if (signer.isEmpty()) {
      return Optional.empty();
    }
    Path firstOutput = provenance.paths().get(0);
    List<Subject> all = new ArrayList<>(subjects);
    all.add(Subject.of(name(ProvenanceFile.of(firstOutput)), record));
    Path file = AttestationFile.beside(firstOutput);
    AtomicFile.write(
        file,
        signer.get().line(ConversionStatement.of(all, provenance, job.startedAt(), signer.get())));
    return Optional.of(file);
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
