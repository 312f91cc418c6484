package io.hyper2kvm.daemon.observe;

import io.hyper2kvm.config.value.DataSize;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Readiness: DOWN while one of the folders that the daemon needs is not as it should be. */
final class FolderHealth extends AbstractHealthCheck {

  private final FolderWatch watch;
  private final Function<FolderState, Optional<String>> problem;

  private FolderHealth(
      String id, FolderWatch watch, Function<FolderState, Optional<String>> problem) {
    super("hyper2kvm", id);
    this.watch = watch;
    this.problem = problem;
  }

  /** Whether each folder is there and can be written to. */
  static FolderHealth writable(FolderWatch watch) {
    return new FolderHealth(
        "folders",
        watch,
        state ->
            state
                .problem()
                .map(
                    found ->
                        found
                            + ": create it, mount it, or give the daemon's user the right to write to it"));
  }

  /**
   * Whether each folder has so much space.
   *
   * @param least the space that is enough
   */
  static FolderHealth space(FolderWatch watch, DataSize least) {
    return new FolderHealth(
        "free-space",
        watch,
        state ->
            state.problem().isPresent() || state.free() >= least.bytes()
                ? Optional.empty()
                : Optional.of(
                    "%s has %d MiB free, less than min_free_space %d MiB: make room there"
                        .formatted(state.folder(), state.free() >> 20, least.bytes() >> 20)));
  }

  @Override
  public boolean isLiveness() {
    return false;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    Optional<String> hanging = watch.hanging();
    Optional<FolderWatch.Looked> looked = watch.last();
    if (hanging.isPresent()) {
      builder
          .message(hanging.get() + ": look for a disk or a network file system that hangs")
          .down();
      return;
    }
    if (looked.isEmpty()) {
      builder.message("the folders are being looked at for the first time: ask again").down();
      return;
    }
    List<String> found =
        looked.get().folders().stream()
            .filter(state -> state.folder().needed())
            .flatMap(state -> problem.apply(state).stream())
            .toList();
    if (found.isEmpty()) {
      builder.up();
    } else {
      builder.message(found.stream().collect(Collectors.joining("; "))).down();
    }
  }
}
