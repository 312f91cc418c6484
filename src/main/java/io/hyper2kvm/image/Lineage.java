package io.hyper2kvm.image;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a disk is tied to others: it has an identifier, and a snapshot or differencing disk names its
 * parent and the identifier that this parent must have. Identifiers are compared as text.
 *
 * @param id the disk's own: a VMDK's content id (CID), which each state of its content has for
 *     itself, a VHD's unique id, a VHDX's data write GUID, which every session that writes to it
 *     changes; empty when the headers state none, and for a disk of another format
 * @param parent what a snapshot or differencing disk is on top of; empty for a disk complete in
 *     itself
 */
public record Lineage(Optional<String> id, Optional<Parent> parent) {

  /** A disk of another format, or one that is tied to nothing. */
  static final Lineage NONE = new Lineage(Optional.empty(), Optional.empty());

  public Lineage {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(parent, "parent");
  }

  /**
   * The parent as the child names it.
   *
   * @param names not checked, the one that says it best first: of a VMDK the value of
   *     parentFileNameHint, one char for each byte; of a VHD or VHDX Windows paths; may be empty
   * @param ids the parent must have one of them; may be empty
   */
  public record Parent(List<String> names, List<String> ids) {

    public Parent {
      names = List.copyOf(names);
      ids = List.copyOf(ids);
    }
  }
}
