package io.hyper2kvm.config.value;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How outputs and reports are signed, and whose signatures are trusted.
 *
 * @param key the file with the private key; empty: nothing is signed
 * @param builderId what statements call this installation; a URI
 * @param verifyKeys the files with the public keys that {@code hyper2kvm verify} trusts
 */
public record SigningConfig(Optional<Path> key, String builderId, List<Path> verifyKeys) {

  /** The builder of an installation that has no name of its own. */
  public static final String ANY_BUILDER = "urn:hyper2kvm:builder";

  /** Nothing is signed. */
  public static final SigningConfig NONE =
      new SigningConfig(Optional.empty(), ANY_BUILDER, List.of());

  public SigningConfig {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(builderId, "builderId");
    verifyKeys = List.copyOf(verifyKeys);
  }
}
