package io.hyper2kvm.report;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A manifest's outcome, written down.
 *
 * @param outcome what became of the manifest
 * @param file the report, or the error file
 * @param json what is in that file
 */
public record ManifestReport(ManifestOutcome outcome, Path file, Map<String, Object> json) {

  public ManifestReport {
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(json, "json");
  }
}
