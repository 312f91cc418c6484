package io.hyper2kvm.stage;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.QemuFileName;
import io.hyper2kvm.image.appliance.ReadyDisk;
import java.nio.file.Path;
import java.util.Objects;

/**
 * One disk of a VM on its way.
 *
 * <pre>
 *   source (never written) ◄── overlay (fixes) ──convert──► part ──rename──► target
 * </pre>
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

  /** What the source's headers say. */
  public ImageFacts source() {
    return origin.image();
  }

  /** The source's safe name for QEMU. */
  public String sourceName() {
    return origin.name().value();
  }

  /** The overlay's safe name for QEMU. */
  public String overlayName() {
    return QemuFileName.image(ImageFormat.QCOW2, overlay).value();
  }
}
