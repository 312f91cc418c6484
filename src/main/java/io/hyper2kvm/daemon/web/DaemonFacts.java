package io.hyper2kvm.daemon.web;

/** What the daemon that serves the page knows of itself and no file tells. */
public interface DaemonFacts {

  /** How many tools run now. */
  int toolsRunning();

  /** Whether it takes no further manifests until told otherwise. */
  boolean isDraining();
}
