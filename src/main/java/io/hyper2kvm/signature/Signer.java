package io.hyper2kvm.signature;

import java.util.Objects;

/**
 * Signs statements for this installation.
 *
 * @param key the configured key
 * @param builderId what statements call who made the files; a URI
 */
public record Signer(SigningKey key, String builderId) {

  public Signer {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(builderId, "builderId");
  }

  /** The signed statement as a line of an {@link AttestationFile}. */
  public byte[] line(Statement statement) {
    return AttestationFile.line(Envelope.sign(statement.json(), key));
  }

  /** Not the key, of which nothing is shown anywhere. */
  @Override
  public String toString() {
    return "Signer[%s, %s]".formatted(key.id(), builderId);
  }
}
