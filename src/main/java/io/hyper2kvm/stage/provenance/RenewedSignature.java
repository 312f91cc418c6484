package io.hyper2kvm.stage.provenance;

import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.Envelope;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.signature.Statement;
import io.hyper2kvm.signature.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The signature of outputs that are used again, of which the libvirt domain and the record are
 * written anew. What is said of the disks is taken from the earlier statement: they are not read
 * again.
 */
public final class RenewedSignature {

  private final Path firstOutput;
  private final Optional<Signer> signer;
  private final Optional<Statement> earlier;
  private final Optional<String> obstacle;

  private RenewedSignature(
      Path firstOutput,
      Optional<Signer> signer,
      Optional<Statement> earlier,
      Optional<String> obstacle) {
    this.firstOutput = firstOutput;
    this.signer = signer;
    this.earlier = earlier;
    this.obstacle = obstacle;
  }

  /**
   * Looks at the signature before anything is written: only what this key has signed of the record
   * as it is can be signed anew.
   */
  public static RenewedSignature of(Path firstOutput, Optional<Signer> signer) {
    Optional<Statement> none = Optional.empty();
    Path file = AttestationFile.beside(firstOutput);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return new RenewedSignature(firstOutput, signer, none, Optional.empty());
    }
    if (signer.isEmpty()) {
      return new RenewedSignature(
          firstOutput, signer, none, Optional.of("no signing_key is configured"));
    }
    try {
      Optional<Statement> own = own(file, signer.get());
      Optional<String> obstacle =
          own.isEmpty()
              ? Optional.of("it is not by the signing_key of now")
              : isOfRecord(own.get(), firstOutput)
                  ? Optional.empty()
                  : Optional.of("it was not of the record that is there");
      return new RenewedSignature(firstOutput, signer, own, obstacle);
    } catch (IOException e) {
      return new RenewedSignature(
          firstOutput, signer, none, Optional.of("it cannot be read: " + e.getMessage()));
    }
  }

  private static Optional<Statement> own(Path file, Signer signer) throws IOException {
    for (Envelope envelope : AttestationFile.read(file).envelopes()) {
      if (envelope.signer(List.of(signer.key().own())).isPresent()) {
        return Optional.of(Statement.in(envelope));
      }
    }
    return Optional.empty();
  }

  private static boolean isOfRecord(Statement statement, Path firstOutput) {
    Optional<byte[]> record = ProvenanceFile.content(ProvenanceFile.of(firstOutput));
    String name = ProvenanceFile.of(firstOutput).getFileName().toString();
    return statement.predicateType().equals(Statement.SLSA_PROVENANCE)
        && statement.subject(firstOutput.getFileName().toString()).isPresent()
        && record.isPresent()
        && statement.subject(name).equals(Optional.of(Subject.of(name, record.get())));
  }

  /**
   * Signs what is there now, if there was a signature. Before the record is written: if this is the
   * last that a run does, the next one finds its own statement of what it is about to write.
   *
   * @param record the record as it will be written
   * @param written the domain and that record
   * @return a warning; empty when there is nothing to warn of
   */
  public Optional<String> renew(Provenance record, List<Subject> written) throws IOException {
    Path file = AttestationFile.beside(firstOutput);
    if (earlier.isPresent() && earlier.get().subjects().containsAll(written)) {
      return Optional.empty();
    }
    if (obstacle.isPresent()) {
      return Optional.of(
          "%s is no signature of the libvirt domain or KubeVirt VM and of the record any more, which were written anew: %s"
              .formatted(file, obstacle.get()));
    }
    if (earlier.isPresent()) {
      List<Subject> subjects = new ArrayList<>();
      for (Path output : record.paths()) {
        earlier.get().subject(output.getFileName().toString()).ifPresent(subjects::add);
      }
      subjects.addAll(written);
      Statement renewed = ConversionStatement.renewed(earlier.get(), subjects, record);
      AtomicFile.write(file, signer.orElseThrow().line(renewed));
    }
    return Optional.empty();
  }
}
