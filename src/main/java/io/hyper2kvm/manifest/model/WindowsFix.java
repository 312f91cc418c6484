package io.hyper2kvm.manifest.model;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Drivers for virtio hardware are put into a Windows.
 *
 * @param virtioWin the folder or ISO with the drivers; absolute; empty: that of the configuration
 */
public record WindowsFix(Optional<Path> virtioWin) {

  public WindowsFix {
    Objects.requireNonNull(virtioWin, "virtioWin");
  }
}
