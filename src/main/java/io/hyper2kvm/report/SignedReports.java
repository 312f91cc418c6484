package io.hyper2kvm.report;

import io.hyper2kvm.signature.AttestationFile;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.signature.Statement;
import io.hyper2kvm.signature.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes reports and error files, each with a signed statement beside it where that is configured.
 *
 * @param signer empty: nothing is signed
 */
public record SignedReports(Optional<Signer> signer) {

  /** The predicate of a statement about a report; documented in docs/signing.md. */
  public static final String PREDICATE = "urn:hyper2kvm:signed-report:1.0";

  /** Of an installation that signs nothing. */
  public static final SignedReports NONE = new SignedReports(Optional.empty());

  public SignedReports {
    Objects.requireNonNull(signer, "signer");
  }

  /**
   * Writes a report and syncs it. The statement comes first: a report that is there has one.
   *
   * @param json what {@link ReportJson} has made
   */
  public void write(Path file, byte[] json) throws IOException {
    if (signer.isPresent()) {
      AtomicFile.write(
          AttestationFile.beside(file),
          signer.get().line(statement(file, json, signer.get().builderId())));
    }
    AtomicFile.write(file, json);
  }

  private static Statement statement(Path file, byte[] json, String builderId) {
    Map<String, Object> report = ReportJson.read(json);
    Map<String, Object> predicate = new LinkedHashMap<>();
    predicate.put("manifest", report.getOrDefault("manifest", report.get("job_id")));
    predicate.put("status", report.get("status"));
    predicate.put("completed_at", report.get("completed_at"));
    predicate.put("builder", builderId);
    return Statement.of(
        List.of(Subject.of(file.getFileName().toString(), json)), PREDICATE, predicate);
  }
}
