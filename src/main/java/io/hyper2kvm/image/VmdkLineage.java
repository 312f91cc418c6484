package io.hyper2kvm.image;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a VMDK is tied to others: each state of a disk's content has a number of its own, and a
 * snapshot names the state of its parent that it is a difference to.
 *
 * @param contentId the disk's own number (CID), 32 bits; empty when its descriptor states none
 * @param parent what a snapshot or linked clone is on top of; empty for a disk complete in itself
 */
record VmdkLineage(OptionalLong contentId, Optional<Parent> parent) {

  /**
   * The parent as the descriptor names it.
   *
   * @param hint the value of parentFileNameHint, one char for each byte, not yet checked
   * @param contentId the number that the parent must have (parentCID)
   */
  record Parent(String hint, long contentId) {}

  /** A disk of another format, or one that is tied to nothing. */
  static final VmdkLineage NONE = new VmdkLineage(OptionalLong.empty(), Optional.empty());

  /** A number as descriptors write it. */
  static String text(long contentId) {
    return "%08x".formatted(contentId);
  }
}
