package io.hyper2kvm.daemon.web;

import java.time.Duration;
import java.util.Optional;

/** What the daemon that serves the page knows of itself and no file tells. */
public interface DaemonFacts {

  /** How many tools run now. */
  int toolsRunning();

  /** Whether it takes no further manifests until told otherwise. */
  boolean isDraining();

  /** Takes no further manifests, or takes them again. */
  void drain(boolean on);

  /** Whether it is being stopped. */
  boolean isStopping();

  /** How many more manifests it may take now. */
  int freePlaces();

  /** How long ago it last looked, or tried to look, into the drop zone. */
  Duration sinceLook();

  /** Why ended manifests cannot get their reports; empty when they can. */
  Optional<String> reportsWait();
}
