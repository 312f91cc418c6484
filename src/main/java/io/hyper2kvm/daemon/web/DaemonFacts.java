package io.hyper2kvm.daemon.web;

import io.hyper2kvm.manifest.schedule.Timing;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** What the daemon that serves the page knows of itself and no file tells. */
public interface DaemonFacts {

  /** How many tools run now. */
  int toolsRunning();

  /** Whether nothing new begins until told otherwise. */
  boolean isDraining();

  /** Begins nothing new, or begins again; also after a restart. */
  void drain(boolean on) throws IOException;

  /** Whether it is being stopped. */
  boolean isStopping();

  /** How many more manifests it may take now. */
  int freePlaces();

  /** How long ago it last looked, or tried to look, into the drop zone. */
  Duration sinceLook();

  /**
   * When a manifest in the drop zone may begin.
   *
   * @param file its name there
   */
  Timing timing(String file);

  /** How many manifests in the drop zone wait for their time. */
  long scheduled();

  /** Why ended manifests cannot get their reports; empty when they can. */
  Optional<String> reportsWait();
}
