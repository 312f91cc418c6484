package io.hyper2kvm.image;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * How a VHD or VHDX is tied to others: a differencing disk names its parent, and the identifier
 * that this parent must have.
 *
 * @param id the disk's own: a VHD's unique id, a VHDX's data write GUID, which every session that
 *     writes to it changes; empty for a disk of another format
 * @param parent what a differencing disk is on top of; empty for a disk complete in itself
 */
record DiskLineage(Optional<UUID> id, Optional<Parent> parent) {

  /**
   * The parent as a differencing disk names it.
   *
   * @param names Windows paths, not checked, the one that says it best first; may be empty
   * @param ids the parent must have one of them
   */
  record Parent(List<String> names, Set<UUID> ids) {

    Parent {
      names = List.copyOf(names);
      ids = Set.copyOf(ids);
    }
  }

  /** A disk of another format. */
  static final DiskLineage NONE = new DiskLineage(Optional.empty(), Optional.empty());
}
