package io.hyper2kvm.stage.load;

import io.hyper2kvm.image.BlockDevice;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Optional;

/** The block devices that may be sources: those whose names the configuration allows. */
public final class AllowedDevices {

  private final List<PathMatcher> patterns;

  /** {@code *} and {@code ?} in a pattern stand for characters of one name. */
  public AllowedDevices(List<Path> patterns) {
    this.patterns =
        patterns.stream()
            .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
            .toList();
  }

  /** The device to read for a source that is named so; empty when it is none that may be read. */
  Optional<Path> device(Path source) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(source))
        ? BlockDevice.behind(source)
        : Optional.empty();
  }
}
