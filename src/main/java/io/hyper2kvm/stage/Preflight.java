package io.hyper2kvm.stage;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageProbe;
import io.hyper2kvm.manifest.LoadSpec;
import io.hyper2kvm.manifest.SourceType;
import io.hyper2kvm.report.FailureCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What can be said of a VM's sources and targets by looking: stage LOAD and the command {@code
 * validate} judge by it. It makes nothing and changes nothing.
 */
final class Preflight {

  private final StageSettings settings;
  private final ImageProbe probe = new ImageProbe();

  Preflight(StageSettings settings) {
    this.settings = settings;
  }

  /**
   * Reads a source's headers.
   *
   * @throws StageFailedException when it must not be read or cannot be converted
   */
  ImageFacts source(Path source, SourceType type) throws IOException {
    Optional<ImageFormat> declared = declaredFormat(type);
    // What lies outside is not even looked at: an error would tell what is there.
    requireBelow(source, real(source), settings.sourceRoots(), FailureCode.SOURCE_OUTSIDE_ROOTS);
    ImageFacts facts =
        declared.isPresent() ? probe.probe(source, declared.get()) : probe.probe(source);
    requireBelow(source, facts.path(), settings.sourceRoots(), FailureCode.SOURCE_OUTSIDE_ROOTS);
    if (facts.dirtyLog()) {
      throw StageFailedException.because(
          FailureCode.FORMAT_UNSUPPORTED,
          "%s was not closed cleanly: its log must be replayed first".formatted(source));
    }
    if (facts.geometryBelowSize()) {
      // QEMU would believe the geometry, and cut off the end of the disk without a word.
      throw StageFailedException.because(
          FailureCode.FORMAT_UNSUPPORTED,
          "%s states a geometry below its size: convert it to a VHDX or a fixed raw disk first"
              .formatted(source));
    }
    return facts;
  }

  /** The format a source type stands for; empty when the header decides. */
  private static Optional<ImageFormat> declaredFormat(SourceType type) {
    return switch (type) {
      case VMDK -> Optional.of(ImageFormat.VMDK);
      case VHD -> Optional.of(ImageFormat.VPC);
      case VHDX -> Optional.of(ImageFormat.VHDX);
      case RAW -> Optional.of(ImageFormat.RAW);
      case AUTO -> Optional.empty();
      case OVA, OVF, AMI ->
          throw StageFailedException.because(
              FailureCode.SOURCE_TYPE_UNSUPPORTED,
              "source_type %s is not supported yet; vmdk, vhd, vhdx and raw are"
                  .formatted(type.text()));
    };
  }

  /**
   * The source with its hash, which must be the one in the manifest.
   *
   * @param load has a checksum
   */
  SourceFingerprint hashed(LoadSpec load, ImageFacts facts) throws IOException {
    SourceFingerprint found = SourceFingerprint.of(facts.files(), true);
    if (!load.sha256().equals(found.sha256())) {
      throw StageFailedException.because(
          FailureCode.SOURCE_CHECKSUM_MISMATCH,
          "%s has the sha256 %s, not %s"
              .formatted(
                  load.sourcePath(), found.sha256().orElseThrow(), load.sha256().orElseThrow()));
    }
    return found;
  }

  /**
   * Where an output really goes, as far as its folders are there.
   *
   * @throws StageFailedException when it must not or cannot be written there
   */
  Path target(Path wanted) throws IOException {
    Path target = real(wanted.getParent()).resolve(wanted.getFileName());
    requireBelow(wanted, target, settings.outputRoots(), FailureCode.OUTPUT_OUTSIDE_ROOTS);
    Path folder = target.getParent();
    Path there = existing(folder);
    if (!Files.isDirectory(there)) {
      throw StageFailedException.because(
          FailureCode.OUTPUT_NOT_WRITABLE,
          "the output's folder cannot be made: %s is no folder".formatted(there));
    }
    if (!Files.isWritable(there)) {
      throw StageFailedException.because(
          FailureCode.OUTPUT_NOT_WRITABLE,
          there.equals(folder)
              ? "the output's folder cannot be written to: " + folder
              : "the output's folder %s cannot be made: %s cannot be written to"
                  .formatted(folder, there));
    }
    return target;
  }

  /** The folder, or the first one above it that is there. */
  static Path existing(Path folder) {
    Path there = folder;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return there;
  }

  /** No roots at all allow everything. */
  private static void requireBelow(Path named, Path path, List<Path> roots, FailureCode code)
      throws IOException {
    for (Path root : roots) {
      if (path.startsWith(real(root))) {
        return;
      }
    }
    if (!roots.isEmpty()) {
      throw StageFailedException.because(
          code, "%s really is %s, which is below none of %s".formatted(named, path, roots));
    }
  }

  /** The path without symbolic links, as far as it is there and may be read. */
  private static Path real(Path path) throws IOException {
    try {
      return path.toRealPath();
    } catch (FileSystemException e) {
      Path parent = path.getParent();
      return parent == null ? path : real(parent).resolve(path.getFileName());
    }
  }
}
