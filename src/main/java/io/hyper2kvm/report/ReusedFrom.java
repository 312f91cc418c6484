package io.hyper2kvm.report;

import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Objects;

/**
 * The earlier run whose outputs a VM reuses.
 *
 * @param provenance the record of that run, beside the first output
 * @param manifest the manifest of that run
 * @param vm what the VM was called in it
 * @param completedAt when the outputs were published
 */
public record ReusedFrom(Path provenance, String manifest, String vm, OffsetDateTime completedAt) {

  public ReusedFrom {
    Objects.requireNonNull(provenance, "provenance");
    Objects.requireNonNull(completedAt, "completedAt");
  }
}
