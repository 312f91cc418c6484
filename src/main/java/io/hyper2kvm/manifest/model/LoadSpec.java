package io.hyper2kvm.manifest.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The source of one VM. Whether its files exist is not known here.
 *
 * @param sourceType what the manifest says the source is
 * @param sourcePath the first disk, or the OVA; absolute and normalized
 * @param additionalDisks further disks of the same VM in their order; absolute and normalized
 * @param networkCards the machine's network cards in their order; empty when the manifest is silent
 * @param sha256 what {@code sourcePath} must hash to, 64 lower-case hexadecimal digits
 */
public record LoadSpec(
    SourceType sourceType,
    Path sourcePath,
    List<Path> additionalDisks,
    List<NetworkCardSpec> networkCards,
    Optional<String> sha256) {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  public LoadSpec {
    Objects.requireNonNull(sourceType, "sourceType");
    Objects.requireNonNull(sha256, "sha256");
    additionalDisks = List.copyOf(additionalDisks);
    networkCards = List.copyOf(networkCards);
    requireNormal(sourcePath);
    additionalDisks.forEach(LoadSpec::requireNormal);
    if (sha256.isPresent() && !HEX.matcher(sha256.get()).matches()) {
      throw new IllegalArgumentException("sha256 is not 64 lower-case hexadecimal digits");
    }
  }

  /** A source of whose network cards the manifest says nothing. */
  public LoadSpec(
      SourceType sourceType, Path sourcePath, List<Path> additionalDisks, Optional<String> sha256) {
    this(sourceType, sourcePath, additionalDisks, List.of(), sha256);
  }

  private static void requireNormal(Path path) {
    if (!path.isAbsolute() || !path.equals(path.normalize())) {
      throw new IllegalArgumentException("path is not absolute and normalized: " + path);
    }
  }
}
