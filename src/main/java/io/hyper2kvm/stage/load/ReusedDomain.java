package io.hyper2kvm.stage.load;

import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.signature.Subject;
import io.hyper2kvm.stage.SourceFingerprint.FileState;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.domain.DomainDevices;
import io.hyper2kvm.stage.domain.DomainHardware;
import io.hyper2kvm.stage.domain.DomainXml;
import io.hyper2kvm.stage.domain.GuestSystem;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.VirtioProof;
import io.hyper2kvm.stage.provenance.Provenance;
import io.hyper2kvm.stage.provenance.ProvenanceFile;
import io.hyper2kvm.stage.provenance.RenewedSignature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The libvirt domain beside outputs that are used again. A missing one is written anew, from what
 * the record knows of the machine; one that somebody has changed is theirs, and stays.
 */
final class ReusedDomain {

  private final Optional<Signer> signer;

  /**
   * A look at the domains of an installation.
   *
   * @param signer signs anew what is written anew
   */
  ReusedDomain(Optional<Signer> signer) {
    this.signer = signer;
  }

  /**
   * Looks after the domain of a job that reuses an earlier run's outputs, and lets the record say
   * whether there is one.
   *
   * @param record of the run that made the outputs
   * @param wanted where the domain belongs; empty when none is wanted
   */
  EarlierOutputs settle(VmJob job, Provenance record, Optional<Path> wanted) throws IOException {
    Path first = record.paths().get(0);
    if (signer.isPresent()
        && !Files.exists(AttestationFile.beside(first), LinkOption.NOFOLLOW_LINKS)) {
      // Nobody knows any more what this program wrote there.
      job.warn(
          "%s is used again and is not signed: an earlier run without a signing_key made it; remove it to have a signed one made"
              .formatted(first));
    }
    Optional<FileState> domain =
        wanted.isEmpty() ? Optional.empty() : domain(job, record, wanted.get());
    DomainSpec spec = job.spec().pipeline().convert().domain();
    return new EarlierOutputs(Optional.of(record.withDomain(domain, spec)), List.of());
  }

  private Optional<FileState> domain(VmJob job, Provenance record, Path path) throws IOException {
    Optional<FileState> recorded = record.domain();
    boolean there = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    boolean ours = there && recorded.isPresent() && recorded.get().equals(FileState.of(path));
    DomainSpec spec = job.spec().pipeline().convert().domain();
    if (ours && record.isOfDomain(spec)) {
      return recorded;
    }
    DomainDevices devices = new DomainDevices(spec, VirtioProof.read(record.stages()));
    Optional<MachineDescription> machine = record.machine();
    Optional<String> obstacle =
        machine.isPresent()
            ? DomainHardware.obstacle(machine.get(), devices)
            : Optional.of("the record of the run that made the outputs has no details");
    if (obstacle.isPresent()) {
      job.warn(
          there && !ours
              ? "the libvirt domain %s is not as this program left it, and stays as it is"
                  .formatted(path)
              : "there is no %slibvirt domain %s: %s"
                  .formatted(there ? "other " : "", path, obstacle.get()));
      return ours ? recorded : Optional.empty();
    }
    byte[] content =
        DomainXml.of(
            DomainHardware.of(machine.orElseThrow(), devices, system(record))
                .definition(job.name(), record.paths(), job.spec().pipeline().convert().format()));
    if (there && !ours && !holds(path, content)) {
      job.warn(
          "the libvirt domain %s is not as this program left it, and stays as it is"
              .formatted(path));
      return Optional.empty();
    }
    if (job.isDryRun()) {
      return there ? Optional.of(FileState.of(path)) : Optional.empty();
    }
    try {
      Path first = record.paths().get(0);
      RenewedSignature signature = RenewedSignature.of(first, signer);
      if (!there || ours) {
        AtomicFile.write(path, content);
        devices.warnings().stream()
            .filter(warning -> !record.warnings().contains(warning))
            .forEach(job::warn);
      }
      // The next run must know it by its record, also one that was killed after the line above.
      Optional<FileState> written = Optional.of(FileState.of(path));
      Path file = ProvenanceFile.of(first);
      Provenance changed = record.withDomain(written, spec);
      byte[] bytes = ProvenanceFile.write(file, changed, job.inputs());
      signature
          .renew(
              changed,
              List.of(
                  Subject.of(path.getFileName().toString(), content),
                  Subject.of(file.getFileName().toString(), bytes)))
          .ifPresent(job::warn);
      return written;
    } catch (IOException e) {
      job.warn("the libvirt domain %s could not be written: %s".formatted(path, e));
      return Optional.empty();
    }
  }

  private static GuestSystem system(Provenance record) {
    StageReport inspect = record.stages().get(StageName.INSPECT);
    return inspect == null ? GuestSystem.OTHER : GuestSystem.read(inspect.details());
  }

  private static boolean holds(Path path, byte[] content) {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (InputStream in =
        Channels.newInputStream(
            Files.newByteChannel(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      return Arrays.equals(in.readNBytes(content.length + 1), content);
    } catch (IOException e) {
      return false; // What cannot be read is not known to be ours.
    }
  }
}
