package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.model.DomainSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where this installation lets manifests read and write. Every path is made absolute and
 * normalized, without looking at the file system.
 *
 * @param sourceDir what a relative {@code source_path} starts from; without it, none may be
 *     relative
 * @param allowedSourceRoots below which sources must lie, beside {@code sourceDir}; empty means
 *     anywhere
 * @param outputDir what a relative {@code output_path} starts from
 * @param allowedOutputRoots below which outputs may lie, beside {@code outputDir}
 * @param domain what libvirt domains get where a manifest says nothing
 */
public record ManifestContext(
    Optional<Path> sourceDir,
    List<Path> allowedSourceRoots,
    Path outputDir,
    List<Path> allowedOutputRoots,
    DomainSpec domain) {

  public ManifestContext {
    sourceDir = sourceDir.map(ManifestContext::normal);
    allowedSourceRoots = allowedSourceRoots.stream().map(ManifestContext::normal).toList();
    outputDir = normal(outputDir);
    Objects.requireNonNull(domain, "domain");
    allowedOutputRoots = allowedOutputRoots.stream().map(ManifestContext::normal).toList();
  }

  private static Path normal(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
