package io.hyper2kvm.stage;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.QemuFileName;
import io.hyper2kvm.image.ova.ReadyDisk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * One disk of a running VM.
 *
 * <pre>
 *   source (never written) ◄── overlay (fixes) ──convert──► part ──rename──► target
 * </pre>
 *
 * Between a VHDX that was not closed cleanly and its overlay stands a layer with its log's replay.
 *
 * @param index its place in the VM, from 0
 * @param origin the source, where QEMU can read it
 * @param before the source before anything was done
 * @param overlay where the fixes go
 * @param part where the output grows, beside its target
 * @param target where the output appears when everything else is done
 */
public record VmDisk(
    int index, ReadyDisk origin, SourceFingerprint before, Path overlay, Path part, Path target) {

  public VmDisk {
    if (index < 0) {
      throw new IllegalArgumentException("index is negative: " + index);
    }
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(before, "before");
    if (!part.getParent().equals(target.getParent())) {
      throw new IllegalArgumentException("part is not beside its target: " + part);
    }
  }

  /**
   * Where an output grows: hidden, beside its target, with the job's name, which no two jobs share.
   *
   * @param target its name in the end
   * @param jobDirectory the job's own directory
   */
  public static Path partOf(Path target, Path jobDirectory) {
    return target.resolveSibling(
        ".%s.%s.part".formatted(target.getFileName(), jobDirectory.getFileName()));
  }

  /**
   * Looks whether the output's folder is still the one that was found to be allowed. Between this
   * look and the write there is a moment in which who may rename that folder could still replace
   * it; no one but the daemon's user should have that right.
   *
   * @throws StageFailedException when a link, or another folder, has come into its place
   */
  public void requireFolderUnmoved() throws IOException {
    Path folder = target.getParent();
    Path now;
    try {
      now = folder.toRealPath();
    } catch (NoSuchFileException e) {
      throw StageFailedException.causedBy(
          FailureCode.OUTPUT_NOT_WRITABLE, "the output's folder is gone: " + folder, e);
    }
    if (!now.equals(folder)) {
      throw StageFailedException.because(
          FailureCode.OUTPUT_OUTSIDE_ROOTS,
          "%s has become a way to %s while the VM was worked on".formatted(folder, now));
    }
  }

  /** What the source's headers say. */
  public ImageFacts source() {
    return origin.image();
  }

  /** The source's safe name for QEMU; one with a log to replay is read through its layer. */
  public String sourceName() {
    return source().dirtyLog()
        ? QemuFileName.onLayer(source().format(), replayLayer()).value()
        : origin.name().value();
  }

  /** Where the writes of a log's replay go, beside the overlay. */
  public Path replayLayer() {
    return overlay.resolveSibling("disk" + (index + 1) + ".replay.qcow2");
  }

  /** The overlay's safe name for QEMU. */
  public String overlayName() {
    return QemuFileName.image(ImageFormat.QCOW2, overlay).value();
  }
}
