package io.hyper2kvm.report;

import java.util.List;

/** Receives the progress of a manifest's VMs, on the threads that run them; must be quick. */
public interface ProgressListener {

  /** Wants to know nothing. */
  ProgressListener NONE = new ProgressListener() {};

  /** The manifest is read; these are its VMs. */
  default void begun(List<String> vms) {}

  /** A VM has entered a stage. */
  default void entered(String vm, StageName stage) {}

  /** A VM's stage has come so far; {@code percent} from 0 to 100, for each disk anew. */
  default void progressed(String vm, double percent) {}

  /** A VM's pipeline has ended. */
  default void ended(VmOutcome outcome) {}

  /** The manifest has ended, and its report or error file is written if it could be. */
  default void ended(ManifestOutcome outcome) {}
}
