package io.hyper2kvm.daemon.hooks;

import io.hyper2kvm.report.ManifestReport;
import java.util.Map;

/** The readable values of a manifest in the hooks at its end: variable {@code manifest}. */
public final class ManifestView {

  private final ManifestReport report;

  ManifestView(ManifestReport report) {
    this.report = report;
  }

  /** The manifest's name. */
  public String name() {
    return report.outcome().jobId();
  }

  /** The name with which its file was submitted. */
  public String file() {
    return report.outcome().originalName();
  }

  /** Its report or error file. */
  public String report() {
    return report.file().toString();
  }

  /** Whether this was a dry run. */
  public boolean isDryRun() {
    return report.outcome().vms().stream().anyMatch(vm -> vm.plan().isPresent());
  }

  /** The object {@code metadata} of the manifest. */
  public Map<String, Object> metadata() {
    return report.outcome().metadata();
  }
}
