package io.hyper2kvm.stage;

import java.util.Map;

/**
 * The result of one stage; immutable. Every stage has a record of its own, in its own package, and
 * hands it on to the stages after it through {@link StageResults}.
 */
public interface StageResult {

  /** The stage's own keys in the report, JSON-ready. */
  Map<String, Object> json();
}
