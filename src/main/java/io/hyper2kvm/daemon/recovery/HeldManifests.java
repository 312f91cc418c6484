package io.hyper2kvm.daemon.recovery;

import io.hyper2kvm.report.LiveView;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.SmallFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * The manifests of which no VM was at work when a process died: they waited for their time, or for
 * the end of a drain. That can take days, and the crashes of those days are not theirs.
 */
final class HeldManifests {

  private HeldManifests() {}

  /**
   * Whether a manifest in {@code processing/} was held, as its live status says. The status is
   * written before a VM enters its first stage, so that a VM at work is not taken for one that
   * waits.
   *
   * @return false also where the status cannot be read
   */
  static boolean wasHeld(Path manifest) {
    Path status = manifest.resolveSibling(ManifestFile.of(manifest).status());
    try (InputStream in = SmallFile.open(status, LiveView.MAX_BYTES)) {
      List<LiveView.Vm> left = LiveView.read(in).vms().stream().filter(vm -> !vm.ended()).toList();
      return !left.isEmpty() && left.stream().allMatch(LiveView.Vm::held);
    } catch (IOException e) {
      return false;
    }
  }
}
