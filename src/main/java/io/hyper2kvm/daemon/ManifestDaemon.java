package io.hyper2kvm.daemon;

import io.hyper2kvm.daemon.config.DaemonConfig;

/** The daemon: takes manifests until it is told to stop. */
public final class ManifestDaemon {

  /**
   * Runs until stopped by a signal.
   *
   * @return the process's exit code: 0 after a clean stop, 1 after a failure
   */
  public int run(DaemonConfig config) {
    throw new UnsupportedOperationException("the daemon is not part of this build");
  }
}
