package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.parse.Problems;

/** One thing that a good manifest must hold to and that its schema cannot say. */
public interface ManifestRule {

  /** Adds every breach of the rule; a value that is missing or malformed is no breach of it. */
  void check(Draft draft, Problems problems);
}
