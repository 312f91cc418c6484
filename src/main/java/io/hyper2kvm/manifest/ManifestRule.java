package io.hyper2kvm.manifest;

/** One thing that a good manifest must hold to and that its schema cannot say. */
interface ManifestRule {

  /** Adds every breach of the rule; a value that is missing or malformed is no breach of it. */
  void check(Draft draft, Problems problems);
}
