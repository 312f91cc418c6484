package io.hyper2kvm.manifest.parse;

/** Told what is wrong with a tree that can still be read. */
public interface TreeFindings {

  /**
   * A key stands in an object for the second time; the first value is kept.
   *
   * @param at where the key stands again
   */
  void keyTwice(Node object, String key, Position at);

  /** A text holds a NUL or half of a character. */
  void malformedText(Node text);
}
