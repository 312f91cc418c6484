package io.hyper2kvm.verify;

import io.hyper2kvm.report.SignedReports;
import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.Envelope;
import io.hyper2kvm.signature.MalformedException;
import io.hyper2kvm.signature.Statement;
import io.hyper2kvm.signature.TrustedKey;
import io.hyper2kvm.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Verifies outputs and reports by the keys that are trusted. */
public final class Verification {

  private final List<TrustedKey> keys;
  private final FileDigest digest;

  /**
   * A statement about the file that was asked for.
   *
   * @param by the trusted key that has signed it
   */
  private record Claim(Envelope envelope, Statement statement, Optional<TrustedKey> by) {}

  /**
   * A verification.
   *
   * @param keys empty: no signature is trusted
   */
  public Verification(List<TrustedKey> keys, FileDigest digest) {
    this.keys = List.copyOf(keys);
    this.digest = digest;
  }

  /**
   * Verifies a VM's outputs, or a report.
   *
   * @param asked one of the outputs, their domain, record or signature; or a report or its
   *     signature; absolute
   */
  public VerifyResult of(Path asked) {
    Path file = new AskedFile(asked, keys).base();
    if (Files.exists(AttestationFile.beside(file), LinkOption.NOFOLLOW_LINKS)) {
      return signed(file);
    }
    if (!AskedFile.isReport(file)) {
      return RecordedFiles.check(file);
    }
    boolean there = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    return VerifyResult.unsigned(
        file,
        there ? Verdict.NOT_SIGNED : Verdict.NOT_THERE,
        List.of(),
        List.of(
            there
                ? "not signed (there is no %s): nothing proves who wrote it, or that it is as it was"
                    .formatted(AttestationFile.beside(file).getFileName())
                : "there is no such report"));
  }

  private VerifyResult signed(Path file) {
    Path signature = AttestationFile.beside(file);
    List<String> problems = new ArrayList<>();
    List<Claim> claims = new ArrayList<>();
    List<String> others = new ArrayList<>();
    try {
      AttestationFile read = AttestationFile.read(signature);
      problems.addAll(read.problems());
      for (Envelope envelope : read.envelopes()) {
        collect(envelope, file, claims, others, problems);
      }
    } catch (IOException e) {
      problems.add(e.getMessage());
    }
    if (claims.isEmpty()) {
      return VerifyResult.unsigned(
          file, Verdict.CHANGED, List.of(), List.of(unusable(signature, others, problems)));
    }
    SignedFiles files = new SignedFiles(file.getParent(), digest);
    VerifyResult first = null;
    for (Claim claim : claims) {
      VerifyResult result = check(file, signature, claim, files);
      if (result.verdict() == Verdict.VERIFIED) {
        return result;
      }
      first = first == null ? result : first;
    }
    return first;
  }

  /** Trusted ones come first: whoever can write to the folder can add others. */
  private void collect(
      Envelope envelope,
      Path file,
      List<Claim> claims,
      List<String> others,
      List<String> problems) {
    try {
      Statement statement = Statement.in(envelope);
      String type = AskedFile.isReport(file) ? SignedReports.PREDICATE : Statement.SLSA_PROVENANCE;
      if (!statement.predicateType().equals(type)) {
        problems.add("a statement of another kind: " + Printable.of(statement.predicateType()));
      } else if (statement.subject(file.getFileName().toString()).isEmpty()) {
        others.add(statement.subjects().get(0).name());
      } else {
        Claim claim = new Claim(envelope, statement, envelope.signer(keys));
        claims.add(claim.by().isPresent() ? 0 : claims.size(), claim);
      }
    } catch (MalformedException e) {
      problems.add(e.getMessage());
    }
  }

  private static String unusable(Path signature, List<String> others, List<String> problems) {
    String name = Printable.of(signature.getFileName());
    if (!others.isEmpty()) {
      return "%s is the signature of other files: %s".formatted(name, Printable.names(others));
    }
    return problems.isEmpty()
        ? name + " is empty"
        : "%s cannot be used: %s".formatted(name, String.join("; ", problems));
  }

  private VerifyResult check(Path file, Path signature, Claim claim, SignedFiles files) {
    Signed signed = Signed.of(signature, claim.envelope(), claim.by(), claim.statement());
    List<FileFinding> found = files.check(claim.statement());
    boolean same = found.stream().allMatch(FileFinding::isOk);
    List<String> notes = new ArrayList<>();
    boolean forged = false;
    if (claim.by().isEmpty()) {
      Optional<TrustedKey> named =
          keys.stream().filter(key -> signed.keyIds().contains(key.id())).findFirst();
      forged = named.isPresent();
      notes.add(
          named
              .map(
                  key ->
                      "%s was changed: it names the key of %s, which has not signed what is in it"
                          .formatted(signature.getFileName(), key.file()))
              .orElseGet(this::untrusted));
    }
    Verdict verdict =
        !same || forged
            ? Verdict.CHANGED
            : claim.by().isPresent() ? Verdict.VERIFIED : Verdict.NOT_TRUSTED;
    return new VerifyResult(file, verdict, Optional.of(signed), found, notes);
  }

  private String untrusted() {
    return keys.isEmpty()
        ? "no key to trust was named: whoever wrote these files may have signed them with a key of their own"
        : "signed by none of the %d trusted keys: nothing proves who wrote these files"
            .formatted(keys.size());
  }
}
