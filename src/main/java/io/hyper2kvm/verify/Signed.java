package io.hyper2kvm.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.signature.Envelope;
import io.hyper2kvm.signature.Statement;
import io.hyper2kvm.signature.TrustedKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A signed statement, and what it says besides the files. Of one that no trusted key has signed,
 * all of it is anybody's word.
 *
 * @param file where it is
 * @param by the trusted key that has signed it; empty when none has
 * @param keyIds what the signatures themselves call their keys
 * @param manifest the manifest's name
 * @param vm the VM's name; empty in a statement about a report
 * @param builder who made the files
 * @param finishedAt when, as it was written
 */
public record Signed(
    Path file,
    Optional<TrustedKey> by,
    List<String> keyIds,
    Optional<String> manifest,
    Optional<String> vm,
    Optional<String> builder,
    Optional<String> finishedAt) {

  public Signed {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(by, "by");
    keyIds = List.copyOf(keyIds);
    Objects.requireNonNull(manifest, "manifest");
    Objects.requireNonNull(vm, "vm");
    Objects.requireNonNull(builder, "builder");
    Objects.requireNonNull(finishedAt, "finishedAt");
  }

  static Signed of(Path file, Envelope envelope, Optional<TrustedKey> by, Statement statement) {
    JsonNode said = statement.predicate();
    List<String> ids = envelope.signatures().stream().flatMap(s -> s.keyId().stream()).toList();
    if (!statement.predicateType().equals(Statement.SLSA_PROVENANCE)) {
      return new Signed(
          file,
          by,
          ids,
          text(said.path("manifest")),
          Optional.empty(),
          text(said.path("builder")),
          text(said.path("completed_at")));
    }
    JsonNode parameters = said.path("buildDefinition").path("externalParameters");
    return new Signed(
        file,
        by,
        ids,
        text(parameters.path("manifest")),
        text(parameters.path("vm")),
        text(said.path("runDetails").path("builder").path("id")),
        text(said.path("runDetails").path("metadata").path("finishedOn")));
  }

  private static Optional<String> text(JsonNode json) {
    return Optional.ofNullable(json.textValue());
  }
}
