package io.hyper2kvm.stage.load;

import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.StageReport;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.signature.Subject;
import io.hyper2kvm.stage.SourceFingerprint.FileState;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.description.TargetFile;
import io.hyper2kvm.stage.domain.DomainDevices;
import io.hyper2kvm.stage.domain.GuestSystem;
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
import java.util.stream.Stream;

/**
 * The description of a VM for its target, such as its libvirt domain, beside outputs that are used
 * again. A missing one is written anew, from what the record knows of the machine; one that
 * somebody has changed is theirs, and stays.
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
    ConvertSpec spec = job.spec().pipeline().convert();
    return new EarlierOutputs(Optional.of(record.withDomain(domain, spec)), List.of());
  }

  private Optional<FileState> domain(VmJob job, Provenance record, Path path) throws IOException {
    Optional<FileState> recorded = record.domain();
    boolean there = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    boolean ours = there && recorded.isPresent() && recorded.get().equals(FileState.of(path));
    ConvertSpec spec = job.spec().pipeline().convert();
    if (ours && record.isOfDomain(spec)) {
      return recorded;
    }
    String what = spec.target().what();
    DomainDevices devices = new DomainDevices(spec.domain(), VirtioProof.read(record.stages()));
    Optional<TargetFile> file =
        record
            .machine()
            .map(
                machine ->
                    new TargetFile(
                        job.name(),
                        spec,
                        machine,
                        devices,
                        system(record),
                        record.paths(),
                        record.virtualSizes()));
    Optional<String> obstacle =
        file.isPresent()
            ? file.get().obstacle()
            : Optional.of("the record of the run that made the outputs has no details");
    if (obstacle.isPresent()) {
      job.warn(
          there && !ours
              ? "the %s %s is not as this program left it, and stays as it is".formatted(what, path)
              : "there is no %s%s %s: %s"
                  .formatted(there ? "other " : "", what, path, obstacle.get()));
      return ours ? recorded : Optional.empty();
    }
    byte[] content = file.orElseThrow().content(path);
    if (there && !ours && !holds(path, content)) {
      job.warn(
          "the %s %s is not as this program left it, and stays as it is".formatted(what, path));
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
        Stream.concat(devices.warnings().stream(), file.get().warnings().stream())
            .filter(warning -> !record.warnings().contains(warning))
            .forEach(job::warn);
      }
      // The next run must know it by its record, also one that was killed after the line above.
      Optional<FileState> written = Optional.of(FileState.of(path));
      Path recordFile = ProvenanceFile.of(first);
      Provenance changed = record.withDomain(written, spec);
      byte[] bytes = ProvenanceFile.bytes(changed, job.inputs());
      signature
          .renew(
              changed,
              List.of(
                  Subject.of(path.getFileName().toString(), content),
                  Subject.of(recordFile.getFileName().toString(), bytes)))
          .ifPresent(job::warn);
      // Last: until then a run that was killed is made up for by the next one.
      AtomicFile.write(recordFile, bytes);
      return written;
    } catch (IOException e) {
      job.warn("the %s %s could not be written: %s".formatted(what, path, e));
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
