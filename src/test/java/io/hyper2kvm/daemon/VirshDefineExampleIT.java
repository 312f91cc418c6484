package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.it.Libvirt;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example {@code virsh-define} with the real virsh, whose driver runs within it. */
@Tag("daemon")
@Timeout(120)
class VirshDefineExampleIT {

  @TempDir Path folder;

  @Test
  void everyVmIsDefinedAndTheLabelledOneRuns() throws Exception {
    RunningDaemon daemon = new RunningDaemon(folder);
    // One driver at a time has its folder.
    daemon.maxConcurrentJobs = 1;
    try (Libvirt libvirt = new Libvirt()) {
      daemon.tools.executable("virsh", libvirt.emulating());
      try (RunningDaemon running =
          new InstalledExamples(daemon, "virsh-define")
              .with("LIBVIRT_URI", libvirt.uri())
              .start()) {
        running.drop(
            "two.json",
            """
            {"version": "1.0", "batch": true, "vms": [
              {"name": "web-01", "metadata": {"labels": ["start"]}, "pipeline": {
                "load": {"source_type": "raw", "source_path": "%s"}, "convert": {"output_format": "raw"}}},
              {"name": "db-01", "pipeline": {
                "load": {"source_type": "raw", "source_path": "%s"}, "convert": {"output_format": "raw"}}}]}
            """
                .formatted(running.disk("web-01"), running.disk("db-01")));
        running.report("two.json");

        assertThat(libvirt.state("web-01")).contains("running");
        assertThat(libvirt.state("db-01")).contains("shut off");
      }
    }
  }
}
