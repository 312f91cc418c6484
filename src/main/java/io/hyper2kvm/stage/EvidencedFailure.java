package io.hyper2kvm.stage;

import java.util.Map;

/** A failure that brings what was found until then, for the stage's entry in the report. */
public interface EvidencedFailure {

  /** The stage's own keys in the report. */
  Map<String, Object> details();
}
