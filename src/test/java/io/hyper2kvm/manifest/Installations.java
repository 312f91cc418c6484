package io.hyper2kvm.manifest;

import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.rules.ManifestContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The installations that the tests read manifests for. */
public final class Installations {

  /** Sources from anywhere, relative ones from /src; outputs below /out. */
  public static final ManifestContext OPEN =
      new ManifestContext(
          Optional.of(Path.of("/src")), List.of(), Path.of("/out"), List.of(), DomainSpec.NOTHING);

  private static final ManifestContext NO_SOURCE_DIRECTORY =
      new ManifestContext(
          Optional.empty(), List.of(), Path.of("/out"), List.of(), DomainSpec.NOTHING);

  private static final ManifestContext RESTRICTED =
      new ManifestContext(
          Optional.of(Path.of("/src")),
          List.of(Path.of("/data")),
          Path.of("/out"),
          List.of(Path.of("/srv/images")),
          DomainSpec.NOTHING);

  private Installations() {}

  static ManifestContext named(String name) {
    return switch (name) {
      case "" -> OPEN;
      case "no source directory" -> NO_SOURCE_DIRECTORY;
      case "restricted" -> RESTRICTED;
      default -> throw new IllegalArgumentException(name);
    };
  }
}
