package io.hyper2kvm.doctor;

import java.util.List;

/** Looks at one thing. */
interface Check {

  /** What it found; at least one finding, and no exception. */
  List<Finding> run(Host host);
}
